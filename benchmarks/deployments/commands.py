"""The commands that are compared, each as a person runs it: a process of its own."""

import os
import subprocess
import sys
import time
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from benchmarks.deployments.repository import Repository

OURS = Path(__file__).parents[2]
ENVIRONMENT = "production"


@dataclass(frozen=True)
class Commands:
    """Runs them in one repository, against one server.

    Attributes:
        repository: working folder.
        url: of Prefect's API.
        folder: for logs and Prefect's own files.
    """

    repository: Repository
    url: str
    folder: Path

    def prefect_deploy(self) -> float:
        """Run `prefect deploy --all`; return its seconds."""
        prefect = Path(sys.executable).with_name("prefect")
        return self._run([str(prefect), "--no-prompt", "deploy", "--all"])

    def plan(self, statuses: Collection[int] = (0,)) -> float:
        """Run `python -m deployments plan`; return its seconds."""
        return self._deployments("plan", "--environment", ENVIRONMENT, statuses=statuses)

    def apply(self) -> float:
        """Run `python -m deployments apply`; return its seconds."""
        return self._deployments("apply", "--environment", ENVIRONMENT)

    def changed(self) -> float:
        """Run `python -m deployments changed` against the commit before; return its seconds."""
        return self._deployments("changed", "--base", "HEAD~1", "--json")

    def _deployments(self, *words: str, statuses: Collection[int] = (0,)) -> float:
        return self._run([sys.executable, "-m", "deployments", *words], statuses)

    def _run(self, command: list[str], statuses: Collection[int] = (0,)) -> float:
        # Without DO_NOT_TRACK `prefect` also reports its use, which is not what is compared here.
        environment = {
            **os.environ,
            "PYTHONPATH": str(OURS),
            "PREFECT_API_URL": self.url,
            "PREFECT_HOME": str(self.folder / "prefect"),
            "DO_NOT_TRACK": "1",
        }
        log = self.folder / "output.log"
        with log.open("ab") as output:
            started = time.perf_counter()
            done = subprocess.run(
                command,
                cwd=self.repository.root,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
            seconds = time.perf_counter() - started
        if done.returncode not in statuses:
            raise SystemExit(f"{' '.join(command)}: status {done.returncode}; see {log}")
        return seconds
