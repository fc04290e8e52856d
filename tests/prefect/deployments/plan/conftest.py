"""A repository and its workspace for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from infrastructure.local.stack import Stack
from tests.prefect.deployments.apply.workspace import Workspace, open_workspace


@pytest.fixture
def workspace(tmp_path: Path, prefect_stack: Stack) -> Iterator[Workspace]:
    """A project that no other test uses, with nothing deployed."""
    with open_workspace(tmp_path, prefect_stack.variables["PREFECT_API_URL"]) as opened:
        yield opened
