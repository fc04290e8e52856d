"""Fixtures: orders to the local EveryAction, and pairs of people and codes that no test shares."""

from collections.abc import Callable, Iterator

import pytest

from infrastructure.local.everyaction.catalog import CODES
from infrastructure.local.stack import Stack
from tests.local.deliveries.orders import EveryAction, everyaction_of
from tests.local.warehouse import Ask, ask, settings

__all__ = ["ask", "settings"]

CODE_IDS = iter([code["codeId"] for code in CODES if code["codeType"] == "SourceCode"][100:])
"""Those before them belong to other tests and to the sample."""


@pytest.fixture
def everyaction(stack: Stack) -> Iterator[EveryAction]:
    """The local server without a limit; as before afterwards."""
    server = everyaction_of(stack)
    server.order("PUT", "limit", {"per_second": None})
    yield server
    server.order("DELETE", "faults")
    server.order("PUT", "key", {"revoked": False})
    server.order("PUT", "limit", {"per_second": 20})


@pytest.fixture
def code_id() -> int:
    """A code that applies to people, and that no other test uses."""
    return int(next(CODE_IDS))


@pytest.fixture
def channel(code_id: int) -> str:
    """A channel of the test's own."""
    return f"test/codes/{code_id}"


@pytest.fixture
def pairs(code_id: int) -> Callable[[int], str]:
    """A query for so many people, each with the test's code."""

    def query(count: int) -> str:
        return f"SELECT van_id, {code_id} AS code_id FROM generate_series(1, {count}) AS p (van_id)"

    return query


@pytest.fixture
def states(ask: Ask, channel: str) -> Callable[[], dict[str, int]]:
    """How many items of the channel are in each state."""

    def count() -> dict[str, int]:
        return dict(
            (state, number)
            for state, number in ask(
                "SELECT state, COUNT(*) FROM prefect_flows.deliveries "
                f"WHERE channel = '{channel}' GROUP BY state"
            )
        )

    return count


@pytest.fixture
def reasons(ask: Ask, channel: str) -> Callable[[], dict[str, tuple[str, str]]]:
    """State and reason of the items that are not done."""

    def find() -> dict[str, tuple[str, str]]:
        return {
            item: (state, reason)
            for item, state, reason in ask(
                "SELECT item, state, reason FROM prefect_flows.deliveries "
                f"WHERE channel = '{channel}' AND state <> 'done'"
            )
        }

    return find
