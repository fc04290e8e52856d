"""Fixtures that every test may use. They start real servers, once in a session, on demand."""

from collections.abc import Iterator

import pytest
from hypothesis import settings

from infrastructure.local.stack import Stack, temporary_stack

# How long an example takes depends on what else the machine does.
settings.register_profile("without a clock", deadline=None)
settings.load_profile("without a clock")


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """A local stack for the whole session, without Prefect's server."""
    with temporary_stack(prefect=False) as running:
        yield running


@pytest.fixture(scope="session")
def prefect_stack() -> Iterator[Stack]:
    """A local stack for the whole session, with Prefect's server; it costs about ten seconds."""
    with temporary_stack(prefect=True) as running:
        yield running
