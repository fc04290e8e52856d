"""Files are cut into blocks, and blocks into rows, without losing or bending a byte."""

import csv
import io
from collections.abc import Iterator
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infrastructure.local.redshift.copy_from_s3.blocks import Block, cut_blocks
from infrastructure.local.redshift.copy_from_s3.delimited import parse
from infrastructure.local.redshift.copy_from_s3.options import CopyOptions
from infrastructure.local.redshift.copy_from_s3.records import Dialect
from infrastructure.local.redshift.copy_from_s3.target import TargetColumn

COLUMNS = (TargetColumn("a", "varchar"), TargetColumn("b", "varchar"), TargetColumn("c", "varchar"))
CSV = Dialect(CopyOptions(format="csv", delimiter=","))

texts = st.text(alphabet='ab,"\n\r é', max_size=6)
rows_of_text = st.lists(st.tuples(texts, texts, texts), min_size=1, max_size=8)


def pieces(content: bytes, size: int) -> Iterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


def read(blocks: list[Block], dialect: Dialect) -> tuple[list[tuple[str | None, ...]], list[int]]:
    """Rows of the blocks, and the lines that were refused."""
    rows: list[tuple[str | None, ...]] = []
    refused: list[int] = []
    for block in blocks:
        parsed = parse(block, dialect, COLUMNS)
        rows += zip(*(column.to_pylist() for column in parsed.columns), strict=True)
        refused += [reject.line for reject in parsed.rejects]
    return rows, refused


@given(rows=rows_of_text, size=st.integers(1, 40), quoted=st.booleans())
def test_what_a_csv_writer_writes_is_read_back(
    rows: list[tuple[str, str, str]], size: int, quoted: bool
) -> None:
    """Any text survives, wherever the file happens to be cut into pieces."""
    # The writer does not quote a lone carriage return of its own accord.
    quoted = quoted or any("\r" in text for row in rows for text in row)
    quoting: Literal[0, 1] = csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
    sink = io.StringIO()
    csv.writer(sink, lineterminator="\n", quoting=quoting).writerows(rows)
    content = sink.getvalue().encode()
    blocks = list(cut_blocks("s3://b/k", pieces(content, size), CSV))
    assert b"".join(block.data for block in blocks) == content
    assert read(blocks, CSV) == (rows, [])


@given(content=st.text(alphabet='ab,"\n', max_size=60).map(str.encode), size=st.integers(1, 40))
def test_broken_files_are_read_the_same_in_any_pieces(content: bytes, size: int) -> None:
    """Which rows are refused does not depend on how the file was cut."""
    whole = read(list(cut_blocks("s3://b/k", iter([content]), CSV)), CSV)
    cut = read(list(cut_blocks("s3://b/k", pieces(content, size), CSV)), CSV)
    assert cut == whole


@given(rows=rows_of_text, size=st.integers(1, 40))
def test_escaped_text_is_read_back(rows: list[tuple[str, str, str]], size: int) -> None:
    """With ESCAPE a backslash keeps delimiters, line ends and itself in the value."""
    dialect = Dialect(CopyOptions(delimiter=",", escape=True))

    def escape(text: str) -> str:
        return "".join("\\" + char if char in ",\n\r\\" else char for char in text)

    content = "".join(",".join(map(escape, row)) + "\n" for row in rows).encode()
    blocks = list(cut_blocks("s3://b/k", pieces(content, size), dialect))
    assert read(blocks, dialect) == (rows, [])


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_lines_are_counted_over_headers_blocks_and_quotes(size: int) -> None:
    """A refused row is named by its first line in the file."""
    dialect = Dialect(CopyOptions(format="csv", delimiter=",", ignore_header=2))
    content = b'one\ntwo\na,b,c\n"d\nd",e,f\nonly\n"x"y,1,2\nq,r,s\n'
    blocks = list(cut_blocks("s3://b/k", pieces(content, size), dialect))
    rows, refused = read(blocks, dialect)
    assert rows == [("a", "b", "c"), ("d\nd", "e", "f"), ("q", "r", "s")]
    assert refused == [6, 7]


def test_a_quote_that_never_closes_costs_one_row() -> None:
    """The rows after it are read, in memory that does not grow with the file."""
    content = b'"open,1,2\n' + b"a,b,c\n" * 1_000_000
    blocks = list(cut_blocks("s3://b/k", pieces(content, 1024 * 1024), CSV))
    assert max(len(block.data) for block in blocks) < 6 * 1024 * 1024
    rows, refused = read(blocks, CSV)
    assert (len(rows), refused) == (1_000_000, [1])
