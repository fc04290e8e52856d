"""A repository, its workspace, and its commands as a person gives them."""

from collections.abc import Iterator

import pytest

from infrastructure.local.stack import Stack
from tests.prefect.deployments.apply.workspace import Workspace, open_workspace
from tests.prefect.deployments.moves.commands import Commands


@pytest.fixture(scope="module")
def workspace(
    tmp_path_factory: pytest.TempPathFactory, prefect_stack: Stack
) -> Iterator[Workspace]:
    """A project that no other file uses; each test goes on where the one before ended."""
    folder = tmp_path_factory.mktemp("moves")
    with open_workspace(folder, prefect_stack.variables["PREFECT_API_URL"]) as opened:
        yield opened


@pytest.fixture
def commands(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Commands:
    """The command line, in the folder of the repository, talking to Prefect through the proxy."""
    monkeypatch.chdir(workspace.made.root)
    monkeypatch.setenv("PREFECT_API_URL", workspace.proxy.url)
    return Commands(workspace, monkeypatch, capsys)
