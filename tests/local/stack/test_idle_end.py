"""A stack in the background ends by itself."""

from pathlib import Path

from infrastructure.local.folder import Folder
from infrastructure.local.stack import join_or_start
from infrastructure.local.state import is_held
from tests.local.stack.clients import ask, quiet, until


def test_without_a_client_it_ends_and_keeps_the_data(root: Path) -> None:
    """After the time without a client no process is left; the next start has the data, and
    stays when it is asked to."""
    folder = Folder(root)
    stack = join_or_start(root, idle_seconds=0.2, prefect=False, announce=quiet)
    until(lambda: not is_held(folder.life_lock), "the end of the idle stack")
    assert not folder.state.exists()
    assert not folder.sockets.exists()
    again = join_or_start(root, idle_seconds=3600, prefect=False, announce=quiet)
    assert again == stack
    assert ask(again, "SELECT 1") == [(1,)]
    assert not folder.kept.exists()
    join_or_start(root, idle_seconds=None, prefect=False, announce=quiet)
    assert folder.kept.exists()
