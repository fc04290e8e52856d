"""The socket's folder: short for any root, private, never somebody else's."""

import os
import stat
from pathlib import Path

import pytest

from infrastructure.local.folder import Folder, StackError, private_folder

SOCKET_PATH_LIMIT_BYTES = 104


def test_the_socket_path_is_short_for_any_root() -> None:
    """A data folder deep in the tree still gets a socket path that the system takes."""
    deep = Folder(Path("/") / "/".join(["a long name with spaces"] * 40))
    socket = deep.sockets / ".s.PGSQL.5432.lock"
    assert len(os.fsencode(socket)) <= SOCKET_PATH_LIMIT_BYTES
    assert deep.sockets != Folder(deep.root / "x").sockets


def test_a_private_folder_is_kept_private(tmp_path: Path) -> None:
    """It is made for its owner only, and closed again when somebody opened it."""
    folder = tmp_path / "sockets"
    private_folder(folder, os.geteuid())
    folder.chmod(0o777)
    private_folder(folder, os.geteuid())
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_name_taken_by_another_is_refused(tmp_path: Path) -> None:
    """A link that somebody put there beforehand is not followed; the message says what to do."""
    trap = tmp_path / "sockets"
    trap.symlink_to(tmp_path)
    with pytest.raises(StackError, match="Remove it and start again"):
        private_folder(trap, os.geteuid())
