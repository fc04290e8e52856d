"""Parquet files: declared types are carried over, or refused by name."""

import datetime
import gzip
import io
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.local.staging.conftest import Bench
from utilities.errors import FileUnreadable, FlowError, SchemaMismatch
from utilities.references import Staged
from utilities.staging import StageOptions
from utilities.staging import stage as stage_source

MOMENT = datetime.datetime(2026, 1, 31, 10, 20, 30, 456789)
DAY = MOMENT.date()
NANOSECONDS = 1_769_854_830_456_789_000


def written(table: pa.Table) -> bytes:
    """Return a table as a Parquet file."""
    sink = io.BytesIO()
    pq.write_table(table, sink)
    return sink.getvalue()


def stage(bench: Bench, known: dict[str, str] | None = None, **columns: Any) -> Staged:
    """Stage a Parquet file of some columns."""
    return bench.stage(written(pa.table(columns)), "rows.parquet", known)


def refusal(bench: Bench, content: bytes) -> tuple[type[FlowError], str]:
    """Return type and text of the error, the folder's path left out; nothing may be left on S3."""
    with pytest.raises(FlowError) as caught:
        bench.stage(content, "rows.parquet")
    assert bench.leftovers() == []
    return type(caught.value), str(caught.value).replace(f"{bench.folder}/", "")


@pytest.mark.parametrize(
    ("values", "type_", "found"),
    [
        (pa.array([1, None], pa.int8()), "SMALLINT", 1),
        (pa.array([1, None], pa.int16()), "SMALLINT", 1),
        (pa.array([65_535, None], pa.uint16()), "INTEGER", 65_535),
        (pa.array([1, None], pa.int32()), "INTEGER", 1),
        (pa.array([2**32 - 1, None], pa.uint32()), "BIGINT", 2**32 - 1),
        (pa.array([2**62, None], pa.int64()), "BIGINT", 2**62),
        (pa.array([2**64 - 1, None], pa.uint64()), "NUMERIC(20,0)", Decimal(2**64 - 1)),
        (pa.array([1.5, None], pa.float32()), "REAL", 1.5),
        (pa.array([0.1, None], pa.float64()), "DOUBLE PRECISION", 0.1),
        (pa.array([Decimal("1.10"), None], pa.decimal128(9, 2)), "NUMERIC(9,2)", Decimal("1.10")),
        (pa.array([Decimal("1.10"), None], pa.decimal256(38, 2)), "NUMERIC(38,2)", Decimal("1.10")),
        (pa.array([True, None]), "BOOLEAN", True),
        (pa.array([DAY, None]), "DATE", DAY),
        (pa.array([MOMENT, None], pa.timestamp("us")), "TIMESTAMP", MOMENT),
        (pa.array([NANOSECONDS, None], pa.timestamp("ns")), "TIMESTAMP", MOMENT),
        (
            pa.array([NANOSECONDS + 1, None], pa.timestamp("ns")),
            "VARCHAR",
            "2026-01-31 10:20:30.456789001",
        ),
        (
            pa.array([MOMENT, None], pa.timestamp("us", "America/New_York")),
            "TIMESTAMPTZ",
            MOMENT.replace(tzinfo=datetime.UTC),
        ),
        (pa.array([MOMENT.time(), None], pa.time64("ns")), "TIME", MOMENT.time()),
        (pa.array(["x", None], pa.large_string()), "VARCHAR", "x"),
        (pa.array(["x", None]).dictionary_encode(), "VARCHAR", "x"),
        (pa.nulls(2), "VARCHAR", None),
        (pa.array([[1, None], None]), "SUPER", "[1,null]"),
        (
            pa.array([{"a": Decimal("1.10"), "b": [DAY]}, None]),
            "SUPER",
            '{"a":1.10,"b":["2026-01-31"]}',
        ),
        (
            pa.array([[("k", 1.5)], None], pa.map_(pa.string(), pa.float64())),
            "SUPER",
            '{"k":1.5}',
        ),
    ],
)
def test_types(bench: Bench, values: pa.Array, type_: str, found: object) -> None:
    """Each declared type has its type in Redshift and the value is the same."""
    staged = stage(bench, value=values, id=[1, 2])
    assert staged.columns[0].type == type_
    assert bench.read(staged)["value"].to_pylist() == [found, None]


