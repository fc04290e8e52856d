"""Arrow tables, Arrow readers and DataFrames go in with the types that they have."""

import datetime as dt
from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from tests.local.staging.conftest import Bench
from utilities.errors import FileUnreadable, SchemaMismatch
from utilities.references import Staged


def types(staged: Staged) -> dict[str, str]:
    """Return the staged type of each column."""
    return {column.name: column.type for column in staged.columns}


def test_an_arrow_table(bench: Bench) -> None:
    """Types are carried over; the same table makes the same batch, however it is chunked."""
    table = pa.table(
        {
            "Id": pa.array([1, 2, 3], pa.int32()),
            "amount": pa.array([Decimal("1.50"), None, Decimal("2.25")], pa.decimal128(12, 2)),
            "tags": [["a"], None, []],
        }
    )
    staged = bench.stage_source(table)
    assert types(staged) == {"id": "INTEGER", "amount": "NUMERIC(12,2)", "tags": "SUPER"}
    assert bench.read(staged)["tags"].to_pylist() == ['["a"]', None, "[]"]
    chunked = pa.concat_tables([table.slice(0, 1), table.slice(1)])
    assert bench.stage_source(chunked).batch_key == staged.batch_key


def test_a_reader_is_read_once(bench: Bench) -> None:
    """A stream whose later rows need another type than the first ones is kept and read again."""
    early = [dt.datetime(2026, 1, 1)] * 20_000
    schema = pa.schema([("at", pa.timestamp("ns"))])
    first = pa.record_batch([pa.array(early, pa.timestamp("ns"))], schema=schema)
    last = pa.record_batch([pa.array([1], pa.int64()).cast(pa.timestamp("ns"))], schema=schema)
    reader = pa.RecordBatchReader.from_batches(schema, iter([first, last]))
    staged = bench.stage_source(reader)
    assert types(staged) == {"at": "VARCHAR"}
    assert bench.read(staged)["at"].to_pylist()[-1] == "1970-01-01 00:00:00.000000001"
    assert staged.rows == 20_001


def test_a_data_frame(bench: Bench) -> None:
    """NaN, NaT and None are null; objects keep their Python types; a named index is a column."""
    frame = pd.DataFrame(
        {
            "zip": ["00501", None, "10001"],
            "n": pd.array([1, None, 3], dtype="Int64"),
            "x": [1.5, np.nan, 2.0],
            "at": pd.to_datetime(pd.Series(["2026-01-31", None, "2026-02-01"], index=None)).array,
            "mixed": [{"a": 1}, None, "text"],
            "exact": [Decimal("1.5"), np.nan, Decimal("2")],
            "kind": pd.Categorical(["a", "b", None]),
        },
        index=pd.Index([10, 20, 30], name="id"),
    )
    staged = bench.stage_source(frame)
    assert types(staged) == {
        "id": "BIGINT",
        "zip": "VARCHAR",
        "n": "BIGINT",
        "x": "DOUBLE PRECISION",
        "at": "TIMESTAMP",
        "mixed": "SUPER",
        "exact": "NUMERIC(2,1)",
        "kind": "VARCHAR",
    }
    assert bench.read(staged).slice(0, 2).to_pylist() == [
        {
            "id": 10,
            "zip": "00501",
            "n": 1,
            "x": 1.5,
            "at": dt.datetime(2026, 1, 31),
            "mixed": '{"a":1}',
            "exact": Decimal("1.5"),
            "kind": "a",
        },
        dict.fromkeys(["id", "zip", "n", "x", "at", "mixed", "exact", "kind"])
        | {"id": 20, "kind": "b"},
    ]


def test_a_large_frame_is_cut_into_parts(bench: Bench) -> None:
    """A column whose type is only known in a later slice is whole."""
    count = 50_000
    frame = pd.DataFrame({"n": range(count), "late": [None] * (count - 1) + ["x"]})
    rows = bench.read(bench.stage_source(frame))
    assert rows["n"].to_pylist() == list(range(count))
    assert rows["late"].to_pylist()[-2:] == [None, "x"]


def test_types_that_redshift_does_not_have(bench: Bench) -> None:
    """The column and its type are named, and where the value is."""
    with pytest.raises(FileUnreadable, match='column "t" is duration'):
        bench.stage_source(pa.table({"t": pa.array([1], pa.duration("s"))}), name="people")
    with pytest.raises(
        SchemaMismatch, match='people: row 2, column "n": "70000" does not fit SMALL'
    ):
        bench.stage_source(
            pa.table({"n": [1, 70_000]}),
            name="people",
            known={"n": "SMALLINT"},
            schema_policy="freeze",
        )
