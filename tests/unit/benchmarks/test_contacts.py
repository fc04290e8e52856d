"""The rows of a benchmark are the same in every run."""

import csv
from pathlib import Path

import pyarrow.parquet as pq

from benchmarks.loads.contacts import contacts
from benchmarks.loads.files import write_changes, write_csv, write_pages
from benchmarks.loads.measured import read_records


def test_rows_are_the_same_every_time() -> None:
    """A row depends on its number and version alone."""
    assert contacts(0, 100).equals(contacts(0, 100))
    ids = contacts(0, 100)["van_id"]
    changed = contacts(0, 100, version=1)
    assert changed["van_id"].equals(ids) and not changed["notes"].equals(contacts(0, 100)["notes"])


def test_a_csv_file_says_what_is_expected(tmp_path: Path) -> None:
    """Read by another reader, the file has the expected rows; codes keep their zeros."""
    source = write_csv(tmp_path, 300)
    expected = pq.read_table(source.expected).to_pylist()
    with source.path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["notes"] or None for row in rows] == [row["notes"] for row in expected]
    assert [row["zip"] or None for row in rows] == [row["zip"] for row in expected]
    assert any(row["zip"].startswith("0") for row in rows)
    assert any("\n" in row["notes"] and '"' in row["notes"] for row in rows)
    assert [row["total_given"] for row in rows] == [str(row["total_given"]) for row in expected]


def test_pages_say_what_is_expected(tmp_path: Path) -> None:
    """Every record of every page is expected, nested fields as they are."""
    source = write_pages(tmp_path, 300)
    expected = pq.read_table(source.expected, columns=["van_id", "address", "tags"]).to_pylist()
    records = read_records(str(source.path))
    assert [{name: record[name] for name in expected[0]} for record in records] == expected


def test_changes_are_a_fifth_of_the_rows(tmp_path: Path) -> None:
    """180 of a thousand rows are changed, 20 are new, and the others stay as they were."""
    source = write_changes(tmp_path, 1_000)
    before, after = contacts(0, 1_000).to_pylist(), pq.read_table(source.expected).to_pylist()
    assert source.rows == 200 and len(after) == 1_020
    kept = [row for row in before if row in after]
    assert len(kept) == 820
    with source.path.open(newline="") as file:
        changed = {int(row["van_id"]) for row in csv.DictReader(file)}
    assert len(changed) == 200 and changed.isdisjoint(row["van_id"] for row in kept)
