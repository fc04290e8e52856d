"""A block is as large as what can be sent in some seconds."""

from hypothesis import given
from hypothesis import strategies as st

from utilities.deliveries.blocks import FEWEST_ITEMS, FIRST_ITEMS, MOST_ITEMS, Blocks


def test_the_first_block_is_small() -> None:
    """Nothing is known of the rate yet; the first measure only starts the clock."""
    blocks = Blocks(10.0)
    blocks.measure(0, 5.0)
    blocks.measure(0, 7.0)
    assert blocks.size == FIRST_ITEMS


def test_it_follows_the_rate() -> None:
    """12 a second for ten seconds make 120."""
    blocks = Blocks(10.0)
    blocks.measure(0, 100.0)
    blocks.measure(24, 102.0)
    assert blocks.size == 120


@given(st.lists(st.tuples(st.integers(0, 10_000), st.floats(0, 1000)), max_size=20))
def test_it_stays_within_its_bounds(measures: list[tuple[int, float]]) -> None:
    """Whatever is measured, also by a clock that stands still."""
    blocks, now = Blocks(10.0), 0.0
    for items, seconds in measures:
        now += seconds
        blocks.measure(items, now)
        assert FEWEST_ITEMS <= blocks.size <= MOST_ITEMS
