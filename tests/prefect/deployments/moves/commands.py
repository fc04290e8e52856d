"""`python -m deployments COMMAND` within the process of the tests, which has it imported already."""

import json
import sys
import warnings
from dataclasses import dataclass
from typing import Any

import pytest

from deployments.command_line import main
from deployments.live import LiveDeployment
from tests.prefect.deployments.apply.workspace import Workspace


@dataclass(frozen=True)
class Ended:
    """What became of a command.

    Attributes:
        status: of the process.
        output: its standard output.
        errors: its standard error.
        writes: what was changed at Prefect.
    """

    status: int
    output: str
    errors: str
    writes: list[str]

    @property
    def content(self) -> Any:
        """Its standard output as JSON."""
        return json.loads(self.output)


@dataclass(frozen=True)
class Commands:
    """The commands of one repository."""

    workspace: Workspace
    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]

    def __call__(self, *arguments: str) -> Ended:
        """Run one command; forget what was asked of Prefect before."""
        self.capsys.readouterr()
        self.workspace.proxy.clear()
        self.monkeypatch.setattr(sys, "argv", ["deployments", *arguments])
        with warnings.catch_warnings(), pytest.raises(SystemExit) as ended:
            # Meant for applications that a test calls by mistake with pytest's own arguments.
            warnings.filterwarnings("ignore", message="Cyclopts application invoked without tokens")
            main()
        code = ended.value.code
        printed = self.capsys.readouterr()
        errors = printed.err + (f"{code}\n" if isinstance(code, str) else "")
        status = 1 if isinstance(code, str) else code or 0
        return Ended(int(status), printed.out, errors, self.workspace.writes())

    def live(self, name: str, environment: str = "production") -> LiveDeployment:
        """Return what is live of a deployment."""
        (found,) = (
            each
            for each in self.workspace.read().values()
            if each.live_name.endswith(f"--{name}--{environment}")
        )
        return found

    def end_run(self, name: str, environment: str, state: str) -> dict[str, Any]:
        """Let a run of a deployment begin and end in a state, as a worker would tell it."""
        api = self.workspace.direct
        path = f"/deployments/{self.live(name, environment).id}/create_flow_run"
        run: dict[str, Any] = api.request("POST", path, {})
        for each in ("RUNNING", state):
            body = {"state": {"type": each}, "force": True}
            api.request("POST", f"/flow_runs/{run['id']}/set_state", body)
        return run
