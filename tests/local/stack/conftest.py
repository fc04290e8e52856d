"""Folders for stacks that a test starts and ends itself."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from infrastructure.local.stack import Stack, join_or_start, stop
from tests.local.stack.clients import quiet


@contextmanager
def folder_with_a_space() -> Iterator[Path]:
    """A temporary folder that other users can reach, removed afterwards.

    Not pytest's: each session closes the one above for other users, PostgreSQL's among them,
    while another session may be using it.
    """
    folder = Path(tempfile.mkdtemp(prefix="a clone ")).resolve()
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def place() -> Iterator[Path]:
    """A temporary folder for one test."""
    with folder_with_a_space() as folder:
        yield folder


@pytest.fixture
def root(place: Path) -> Iterator[Path]:
    """A data folder without a stack; one that a test starts there is ended."""
    yield place / ".local"
    stop(place / ".local")


@pytest.fixture(scope="module")
def lasting() -> Iterator[Stack]:
    """A stack in the background, without Prefect."""
    with folder_with_a_space() as folder:
        yield join_or_start(folder / ".local", prefect=False, announce=quiet)
        stop(folder / ".local")
