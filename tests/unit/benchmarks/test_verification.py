"""A wrong result is found, and one that is right in other types is not called wrong."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from benchmarks.loads.contacts import contacts
from benchmarks.loads.files import with_nested
from benchmarks.loads.schema import NESTED
from benchmarks.loads.verify import InMemory, problems


@pytest.fixture
def right() -> pa.Table:
    """Fifty contacts with nested fields."""
    return with_nested(contacts(0, 50))


@pytest.fixture
def expected(right: pa.Table, tmp_path: Path) -> Path:
    """The file that they are compared with."""
    pq.write_table(right, tmp_path / "expected.parquet")
    return tmp_path / "expected.parquet"


def changed(table: pa.Table, name: str, values: pa.Array) -> InMemory:
    """The table with one column exchanged."""
    return InMemory(table.set_column(table.column_names.index(name), name, values))


def test_other_orders_and_types_are_right(right: pa.Table, expected: Path) -> None:
    """Amounts as doubles, dates and times as text and rows in any order have the same values."""
    table = right.sort_by([("van_id", "descending")])
    for name, kind in (("total_given", "float64"), ("date_of_birth", "string")):
        table = table.set_column(NESTED.get_field_index(name), name, table[name].cast(kind))
    times = pa.array([str(value) for value in table["date_changed"].to_pylist()])
    assert problems(changed(table, "date_changed", times), expected) == []


def test_lost_zeros_are_found(right: pa.Table, expected: Path) -> None:
    """A ZIP code that was taken for a number is another value."""
    numbers = right["zip"].cast("int64")
    count = sum(zip_ is not None and zip_.startswith("0") for zip_ in right["zip"].to_pylist())
    assert problems(changed(right, "zip", numbers), expected) == [
        f"zip: {count} of 50 values differ"
    ]


def test_a_null_is_not_an_empty_text(right: pa.Table, expected: Path) -> None:
    """A hole that was filled counts."""
    filled = right["notes"].fill_null("")
    count = right["notes"].null_count
    assert problems(changed(right, "notes", filled), expected) == [
        f"notes: {count} of 50 values differ"
    ]


def test_text_that_is_no_json_is_found(right: pa.Table, expected: Path) -> None:
    """Python's own spelling of a dict is not JSON."""
    spelled = pa.array([str(value) for value in right["address"].to_pylist()])
    assert problems(changed(right, "address", spelled), expected)[0].startswith(
        "address: came as string"
    )


def test_missing_rows_are_found(right: pa.Table, expected: Path) -> None:
    """Fewer rows are told first."""
    assert problems(InMemory(right.slice(1)), expected) == ["49 rows instead of 50"]
