"""Lists that Prefect gives page by page, while others change them."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from utilities.tasks.prefect_images import paged


@given(st.integers(0, 40), st.integers(2, 10))
def test_every_item_is_met(count: int, size: int) -> None:
    """However many there are, and however they fill the pages."""
    items = list(range(count))
    assert sorted(set(paged(lambda at: items[at : at + size], size))) == items


@given(st.integers(0, 40), st.integers(2, 10), st.data())
def test_what_is_removed_meanwhile_hides_nothing(
    count: int, size: int, data: st.DataObject
) -> None:
    """Up to half a page may go between two requests: all that stay are met."""
    items = list(range(count))

    def read(at: int) -> Sequence[int]:
        page = items[at : at + size]
        gone = data.draw(st.lists(st.sampled_from(items), max_size=size // 2)) if items else []
        for each in set(gone):
            items.remove(each)
        return page

    met = set(paged(read, size))
    assert set(items) <= met