def test_known_types(bench: Bench) -> None:
    """Values go into the table's columns where they fit exactly."""
    staged = stage(
        bench,
        {"small": "SMALLINT", "text": "VARCHAR(9)", "whole": "BIGINT", "day": "DATE"},
        small=pa.array([7], pa.int64()),
        text=[7],
        whole=[7.0],
        day=["2026-01-31"],
    )
    assert bench.read(staged).to_pylist() == [{"small": 7, "text": "7", "whole": 7, "day": DAY}]


def test_a_value_that_does_not_fit_a_known_column(bench: Bench) -> None:
    """Row, column, value and type are said."""
    source = bench.write(written(pa.table({"n": [1, 70_000]})), "rows.parquet")
    with pytest.raises(SchemaMismatch) as caught:
        bench.stage_source(source, known={"n": "SMALLINT"}, schema_policy="freeze")
    assert 'rows.parquet: row 2, column "n": "70000" does not fit SMALLINT' in str(caught.value)


@pytest.mark.parametrize(
    ("values", "name"),
    [
        (pa.array([b"x"]), "binary"),
        (pa.array([[b"x"]]), "list<element: binary>"),
        (pa.array([1], pa.duration("s")), "duration[s]"),
    ],
)
def test_types_without_an_equal(bench: Bench, values: pa.Array, name: str) -> None:
    """Types that Redshift cannot hold are refused by name."""
    assert refusal(bench, written(pa.table({"v": values}))) == (
        FileUnreadable,
        f'rows.parquet: column "v" is {name}, which cannot be staged without loss. Expected '
        "numbers, decimals of at most 38 digits, booleans, dates, times, text or nested values of "
        "these. Nothing was loaded. Convert the column or leave it out.",
    )


def test_values_that_text_and_json_cannot_hold(bench: Bench) -> None:
    """NUL, bytes that are not UTF-8 and NaN inside nested values are refused with their row."""
    latin = pa.StringArray.from_buffers(
        1, pa.py_buffer(b"\0\0\0\0\2\0\0\0"), pa.py_buffer(b"a\xe9")
    )
    for values, found in (
        (pa.array(["a\0"]), '"a\\0" has a NUL character'),
        (latin, '"a�" is not UTF-8'),
        (pa.array([[float("nan")]]), '"nan" is a number that JSON cannot hold'),
    ):
        kind, message = refusal(bench, written(pa.table({"v": values})))
        assert kind is SchemaMismatch
        assert message.startswith(f'rows.parquet: row 1, column "v": {found}')


def test_a_file_cut_in_half(bench: Bench) -> None:
    """Half a Parquet file is refused, as is an empty one and one without rows."""
    whole = written(pa.table({"n": list(range(1000))}))
    kind, message = refusal(bench, whole[: len(whole) // 2])
    assert kind is FileUnreadable
    assert message.startswith("rows.parquet: not a whole Parquet file (")
    assert message.endswith(
        "Expected Parquet from its first to its last byte. Nothing was loaded. Get the file again "
        "from where it came."
    )
    assert refusal(bench, b"")[1].startswith("rows.parquet: the file is empty.")
    assert refusal(bench, written(pa.table({"n": pa.array([], pa.int64())})))[1] == (
        "rows.parquet: there are no rows. Expected at least one. Nothing was loaded. Check the "
        "export that made it, or allow empty sources with empty='stage'."
    )


def test_compressed_and_on_s3(bench: Bench) -> None:
    """A Parquet file that cannot be read from its end where it lies is copied first."""
    content = written(pa.table({"n": [1, 2]}))
    staged = bench.stage(gzip.compress(content), "rows.parquet.gz")
    assert bench.read(staged).to_pydict() == {"n": [1, 2]}
    uri = f"{bench.prefix}source.parquet"
    bench.store.put(uri, content)
    staged = stage_source(
        uri, destination=f"{bench.prefix}o", store=bench.store, options=StageOptions(columns=())
    )
    assert bench.read(staged).to_pydict() == {"n": [1, 2]}
