"""Keys are compared through hashes, in memory or in temporary files."""

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from utilities.staging import keys
from utilities.staging.keys import DuplicateSearch, KeyIndex


def repeated(parts: list[list[int]]) -> bool:
    """Say whether the index suspects a duplicate in parts of a whole-number key."""
    index = KeyIndex(["id"])
    try:
        for part in parts:
            index.add(pa.table({"id": pa.array(part, pa.int64())}))
        return bool(index.repeated())
    finally:
        index.close()


@settings(max_examples=60)
@given(st.lists(st.lists(st.integers(-(2**63), 2**63 - 1), max_size=6), max_size=4))
def test_duplicates_are_found(parts: list[list[int]]) -> None:
    """Whole numbers are suspected exactly when one occurs twice, in one part or in several."""
    flat = [number for part in parts for number in part]
    assert repeated(parts) == (len(set(flat)) < len(flat))


def test_many_keys_go_to_files() -> None:
    """Beyond what is kept in memory nothing is missed, and nothing is suspected that is unique."""
    size = keys.IN_MEMORY_ROWS // 2 + 1
    parts = [list(range(start, start + size)) for start in (0, size, 2 * size)]
    assert not repeated(parts)
    assert repeated([*parts, [size + 5]])


def test_equal_text_has_equal_hashes() -> None:
    """Text and composite keys are suspected, then compared as they are."""
    index = KeyIndex(["a", "b"])
    table = pa.table({"a": ["x", "y", "x"], "b": [1, 1, 1], "c": [1, 2, 3]})
    index.add(table)
    search = DuplicateSearch(index.columns, index.repeated())
    assert search.find(table.slice(0, 2), 0) is None
    assert search.find(table.slice(2), 2) == (("x", 1), 0, 2)
    index.close()
