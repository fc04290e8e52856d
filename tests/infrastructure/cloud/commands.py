"""`python -m infrastructure` in a repository of its own, in this process: how it ends, what it says."""

import io
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest

from infrastructure.cloud.command_line import main

HERE = Path(__file__).parents[3]
NAME = "prefect-flows"
REGISTRY = "123456789012.dkr.ecr.us-east-1.amazonaws.com"
TEMPLATES = ("container_registry", "storage", "fixed_egress_ecs", "github_oidc")


@dataclass(frozen=True)
class Ended:
    """What a command left.

    Attributes:
        status: that it ended with.
        output, errors: what it printed.
    """

    status: int
    output: str
    errors: str


class Repository:
    """This repository's declaration and templates, under a name that no other test has.

    Attributes:
        root: its folder.
        project: its name.
        images: address of its repository of images.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.project = f"project-{uuid4().hex[:8]}"
        self.images = f"{REGISTRY}/{self.project}"
        (root / "infrastructure").mkdir(parents=True)
        for name in ("environments.yaml", "prefect.yaml"):
            text = (HERE / name).read_text().replace(NAME, self.project)
            (root / name).write_text(text)
        for name in TEMPLATES:
            shutil.copy(HERE / "infrastructure" / f"{name}.yaml", root / "infrastructure")

    def edit(self, file: str, before: str, after: str) -> None:
        """Replace every occurrence of something that is there."""
        path = self.root / file
        text = path.read_text()
        assert before in text
        path.write_text(text.replace(before, after))


class Commands:
    """Runs commands as a person does in the root of a repository."""

    def __init__(
        self,
        root: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        monkeypatch.chdir(root)
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def __call__(self, *arguments: str, typed: bytes = b"") -> Ended:
        """Run one command to its end.

        Args:
            arguments: after `python -m infrastructure`.
            typed: what it gets from standard input, which is no terminal.
        """
        self._monkeypatch.setattr(sys, "argv", ["python -m infrastructure", *arguments])
        self._monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed)))
        self._capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        printed = self._capsys.readouterr()
        code = ended.value.code
        if isinstance(code, str):
            return Ended(1, printed.out, f"{printed.err}{code}\n")
        return Ended(int(code or 0), printed.out, printed.err)
