"""The image as a folder, and what its worker needs: each made once in a session."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from infrastructure.local.stack import Stack, temporary_stack
from tests.infrastructure.image.made import Made, make
from tests.infrastructure.image.prefect_service import prefect_service
from tests.infrastructure.image.system_postgres import find_programs


@pytest.fixture(scope="session")
def made() -> Iterator[Made]:
    """What the Dockerfile makes.

    Not under pytest's own folder: that one is closed to other users.
    """
    with tempfile.TemporaryDirectory() as parent:
        Path(parent).chmod(0o755)
        folder = Path(parent, "made image")
        folder.mkdir()
        yield make(folder)


@pytest.fixture(scope="session")
def server(made: Made) -> Iterator[Stack]:
    """A local stack, and the Prefect of docker-compose.yml.

    Where the machine has no PostgreSQL for the latter, Prefect is the local stack's.
    """
    programs = find_programs()
    if programs is None:
        with temporary_stack(prefect=True) as whole:
            yield whole
        return
    with temporary_stack(prefect=False) as stack, prefect_service(made, programs) as address:
        yield Stack(stack.root, {**stack.variables, "PREFECT_API_URL": f"{address}/api"})
