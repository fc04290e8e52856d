"""Rows written to files are read back the same, in files of a bounded size."""

import csv
import io
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from infrastructure.local.everyaction.export_files import (
    BOM,
    KEPT_JOBS,
    Layout,
    remove_old_files,
    write_files,
)

CELL = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
ROWS = st.lists(st.tuples(CELL, CELL, CELL), max_size=30)
HEADER = ["one", "two, three", "four"]


@settings(deadline=None)
@given(rows=ROWS, limit=st.integers(40, 400), delimiter=st.sampled_from(",\t"), bom=st.booleans())
def test_rows_come_back(
    rows: list[tuple[str, str, str]], limit: int, delimiter: str, bom: bool
) -> None:
    """Any text survives; only a file with a single row may be too long, where the row is."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "job-1"
        written = write_files(place, HEADER, iter(rows), Layout(limit, delimiter, bom))
        found: list[tuple[str, ...]] = []
        for name in written.names:
            content = (place / name).read_bytes()
            assert content.startswith(BOM) is bom
            text = io.StringIO(content.decode("utf-8-sig"), newline="")
            header, *records = csv.reader(text, delimiter=delimiter)
            assert header == HEADER
            assert len(content) <= limit or len(records) <= 1
            found += [tuple(record) for record in records]
    assert found == rows and written.rows == len(rows)


def test_no_rows_make_one_file_with_the_header(tmp_path: Path) -> None:
    """A reader learns the columns of an empty export."""
    written = write_files(tmp_path / "job-1", HEADER, (), Layout(1_000, has_bom=False))
    assert written.names == ("1.csv",)
    assert (tmp_path / "job-1/1.csv").read_bytes() == b'one,"two, three",four\r\n'


def test_files_of_old_jobs_are_removed(tmp_path: Path) -> None:
    """The newest jobs keep theirs, of every kind."""
    for number in range(1, KEPT_JOBS + 3):
        (tmp_path / f"some-kind-{number}").mkdir()
    remove_old_files(tmp_path, KEPT_JOBS + 2)
    left = {int(folder.name.rpartition("-")[2]) for folder in tmp_path.iterdir()}
    assert left == set(range(3, KEPT_JOBS + 3))
