"""Who runs the stack: an ordinary user, or root, who lets PostgreSQL's user through."""

import os
import shutil
import stat
import sys
from pathlib import Path

import pytest

from infrastructure.local import postgres
from infrastructure.local.folder import REPOSITORY, Folder
from tests.local.stack.clients import command

NOBODY = 65534
IDENTITY = "import os; print(os.geteuid())"

READ_ANYWHERE = "-all,+dac_read_search"
"""Python itself may lie in root's home, where an ordinary user cannot reach it. Reading is all
that is given; PostgreSQL, which refuses root, sees an ordinary user."""


ROOT_ONLY = pytest.mark.skipif(os.geteuid() != 0, reason="only root changes users")


@ROOT_ONLY
def test_root_opens_closed_folders_for_passing_only(place: Path) -> None:
    """PostgreSQL's user may pass through the folders above its data, but not list them; which
    ones were changed is said once."""
    folder = Folder(place / ".local")
    folder.prepare()
    try:
        assert str(place) in postgres.prepare(folder)
        assert stat.S_IMODE(place.stat().st_mode) == 0o701
        assert postgres.prepare(folder) == []
    finally:
        folder.sockets.rmdir()


@ROOT_ONLY
@pytest.mark.skipif(shutil.which("setpriv") is None, reason="setpriv is not installed")
def test_an_ordinary_user_runs_a_stack(place: Path) -> None:
    """A user without any right to change what belongs to root runs a stack and removes it."""
    os.chown(place, NOBODY, NOBODY)
    ended = command(
        *("run", "--no-prefect", "--", sys.executable, "-c", IDENTITY),
        env={"TMPDIR": str(place), "HOME": str(place), "PYTHONDONTWRITEBYTECODE": "1"},
        before=[
            *("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"),
            *(f"--inh-caps={READ_ANYWHERE}", f"--ambient-caps={READ_ANYWHERE}"),
        ],
        cwd=REPOSITORY,
    )
    assert (ended.returncode, ended.stdout) == (0, f"{NOBODY}\n"), ended.stderr
    assert list(place.iterdir()) == []
