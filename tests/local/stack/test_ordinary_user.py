"""The stack without root."""

import os
import shutil
import sys
from pathlib import Path

import pytest

from infrastructure.local.folder import REPOSITORY
from tests.local.stack.clients import command

NOBODY = 65534
IDENTITY = "import os; print(os.geteuid())"

READ_ANYWHERE = "-all,+dac_read_search"
"""Python itself may lie in root's home, where an ordinary user cannot reach it. Reading is all
that is given; PostgreSQL, which refuses root, sees an ordinary user."""


@pytest.mark.skipif(os.geteuid() != 0, reason="every other test runs as an ordinary user already")
@pytest.mark.skipif(shutil.which("setpriv") is None, reason="setpriv is not installed")
def test_an_ordinary_user_runs_a_stack(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A user without any right to change what belongs to root runs a stack and removes it."""
    folder = tmp_path_factory.mktemp("of nobody")
    os.chown(folder, NOBODY, NOBODY)
    for parent in (folder.parent, folder.parent.parent):
        parent.chmod(parent.stat().st_mode | 0o001)
    ended = command(
        *("run", "--no-prefect", "--", sys.executable, "-c", IDENTITY),
        env={"TMPDIR": str(folder), "HOME": str(folder), "PYTHONDONTWRITEBYTECODE": "1"},
        before=[
            *("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"),
            *(f"--inh-caps={READ_ANYWHERE}", f"--ambient-caps={READ_ANYWHERE}"),
        ],
        cwd=REPOSITORY,
    )
    assert (ended.returncode, ended.stdout) == (0, f"{NOBODY}\n"), ended.stderr
    assert list(Path(folder).iterdir()) == []
