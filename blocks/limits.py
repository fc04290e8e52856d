"""Global limits: how often all runs together may call an API that counts requests.

https://docs.prefect.io/v3/how-to-guides/workflows/global-concurrency-limits
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from utilities.settings import Settings

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient
    from prefect.client.schemas.responses import GlobalConcurrencyLimitResponse

EVERYACTION = "everyaction"

SHARE_OF_RATE = 0.93
"""How much of a granted rate is handed out: networks bunch requests that were spaced evenly."""

FEWEST_SLOTS = 6
"""Prefect rounds the decayed slots down at every reservation, half a slot lost on average: of
blocks that are smaller than this, too much."""

Outcome = Literal["created", "changed", "left as it was"]


@dataclass(frozen=True)
class Limit:
    """A limit as it should be.

    Attributes:
        name: in Prefect.
        slots: requests that may be reserved ahead of time, all runs together.
        slots_per_second: how fast they become free again.
    """

    name: str
    slots: int
    slots_per_second: float

    def equals(self, live: "GlobalConcurrencyLimitResponse") -> bool:
        """Say whether a limit that Prefect holds is this one."""
        return (
            live.active
            and live.limit == self.slots
            and math.isclose(live.slot_decay_per_second, self.slots_per_second)
        )


@dataclass(frozen=True)
class Ensured:
    """What was done about one object."""

    name: str
    outcome: Outcome
    description: str


def limits_at(granted: float) -> Iterator[Limit]:
    """Return every limit that the flows need.

    Args:
        granted: requests a second that EveryAction grants the key.
    """
    yield Limit(
        EVERYACTION, max(FEWEST_SLOTS, math.floor(granted)), round(granted * SHARE_OF_RATE, 6)
    )


def ensure_limits(settings: Settings) -> list[Ensured]:
    """Create the limits that are missing and change those that differ; leave the others alone.

    May run any number of times, also at the same time.

    Raises:
        httpx.HTTPError: Prefect's server did not answer, or refused.
    """
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        return [_ensure(limit, client) for limit in limits_at(settings.van_requests_per_second)]


def _ensure(limit: Limit, client: "SyncPrefectClient") -> Ensured:
    from prefect.exceptions import ObjectAlreadyExists, ObjectNotFound

    description = f"{limit.slots} slots, {limit.slots_per_second:g} free again each second"
    try:
        live = client.read_global_concurrency_limit_by_name(limit.name)
    except ObjectNotFound:
        try:
            _create(limit, client)
            return Ensured(limit.name, "created", description)
        except ObjectAlreadyExists:
            # Another run of this was a moment earlier.
            live = client.read_global_concurrency_limit_by_name(limit.name)
    if limit.equals(live):
        return Ensured(limit.name, "left as it was", description)
    _change(limit, client)
    return Ensured(limit.name, "changed", description)


def _create(limit: Limit, client: "SyncPrefectClient") -> None:
    from prefect.client.schemas.actions import GlobalConcurrencyLimitCreate

    client.create_global_concurrency_limit(
        GlobalConcurrencyLimitCreate(
            name=limit.name, limit=limit.slots, slot_decay_per_second=limit.slots_per_second
        )
    )


def _change(limit: Limit, client: "SyncPrefectClient") -> None:
    from prefect.client.schemas.actions import GlobalConcurrencyLimitUpdate

    client.update_global_concurrency_limit(
        limit.name,
        GlobalConcurrencyLimitUpdate(
            limit=limit.slots, slot_decay_per_second=limit.slots_per_second, active=True
        ),
    )
