"""A request whose answer is lost is followed by a look, never by a blind second one."""

from collections.abc import Callable

import pytest

from tests.local.deliveries.jobs import OPTIONS, deliver_codes
from tests.local.deliveries.orders import EveryAction
from utilities.settings import Settings

PAIRS = 20
POSTS = r"^POST /v4/people/\d+/codes$"


@pytest.mark.parametrize(
    ("kind", "details"),
    [
        ("lost_answer", {}),
        ("late_answer", {"seconds": 0.7}),
        ("refused_connection", {}),
        ("status", {"status": 500}),
        ("status", {"status": 502}),
        ("status", {"status": 429, "retry_after": 0}),
        ("status", {"status": 503, "retry_after": 0}),
    ],
)
def test_each_pair_is_applied_once(
    everyaction: EveryAction,
    settings: Settings,
    channel: str,
    code_id: int,
    pairs: Callable[[int], str],
    kind: str,
    details: dict[str, float],
) -> None:
    """Whether the server had done it or not: every pair is applied once."""
    everyaction.fault(kind, POSTS, times=4, skip=3, **details)
    delivered = deliver_codes(channel, pairs(PAIRS), settings, OPTIONS)
    assert (delivered.done, delivered.left) == (PAIRS, 0)
    assert everyaction.applied(code_id) == dict.fromkeys(range(1, PAIRS + 1), 1)
