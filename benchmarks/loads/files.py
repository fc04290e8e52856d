"""Sources as files: contacts as CSV, as pages of JSON and as changes, each beside the right result.

The right result is a Parquet file in the order of the ids; `verify` compares with it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.loads.contacts import BLOCK_ROWS, contacts
from benchmarks.loads.schema import ADDRESS, NESTED, SCHEMA

PAGE_ROWS = 1_000
CHANGED_SHARE, NEW_SHARE = 0.18, 0.02
TAGS = ("volunteer", "donor", "member", "yard sign", "élu·e")


@dataclass(frozen=True)
class Source:
    """A file that is read, and what has to come out of it.

    Attributes:
        path: CSV with a header, or JSON pages.
        expected: Parquet file of the rows that staging or loading it has to give.
        rows: of the file.
    """

    path: Path
    expected: Path
    rows: int


def write_csv(folder: Path, rows: int) -> Source:
    """Contacts as a CSV file, quoted only where needed, as most exports are."""
    source = Source(folder / f"{rows}.csv", folder / f"{rows}.parquet", rows)
    with source.path.open("wb") as out, pq.ParquetWriter(source.expected, SCHEMA) as expected:
        out.write((",".join(SCHEMA.names) + "\n").encode())
        for table in blocks(rows):
            expected.write_table(table)
            out.write(csv_lines(table))
    return source


def write_pages(folder: Path, rows: int) -> Source:
    """Contacts as an API gives them: arrays of a thousand records, two fields of them nested."""
    source = Source(folder / f"{rows}.pages", folder / f"{rows}.nested.parquet", rows)
    encode = msgspec.json.Encoder(decimal_format="number").encode
    with source.path.open("wb") as out, pq.ParquetWriter(source.expected, NESTED) as expected:
        for table in blocks(rows):
            nested = with_nested(table)
            expected.write_table(nested)
            for first in range(0, nested.num_rows, PAGE_ROWS):
                out.write(encode(nested.slice(first, PAGE_ROWS).to_pylist()) + b"\n")
    return source


def write_changes(folder: Path, rows: int) -> Source:
    """Changes to contacts in no order: a fifth of them, one in ten of which is new."""
    source = Source(folder / f"{rows}.changes.csv", folder / f"{rows}.changed.parquet", 0)
    changes = []
    with pq.ParquetWriter(source.expected, SCHEMA) as expected:
        for first, table in zip(range(0, rows, BLOCK_ROWS), blocks(rows), strict=True):
            later = contacts(first, table.num_rows, version=1)
            changed = pa.array(np.arange(table.num_rows) % 50 < CHANGED_SHARE * 50)
            changes.append(later.filter(changed))
            kept = table.filter(pc.invert(changed))
            expected.write_table(pa.concat_tables([kept, changes[-1]]).sort_by("van_id"))
        changes.append(contacts(rows, int(rows * NEW_SHARE), version=1))
        expected.write_table(changes[-1])
    whole = pa.concat_tables(changes)
    order = np.random.default_rng(rows).permutation(whole.num_rows)
    lines = csv_lines(whole.take(pa.array(order)))
    source.path.write_bytes((",".join(SCHEMA.names) + "\n").encode() + lines)
    return Source(source.path, source.expected, whole.num_rows)


def blocks(rows: int) -> Iterator[pa.Table]:
    """Every contact, a block at a time."""
    for first in range(0, rows, BLOCK_ROWS):
        yield contacts(first, min(BLOCK_ROWS, rows - first))


def csv_lines(table: pa.Table) -> bytes:
    """Rows as lines of CSV: nulls are empty, booleans true and false, times ISO 8601 with Z."""
    cells = [_cells(column) for column in table.columns]
    lines: pa.ChunkedArray = pc.binary_join_element_wise(*cells, ",")
    return ("\n".join(lines.to_pylist()) + "\n").encode()


def _cells(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_timestamp(column.type):
        column = pc.strftime(column.cast(pa.timestamp("s", "UTC")), "%Y-%m-%dT%H:%M:%SZ")
    elif pa.types.is_string(column.type):
        doubled = pc.replace_substring(column, '"', '""')
        quoted = pc.binary_join_element_wise('"', doubled, '"', "")
        column = pc.if_else(pc.match_substring_regex(column, '[,"\n\r]'), quoted, column)
    return pc.fill_null(column.cast(pa.string()), "")


def with_nested(table: pa.Table) -> pa.Table:
    """Add an address (for four in five) and a list of tags, made from the other columns."""
    ids = table["van_id"].combine_chunks()
    streets = pc.binary_join_element_wise(ids.cast(pa.string()), "Main St.", " ")
    parts = [streets, table["city"].combine_chunks(), table["zip"].combine_chunks()]
    absent = pa.array(np.asarray(ids) % 5 == 0)
    address = pa.StructArray.from_arrays(parts, fields=list(ADDRESS), mask=absent)
    counts = np.asarray(ids) % 4
    values = pa.array(_repeated(TAGS, int(counts.sum())))
    offsets = pa.array(np.concatenate([[0], np.cumsum(counts)]), pa.int32())
    tags = pa.ListArray.from_arrays(offsets, values)
    return pa.table([*table.columns, address, tags], schema=NESTED)


def _repeated(values: Iterable[str], count: int) -> list[str]:
    known = list(values)
    return [known[number % len(known)] for number in range(count)]
