"""A server that answers as a test says, and a client of it with a clock that never waits."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from deployments.live.address import Address
from deployments.live.api import PrefectApi
from deployments.live.patience import Patience
from tests.manual_time import ManualTime
from tests.scripted_server import ScriptedServer, scripted_server

KEY = "planted-key-5b1d"
AUTH_STRING = "admin:planted-password-77"

Connect = Callable[..., PrefectApi]


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    """A server that answers as the test says."""
    with scripted_server() as running:
        yield running


@pytest.fixture
def time() -> ManualTime:
    """The clock of the clients."""
    return ManualTime()


@pytest.fixture
def connect(server: ScriptedServer, time: ManualTime) -> Iterator[Connect]:
    """Make clients of the server; what is given is part of their address."""
    made: list[PrefectApi] = []

    def make(**address: Any) -> PrefectApi:
        patience = Patience(sleep=time.sleep, read_seconds=5)
        made.append(PrefectApi(Address(server.url.rstrip("/"), **address), patience))
        return made[-1]

    yield make
    for api in made:
        api.close()


@pytest.fixture
def api(connect: Connect) -> PrefectApi:
    """A client with a key."""
    return connect(key=KEY)
