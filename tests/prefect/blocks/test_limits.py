"""The limit of EveryAction: the laptop's entry ensures it, `apply` keeps it, at the same time."""

import os
from collections.abc import Iterator
from contextlib import suppress

import pytest
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.actions import GlobalConcurrencyLimitUpdate
from prefect.exceptions import ObjectNotFound
from prefect.settings import PREFECT_API_URL, temporary_settings

from blocks import Ensured, ensure_limits
from blocks.leaves import Change
from infrastructure.local.stack import Stack
from tests.prefect.blocks.declared import Declared
from tests.prefect.programs import Program
from utilities.settings import Settings

LIMIT = "everyaction"


@pytest.fixture
def client(prefect_stack: Stack) -> Iterator[SyncPrefectClient]:
    """A client of Prefect's server."""
    address = prefect_stack.variables["PREFECT_API_URL"]
    with temporary_settings({PREFECT_API_URL: address}), get_client(sync_client=True) as client:
        yield client


def start(stack: Stack, **changes: str) -> Program:
    """Start `python -m blocks apply` for a laptop, in this repository, against a stack."""
    words = ["-m", "blocks", "apply", "--environment", "local"]
    return Program(words, {**os.environ, **stack.variables, **changes})


def test_limits_are_created_changed_and_left(
    prefect_stack: Stack, client: SyncPrefectClient
) -> None:
    """What was done is told, and Prefect holds the limit afterwards."""
    settings = Settings.model_validate({k.lower(): v for k, v in prefect_stack.variables.items()})
    ensure_limits(settings)
    assert [ensured.outcome for ensured in ensure_limits(settings)] == ["left as it was"]
    slower = settings.model_copy(update={"van_requests_per_second": 2.5})
    assert [ensured.outcome for ensured in ensure_limits(slower)] == ["changed"]
    live = client.read_global_concurrency_limit_by_name(LIMIT)
    assert (live.limit, live.slot_decay_per_second, live.active) == (6, 2.325, True)
    client.update_global_concurrency_limit(LIMIT, GlobalConcurrencyLimitUpdate(active=False))
    assert [ensured.outcome for ensured in ensure_limits(settings)] == ["changed"]
    client.delete_global_concurrency_limit_by_name(LIMIT)
    assert ensure_limits(settings) == [
        Ensured(LIMIT, "created", "20 slots, 18.6 free again each second")
    ]


def test_runs_at_the_same_time_do_not_fail(prefect_stack: Stack, client: SyncPrefectClient) -> None:
    """Two deployments that end together both succeed, also where nothing is there yet."""
    with suppress(ObjectNotFound):
        client.delete_global_concurrency_limit_by_name(LIMIT)
    runs = [start(prefect_stack) for _ in range(3)]
    ended = [run.end() for run in runs]
    assert [run.returncode for run in ended] == [0, 0, 0], ended
    created = f"created: concurrency limit {LIMIT}"
    assert sum(created in run.stdout for run in ended) == 1


def test_a_rate_that_is_none_says_what_to_mend(prefect_stack: Stack) -> None:
    """One line for a person, and a status for a machine."""
    run = start(prefect_stack, VAN_REQUESTS_PER_SECOND="0").end()
    assert run.returncode == 1
    assert "VAN_REQUESTS_PER_SECOND: found '0'" in run.stderr
    assert "Traceback" not in run.stderr


def test_a_limit_that_the_laptop_made_is_looked_after_from_then_on(
    laptop: Declared, client: SyncPrefectClient
) -> None:
    """It bears nobody's mark, so apply takes it over; what was changed by hand is put back."""
    with suppress(ObjectNotFound):
        client.delete_global_concurrency_limit_by_name(LIMIT)
    laptop.apply()
    client.update_global_concurrency_limit(LIMIT, GlobalConcurrencyLimitUpdate(active=False))
    (action,) = laptop.plan().of("update")
    assert (action.name, action.changes) == (LIMIT, (Change("active", False, True),))
    assert laptop.applied()[f"concurrency limit {LIMIT}"] == "updated"
    assert client.read_global_concurrency_limit_by_name(LIMIT).active
