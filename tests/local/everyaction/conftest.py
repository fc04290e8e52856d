"""A scripted API, and parsons' VAN connected to it with a clock that never waits."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pydantic import SecretStr

from tests.manual_time import ManualTime
from tests.scripted_server import ScriptedServer, scripted_server
from utilities.everyaction import Patience, connect
from utilities.settings import Settings

KEY = "3e8b0c5a-planted-key-77d1"

Connect = Callable[..., Any]


@pytest.fixture
def api() -> Iterator[ScriptedServer]:
    """An API that answers as the test says."""
    with scripted_server() as server:
        yield server


@pytest.fixture
def time() -> ManualTime:
    """The clock of the connection."""
    return ManualTime()


def settings_for(url: str, **changes: Any) -> Settings:
    """Return settings for an API at an address; nothing else in them exists."""
    known: dict[str, Any] = {
        "redshift_host": "nowhere.invalid",
        "redshift_db": "none",
        "redshift_username": "nobody",
        "redshift_password": SecretStr("none"),
        "s3_temp_bucket": "nowhere",
        "van_api_url": url,
        "van_api_key": SecretStr(KEY),
        "van_db": "EveryAction",
        "van_requests_per_second": 1000.0,
    }
    return Settings(_env_file=None, **{**known, **changes})


@pytest.fixture
def connected(api: ScriptedServer, time: ManualTime) -> Connect:
    """Return a function that connects to the API; it takes what `Patience` takes."""

    def connect_now(**patience: Any) -> Any:
        limits = {"now": time.now, "sleep": time.sleep, **patience}
        return connect(settings_for(api.url), lambda: None, Patience(**limits))

    return connect_now


@pytest.fixture
def van(connected: Connect) -> Any:
    """parsons' VAN, connected to the API."""
    return connected()
