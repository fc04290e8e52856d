"""Fixtures that every test may use. They start real servers, once in a session, on demand."""

from collections.abc import Iterator

import pytest

from infrastructure.local.stack import Stack, temporary_stack


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """A local stack for the whole session, without Prefect's server."""
    with temporary_stack(prefect=False) as running:
        yield running
