"""A real Prefect server for the tests that ask for one; it costs about ten seconds."""

from collections.abc import Iterator

import pytest

from infrastructure.local.stack import Stack, temporary_stack
from tests.prefect.copied import copy

__all__ = ["copy", "prefect_stack"]


@pytest.fixture(scope="session")
def prefect_stack() -> Iterator[Stack]:
    """A local stack for the whole session, with Prefect's server."""
    with temporary_stack(prefect=True) as running:
        yield running
