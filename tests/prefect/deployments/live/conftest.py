"""Prefect's real server, with a project that no other test uses."""

import uuid
from collections.abc import Iterator

import pytest

from deployments.identity import Identity
from deployments.live.address import Address
from deployments.live.api import PrefectApi
from infrastructure.local.stack import Stack
from tests.prefect.deployments.live.odd import POOL


@pytest.fixture(scope="session")
def live_api(prefect_stack: Stack) -> Iterator[PrefectApi]:
    """A client of the server, which has a work pool."""
    with PrefectApi(Address(prefect_stack.variables["PREFECT_API_URL"])) as api:
        api.request("POST", "/work_pools/", {"name": POOL, "type": "process"})
        yield api


@pytest.fixture
def identity() -> Identity:
    """A deployment of a project of its own."""
    return Identity(f"odd_{uuid.uuid4().hex[:8]}", "feature/x", "some-flow", "labs")
