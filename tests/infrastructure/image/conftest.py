"""The image as a folder, and a Prefect server for its worker: each made once in a session."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from infrastructure.local.stack import Stack, temporary_stack
from tests.infrastructure.image.made import Made, make


@pytest.fixture(scope="session")
def made() -> Iterator[Made]:
    """What the Dockerfile makes.

    Not under pytest's own folder: that one is closed to other users.
    """
    parent = Path(tempfile.mkdtemp())
    parent.chmod(0o755)
    folder = parent / "made image"
    folder.mkdir()
    yield make(folder)
    shutil.rmtree(parent)


@pytest.fixture(scope="session")
def server() -> Iterator[Stack]:
    """A local stack with Prefect's server."""
    with temporary_stack(prefect=True) as running:
        yield running
