"""One repository and its workspace for a whole story."""

from collections.abc import Iterator

import pytest

from infrastructure.local.stack import Stack
from tests.prefect.deployments.apply.workspace import Workspace, open_workspace


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory, prefect_stack: Stack) -> Iterator[Workspace]:
    """A project that no other file uses; each test goes on where the one before ended."""
    folder = tmp_path_factory.mktemp("life")
    with open_workspace(folder, prefect_stack.variables["PREFECT_API_URL"]) as opened:
        yield opened
