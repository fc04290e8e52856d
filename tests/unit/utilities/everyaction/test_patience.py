"""How a pause is chosen."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utilities.everyaction import Patience

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@given(failures=st.integers(1, 40))
def test_pauses_are_bounded(failures: int) -> None:
    """No pause of our own is longer than the longest, or shorter than half a first one."""
    pause = Patience(longest_pause_seconds=60).pause_seconds(failures, None)
    assert 0.5 <= pause <= 60


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("0", 0),
        ("2", 2),
        ("1.5", 1.5),
        ("-3", 0),
        ("Sat, 21 Nov 2026 12:00:10 GMT", 10),
        ("Sat, 21 Nov 2026 12:00:10 -0000", 10),
        ("Sat, 21 Nov 2026 11:00:00 GMT", 0),
    ],
)
def test_the_wish_of_a_server_is_the_least(header: str, seconds: float) -> None:
    """Retry-After is seconds or a date; the pause is that, and up to half a second more."""
    pause = Patience(today=lambda: NOON).pause_seconds(1, header)
    assert seconds <= pause <= seconds + 0.5


@pytest.mark.parametrize("header", ["soon", "", "nan", "inf", "Sat, 99 Nov 2026 12:00:10 GMT"])
def test_a_wish_that_cannot_be_read_does_not_count(header: str) -> None:
    """The pause is then our own."""
    assert 0.5 <= Patience().pause_seconds(1, header) <= 1
