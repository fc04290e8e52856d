"""How a pause is chosen."""

from datetime import UTC, datetime

import pytest

from deployments.live.patience import Patience

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_pauses_grow_and_end() -> None:
    """Each pause is about twice the one before, and after the last attempt there is none."""
    pauses = [Patience(attempts=6).pause_seconds(failures, None) for failures in range(1, 7)]
    assert pauses.pop() is None
    for pause, planned in zip(pauses, (0.25, 0.5, 1.0, 2.0, 4.0), strict=True):
        assert pause is not None and 0.75 * planned <= pause <= 1.25 * planned


def test_no_pause_is_longer_than_the_longest() -> None:
    """However often a request failed, the next pause is bounded."""
    assert Patience(attempts=100, longest_pause_seconds=8).pause_seconds(90, None) == 8


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("2", 2),
        (" 1.5 ", 1.5),
        ("Sat, 21 Nov 2026 12:00:10 GMT", 10),
        ("Sat, 21 Nov 2026 12:00:10 -0000", 10),
    ],
)
def test_the_wish_of_a_server_is_the_least(header: str, seconds: float) -> None:
    """Retry-After is seconds or a date; no pause is shorter."""
    assert Patience(today=lambda: NOON).pause_seconds(1, header) == seconds


@pytest.mark.parametrize("header", ["0", "soon", "", "-3", "Sat, 21 Nov 2026 11:00:00 GMT"])
def test_a_wish_for_nothing_leaves_our_own_pause(header: str) -> None:
    """A time that is past, or a text that is neither, does not make a pause shorter or longer."""
    pause = Patience(today=lambda: NOON).pause_seconds(1, header)
    assert pause is not None and pause <= 0.3125


def test_a_wish_beyond_patience_is_a_refusal() -> None:
    """A server that asks for an hour is given up at once: the person can come back."""
    assert Patience().pause_seconds(1, "3600") is None
