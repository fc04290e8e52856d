"""The pace of EveryAction requests, shared among processes by a real Prefect server."""

import json
import os
from collections.abc import Iterator

import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import (
    GlobalConcurrencyLimitCreate,
    GlobalConcurrencyLimitUpdate,
)
from prefect.settings import PREFECT_API_URL, temporary_settings

from infrastructure.local.stack import Stack
from tests.prefect.programs import Program
from utilities.errors import LimitMissing, PrefectUnavailable
from utilities.tasks.pace import SharedPace
from utilities.tasks.prefect_limits import PrefectLimit

TURNS, PROCESSES = 40, 3
SLOTS, PER_SECOND = 30, 80.0

RUN = """
import json, sys, time
from prefect.client.orchestration import get_client
from utilities.tasks.pace import SharedPace
from utilities.tasks.prefect_limits import PrefectLimit

with get_client(sync_client=True) as client:
    pace = SharedPace(PrefectLimit(sys.argv[1], client))
    moments = []
    for _ in range(int(sys.argv[2])):
        pace()
        moments.append(time.monotonic())
print(json.dumps(moments))
"""


@pytest.fixture
def server(prefect_stack: Stack) -> Iterator[str]:
    """The address of Prefect's API, in the settings of this process."""
    address = prefect_stack.variables["PREFECT_API_URL"]
    with temporary_settings({PREFECT_API_URL: address}):
        yield address


def make_limit(name: str, slots: int = SLOTS, per_second: float = PER_SECOND) -> None:
    """Create a limit."""
    with get_client(sync_client=True) as client:
        client.create_global_concurrency_limit(
            GlobalConcurrencyLimitCreate(name=name, limit=slots, slot_decay_per_second=per_second)
        )


def test_processes_share_one_rate(server: str, prefect_stack: Stack) -> None:
    """Whatever the processes do, any stretch of time sees no more turns than the limit grants it."""
    make_limit("shared")
    environment = {**os.environ, **prefect_stack.variables}
    words = ["-c", RUN, "shared", str(TURNS)]
    runs = [Program(words, environment) for _ in range(PROCESSES)]
    moments = sorted(moment for run in runs for moment in json.loads(run.end().stdout))
    assert len(moments) == TURNS * PROCESSES
    for first in range(len(moments)):
        for last in range(first + SLOTS, len(moments)):
            granted = SLOTS + PER_SECOND * (moments[last] - moments[first])
            assert last - first <= granted + PROCESSES


def test_a_missing_limit_is_an_error(server: str) -> None:
    """Without the limit nothing would be limited, so nothing is sent."""
    with get_client(sync_client=True) as client:
        with pytest.raises(LimitMissing, match="'nobody' does not exist.*python -m blocks"):
            SharedPace(PrefectLimit("nobody", client))()


def test_a_limit_that_limits_no_rate_is_an_error(server: str) -> None:
    """A limit on concurrency, made by hand, would never free a slot again."""
    make_limit("concurrency", per_second=0.0)
    with get_client(sync_client=True) as client:
        with pytest.raises(LimitMissing, match="'concurrency' has no slots that become free"):
            SharedPace(PrefectLimit("concurrency", client))()


def test_a_limit_that_is_switched_off_is_an_error(server: str) -> None:
    """Prefect grants everything then."""
    make_limit("paused")
    with get_client(sync_client=True) as client:
        client.update_global_concurrency_limit("paused", GlobalConcurrencyLimitUpdate(active=False))
        with pytest.raises(LimitMissing, match="'paused' is switched off"):
            SharedPace(PrefectLimit("paused", client))()


def test_a_limit_that_is_deleted_is_noticed(server: str) -> None:
    """The next reservation says so."""
    make_limit("deleted")
    with get_client(sync_client=True) as client:
        limit = PrefectLimit("deleted", client)
        assert limit.reserve(1)
        client.delete_global_concurrency_limit_by_name("deleted")
        with pytest.raises(LimitMissing, match="'deleted' does not exist"):
            limit.reserve(1)


def test_more_than_is_free_is_not_reserved(server: str) -> None:
    """A refusal is an answer, not an error."""
    make_limit("full", slots=2, per_second=0.001)
    with get_client(sync_client=True) as client:
        limit = PrefectLimit("full", client)
        assert limit.reserve(2)
        assert not limit.reserve(1)
        assert limit.read().reserved == 2


def test_a_server_that_is_away_is_named_without_its_password() -> None:
    """The error names the address, not who logs in there."""
    login = "someone:planted-secret"
    with temporary_settings({PREFECT_API_URL: f"http://{login}@127.0.0.1:9/api"}):
        with get_client(sync_client=True) as client:
            with pytest.raises(PrefectUnavailable, match="127.0.0.1:9 did not answer") as caught:
                PrefectLimit("everyaction", client).read()
    assert "planted-secret" not in str(caught.value)
