"""One local EveryAction for all tests here, as on the first start for each, without a limit."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.local.everyaction_server.server import Server, running


@pytest.fixture(scope="session")
def shared_server() -> Iterator[Server]:
    """The process; its folder has a space in its name."""
    folder = Path(tempfile.mkdtemp(prefix="every action "))
    with running(folder) as server:
        yield server
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def server(shared_server: Server) -> Server:
    """The server with 300 people, exports that are ready at once, and no limit."""
    shared_server.order("POST", "reset")
    shared_server.order("PUT", "limit", {"per_second": None})
    shared_server.order("PUT", "people", {"count": 300})
    shared_server.order("PUT", "export", {"pending_polls": 0, "in_process_polls": 0})
    return shared_server
