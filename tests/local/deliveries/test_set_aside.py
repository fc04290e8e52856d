"""What EveryAction refuses is set aside with its reason, and the rest goes on."""

from collections.abc import Callable
from dataclasses import replace

from infrastructure.local.everyaction.catalog import CODES
from tests.local.deliveries.jobs import OPTIONS, deliver_codes
from tests.local.deliveries.orders import EveryAction
from utilities.settings import Settings

FOR_EVENTS_ONLY = CODES[-1]["codeId"]
NOBODY = 9_000_001


def test_the_rest_goes_on(
    everyaction: EveryAction,
    settings: Settings,
    channel: str,
    code_id: int,
    pairs: Callable[[int], str],
    reasons: Callable[[], dict[str, tuple[str, str]]],
) -> None:
    """A person who does not exist and a code that does not apply are kept with the API's words."""
    query = f"{pairs(5)} UNION ALL SELECT {NOBODY}, {code_id} UNION ALL SELECT 1, {FOR_EVENTS_ONLY}"
    delivered = deliver_codes(channel, query, settings)
    assert (delivered.wanted, delivered.done, delivered.refused, delivered.left) == (7, 5, 2, 0)
    expected = {
        f"{NOBODY}/{code_id}": ("refused", "The specified resource was not found"),
        f"1/{FOR_EVENTS_ONLY}": ("refused", "codeId: This code cannot be applied to people"),
    }
    assert reasons() == expected
    assert dict(delivered.first_set_aside) == {
        item: reason for item, (_, reason) in expected.items()
    }
    assert everyaction.applied(code_id) == dict.fromkeys(range(1, 6), 1)


def test_a_refused_item_is_sent_again_only_when_asked(
    everyaction: EveryAction, settings: Settings, channel: str, code_id: int
) -> None:
    """The next run leaves it; with retry_refused it is sent once more, and can succeed."""
    everyaction.order("PUT", "people", {"count": 2_000})
    person = 2_001
    query = f"SELECT {person} AS van_id, {code_id} AS code_id"
    assert deliver_codes(channel, query, settings).refused == 1
    before = everyaction.last_call()
    assert deliver_codes(channel, query, settings).refused == 1
    assert everyaction.calls(before) == []
    again = replace(OPTIONS, retry_refused=True)
    assert deliver_codes(channel, query, settings, again).refused == 1
    assert len(everyaction.calls(before)) == 1
    everyaction.order("PUT", "people", {"count": person})
    delivered = deliver_codes(channel, query, settings, again)
    assert (delivered.done, delivered.refused) == (1, 0)
    everyaction.order("PUT", "people", {"count": 2_000})


def test_nothing_is_sent_twice_in_a_second_run(
    everyaction: EveryAction,
    settings: Settings,
    channel: str,
    pairs: Callable[[int], str],
) -> None:
    """A run over the same pairs, and one over more of them, send only what is new."""
    assert deliver_codes(channel, pairs(8), settings).done == 8
    before = everyaction.last_call()
    again = deliver_codes(channel, pairs(8), settings)
    assert (again.done_before, again.done) == (8, 0)
    assert everyaction.calls(before) == []
    more = deliver_codes(channel, pairs(10), settings)
    assert (more.done_before, more.done) == (8, 2)
    assert len(everyaction.calls(before)) == 2
