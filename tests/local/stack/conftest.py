"""Data folders for stacks that a test starts and ends itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from infrastructure.local.stack import Stack, join_or_start, stop
from tests.local.stack.clients import quiet


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack in the background, without Prefect, under a path with a space."""
    root = tmp_path_factory.mktemp("a clone") / ".local"
    yield join_or_start(root, prefect=False, announce=quiet)
    stop(root)


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    """A data folder without a stack; one that a test starts there is ended."""
    folder = tmp_path / ".local"
    yield folder
    stop(folder)
