"""The connection to the warehouse breaks in the middle: it is opened again, and nothing is lost."""

from collections.abc import Callable

import pytest

from tests.faults import Moment, When, statement_proxy
from tests.faults.statements import BOUND_SECONDS
from tests.local.deliveries.jobs import deliver_codes
from tests.local.deliveries.orders import EveryAction
from utilities.settings import Settings

PAIRS = 60

STATEMENTS = {
    "the list is made": r"CREATE TEMP TABLE delivery_wanted",
    "the lock is taken": r"LOCK TABLE",
    "items are claimed": r"\s*INSERT INTO prefect_flows.deliveries",
    "outcomes are written": r"\s*UPDATE prefect_flows.deliveries\s+SET state = known_state",
}


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("statement", STATEMENTS)
def test_each_pair_is_applied_once(
    everyaction: EveryAction,
    settings: Settings,
    channel: str,
    code_id: int,
    pairs: Callable[[int], str],
    states: Callable[[], dict[str, int]],
    statement: str,
    when: When,
) -> None:
    """Cut before or after a statement: the same run completes all pairs, each once."""
    moment = Moment(STATEMENTS[statement], when)
    with statement_proxy(settings, moment) as proxy:
        delivered = deliver_codes(channel, pairs(PAIRS), proxy.settings(settings))
        assert proxy.reached.wait(BOUND_SECONDS)
    assert (delivered.done, delivered.left) == (PAIRS, 0)
    assert everyaction.applied(code_id) == dict.fromkeys(range(1, PAIRS + 1), 1)
    assert states() == {"done": PAIRS}


@pytest.mark.parametrize("occurrence", [1, 2])
@pytest.mark.parametrize("when", ["before", "after"])
def test_an_answer_to_a_commit_that_is_lost_changes_nothing(
    everyaction: EveryAction,
    settings: Settings,
    channel: str,
    code_id: int,
    pairs: Callable[[int], str],
    states: Callable[[], dict[str, int]],
    when: When,
    occurrence: int,
) -> None:
    """Items that a commit claimed without our knowing are not left to their lease."""
    with statement_proxy(settings, Moment("COMMIT", when, occurrence=occurrence + 1)) as proxy:
        delivered = deliver_codes(channel, pairs(PAIRS), proxy.settings(settings))
        assert proxy.reached.wait(BOUND_SECONDS)
    assert (delivered.done, delivered.left) == (PAIRS, 0)
    assert everyaction.applied(code_id) == dict.fromkeys(range(1, PAIRS + 1), 1)
    assert states() == {"done": PAIRS}
