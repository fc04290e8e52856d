"""Parts have about one size, whatever a row holds: by it, memory is bounded."""

from collections.abc import Callable, Iterator
from itertools import repeat
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.local.staging.conftest import Bench
from utilities.references import Staged
from utilities.staging import JsonPages
from utilities.staging.names import Naming
from utilities.staging.parts import LAST_PART_BYTES, PART_BYTES
from utilities.staging.record_rows import RecordRows
from utilities.staging.reject import Reject
from utilities.staging.rejects import RejectList

MOST_BYTES = PART_BYTES + 2 * LAST_PART_BYTES
COUNT = 500
TEXT = "x" * 50_000
HUGE = {f"c{number}": "x" * 60_000 for number in range(80)}


def long_records() -> Iterator[dict[str, Any]]:
    """50 MB of records; each has 100 KB, half of it inside a nested value."""
    return ({"id": number, "text": TEXT, "page": {"text": TEXT}} for number in range(COUNT))


def in_memory_bytes(bench: Bench, staged: Staged) -> list[int]:
    """Return the size of each part as Arrow data; the parts have all rows in order."""
    parts = [bench.read_part(uri) for uri in bench.parts(staged)]
    ids = [number for part in parts for number in part["id"].to_pylist()]
    assert ids == list(range(staged.rows))
    return [part.nbytes for part in parts]


def arrow_table() -> pa.Table:
    """60 MB in a single chunk."""
    return pa.table({"id": range(1_000), "text": ["x" * 60_000] * 1_000})


def arrow_table_of_codes() -> pa.Table:
    """The same 60 MB, kept as one text of 60 KB that all rows point to."""
    table = arrow_table()
    return table.set_column(1, "text", table["text"].dictionary_encode())


SOURCES: dict[str, Callable[[], Any]] = {
    "records": lambda: list(long_records()),
    "generator": long_records,
    "frame of objects": lambda: pd.DataFrame(list(long_records())),
    "frame of text": lambda: arrow_table().to_pandas(),
    "table": arrow_table,
    "table of codes": arrow_table_of_codes,
    "reader": lambda: arrow_table().to_reader(),
    "pages": lambda: JsonPages(
        [b"[" + b",".join(b'{"id":%d,"t":"%s"}' % (n, b"x" * 50_000) for n in range(1_000)) + b"]"]
    ),
}


@pytest.mark.parametrize("kind", SOURCES)
def test_long_texts_make_more_parts(bench: Bench, kind: str) -> None:
    """Fifty megabytes and more in a few hundred rows are several parts, none of them large."""
    sizes = in_memory_bytes(bench, bench.stage_source(SOURCES[kind]()))
    assert len(sizes) >= 3
    assert max(sizes) < MOST_BYTES
    assert min(sizes) > LAST_PART_BYTES // 2


@pytest.mark.parametrize("is_generator", [True, False])
def test_a_few_huge_records(bench: Bench, is_generator: bool) -> None:
    """One record in a thousand has 5 MB: as soon as one was noticed, parts hold a few of these."""
    records = ({"id": n} | (HUGE if n % 1_000 == 500 else {}) for n in range(10_000))
    sizes = in_memory_bytes(bench, bench.stage_source(records if is_generator else list(records)))
    assert len(sizes) >= 2
    assert max(sizes) < MOST_BYTES + 4 * 5_000_000


def test_a_parquet_file_of_long_texts(bench: Bench) -> None:
    """What a file packs into few bytes is divided by what it holds."""
    file = bench.folder / "rows.parquet"
    pq.write_table(arrow_table(), file, compression="zstd")
    sizes = in_memory_bytes(bench, bench.stage_source(str(file)))
    assert len(sizes) >= 3
    assert max(sizes) < MOST_BYTES


@pytest.mark.parametrize("name", ["rows.csv", "rows.jsonl"])
def test_a_file_of_long_texts(bench: Bench, name: str) -> None:
    """CSV and JSON lines are read by the megabyte."""
    text = "x" * 60_000
    if name == "rows.csv":
        lines = ["id,text", *(f"{number},{text}" for number in range(COUNT))]
    else:
        lines = [f'{{"id":{number},"text":"{text}"}}' for number in range(COUNT)]
    sizes = in_memory_bytes(bench, bench.stage("\n".join(lines).encode(), name))
    assert len(sizes) == 2
    assert max(sizes) < MOST_BYTES


def test_staging_again_cuts_alike(bench: Bench) -> None:
    """The same records make the same parts, from a list and from a generator that is kept."""
    staged = [bench.stage_source(source) for source in (list(long_records()), long_records())]
    first, second = ([bench.bytes_of(uri) for uri in bench.parts(one)] for one in staged)
    assert first == second


def test_short_records_are_not_cut_finer(bench: Bench) -> None:
    """A hundred thousand short ones are still few parts."""
    records = ({"id": number, "name": name} for number, name in enumerate(repeat("x", 100_000)))
    assert len(in_memory_bytes(bench, bench.stage_source(records))) == 1


def test_huge_records_are_set_aside(bench: Bench) -> None:
    """One record in a thousand has a text of 5 MB, which no column holds: the others are staged,
    and of these as much is kept as is written."""
    text = "x" * 5_000_000
    records = ({"id": n, "text": text if n % 1_000 == 500 else "x"} for n in range(10_000))
    staged = bench.stage_source(records, quarantine=0.01)
    assert staged.rows == 9_990
    assert staged.rejects is not None
    assert staged.rejects.rows == 10
    written = bench.read_part(f"{staged.manifest.removesuffix('manifest.json')}rejects.parquet")
    assert [len(value) for value in written["value"].to_pylist()] == [65_535] * 10


def test_what_is_kept_of_a_reject() -> None:
    """No more than is written of it later, however long the row was."""
    rejects = RejectList()
    rejects.add("people", [Reject(0, "text", "x" * 5_000_000, "is long", "y" * 5_000_000)])
    (kept,) = rejects.placed(RecordRows("people", [], Naming(), is_kept=False))
    assert (len(kept.value), len(kept.record)) == (65_535, 65_535)
