"""The server's time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infrastructure.local.everyaction.clock import Clock, iso, milliseconds_of


@given(st.lists(st.tuples(st.booleans(), st.floats(-5, 5, allow_nan=False)), max_size=50))
def test_each_change_lies_in_one_window(events: list[tuple[bool, float]]) -> None:
    """Windows from cut to cut hold every change once, whatever the machine's clock does."""
    wall = [1_800_000_000.0]
    clock = Clock(lambda: wall[0])
    cuts, changes = [clock.cut()], []
    for is_cut, step in events:
        wall[0] += step
        if is_cut:
            cuts.append(clock.cut())
        else:
            changes.append((clock.now(), len(cuts)))
    for moment, window in changes:
        assert cuts[window - 1] <= moment
        assert window == len(cuts) or moment < cuts[window]


@given(st.integers(0, 4_000_000_000_000))
def test_times_are_read_as_written(moment: int) -> None:
    """ISO 8601 with Z, to the millisecond, there and back."""
    assert iso(moment).endswith("Z") and milliseconds_of(iso(moment)) == moment


def test_times_without_an_offset_are_eastern() -> None:
    """Winter and summer, and dates alone."""
    assert iso(milliseconds_of("2026-01-15T12:00:00")) == "2026-01-15T17:00:00.000Z"
    assert iso(milliseconds_of("2026-07-15")) == "2026-07-15T04:00:00.000Z"
    with pytest.raises(ValueError):
        milliseconds_of("soon")


def test_the_clock_can_be_shifted_both_ways() -> None:
    """A shift shows at once, also into the past."""
    clock = Clock(lambda: 1_000.0)
    clock.shift(60)
    assert clock.now() == 1_060_000
    clock.shift(-60)
    assert clock.now() == 940_000
