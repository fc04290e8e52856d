"""COPY reads Parquet by position, strictly."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from tests.local.redshift.bulk import ROLE, Client, Place

PARQUET = f"{ROLE} FORMAT AS PARQUET"


def test_every_type_arrives_by_value(client: Client, place: Place) -> None:
    """Each type of Parquet lands in the type of Redshift that matches it."""
    client.run(
        "CREATE TABLE t (i smallint, n integer, b bigint, r real, f double precision,"
        " d numeric(10,2), o boolean, t date, s timestamp, z timestamptz, v varchar(20))"
    )
    moment = datetime(2024, 2, 29, 12, 30, 1, 123456)
    values: list[tuple[Any, pa.DataType]] = [
        (-1, pa.int16()),
        (2, pa.int32()),
        (2**63 - 1, pa.int64()),
        (1.5, pa.float32()),
        (0.1, pa.float64()),
        (Decimal("-12.30"), pa.decimal128(10, 2)),
        (True, pa.bool_()),
        (date(2024, 2, 29), pa.date32()),
        (moment, pa.timestamp("us")),
        (moment.replace(tzinfo=UTC), pa.timestamp("us", "UTC")),
        ('Dörte, "D"\n', pa.string()),
    ]
    table = pa.table({f"c{n}": pa.array([v, None], t) for n, (v, t) in enumerate(values)})
    client.run(f"COPY t FROM '{place.put_parquet('a.parquet', table)}' {PARQUET}")
    rows = client.run("SELECT * FROM t WHERE n IS NOT NULL")
    assert rows == [tuple(value for value, _ in values)]
    assert client.run("SELECT count(*) FROM t WHERE v IS NULL AND z IS NULL") == [(1,)]


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("bigint", pa.array([1], pa.int32())),
        ("integer", pa.array([1], pa.int64())),
        ("numeric(10,2)", pa.array([Decimal("1.0")], pa.decimal128(10, 1))),
        ("timestamp", pa.array([1], pa.timestamp("ns"))),
        ("varchar(9)", pa.array([1], pa.int64())),
        ("date", pa.array(["2024-01-01"])),
        ("super", pa.array([{"a": 1}])),
        ("varchar(9)", pa.array([[1]])),
    ],
)
def test_types_are_not_cast(client: Client, place: Place, column: str, values: pa.Array) -> None:
    """A type that does not match exactly is refused with file, column and both types."""
    client.run(f"CREATE TABLE t (a {column})")
    uri = place.put_parquet("a.parquet", pa.table({"found": values}))
    error = client.refused(f"COPY t FROM '{uri}' {PARQUET}")
    assert (error.pgcode, error.diag.message_primary) == ("XX000", "Spectrum Scan Error")
    detail = str(error.diag.message_detail)
    assert f"'{uri}' has an incompatible Parquet schema" in detail
    shown = str(values.type).partition("<")[0]
    assert "Column type: " in detail and f"optional {shown}" in detail


def test_nested_values_go_to_super(client: Client, place: Place) -> None:
    """SERIALIZETOJSON makes JSON of lists, structs and maps; a text stays a text."""
    client.run("CREATE TABLE t (a super, b super, c super)")
    table = pa.table(
        {
            "a": pa.array([{"x": [1, None], "d": date(2024, 1, 2)}]),
            "b": pa.array([[("k", 1)]], pa.map_(pa.string(), pa.int64())),
            "c": pa.array(['{"no": "object"}']),
        }
    )
    uri = place.put_parquet("a.parquet", table)
    client.run(f"COPY t FROM '{uri}' {PARQUET} SERIALIZETOJSON")
    assert client.run(
        "SELECT a.x[0]::integer, a.d::varchar, b.k::integer, json_typeof(c) FROM t"
    ) == [(1, "2024-01-02", 1, "string")]


def test_column_counts_must_match(client: Client, place: Place) -> None:
    """A column list picks by position; FILLRECORD fills what the file lacks."""
    client.run("CREATE TABLE t (a bigint, b varchar(5), c integer)")
    uri = place.put_parquet("a.parquet", pa.table({"x": ["v"], "y": [1]}))
    error = client.refused(f"COPY t FROM '{uri}' {PARQUET}")
    assert "Table columns: 3, Data columns: 2" in str(error.diag.message_detail)
    client.run(f"COPY t (b, a) FROM '{uri}' {PARQUET}")
    client.run(f"COPY t (b, a, c) FROM '{uri}' {PARQUET} FILLRECORD")
    assert client.run("SELECT * FROM t") == [(1, "v", None)] * 2


@pytest.mark.parametrize(
    ("column", "values", "told"),
    [
        ("varchar(4)", ["éé", "ééx"], "Table: 4, Data: 5"),
        ("char(4)", ["é"], "Multibyte character not supported"),
        ("varchar(9) NOT NULL", ["a", None], "NULL in a not-null field. Row: 2"),
        ("varchar(9)", ["a\0b"], "NUL byte"),
    ],
)
def test_values_that_do_not_fit(
    client: Client, place: Place, column: str, values: list[str | None], told: str
) -> None:
    """A value that its column cannot hold ends the load, with column and file."""
    client.run(f"CREATE TABLE t (a {column})")
    uri = place.put_parquet("a.parquet", pa.table({"a": values}))
    detail = str(client.refused(f"COPY t FROM '{uri}' {PARQUET}").diag.message_detail)
    assert told in detail and uri in detail
    assert client.run("SELECT count(*) FROM t") == [(0,)]


def test_broken_files(client: Client, place: Place) -> None:
    """A file cut in half, and one that is no Parquet, are named."""
    client.run("CREATE TABLE t (a bigint)")
    place.put_parquet("whole", pa.table({"a": list(range(1000))}))
    content = place.read("whole")
    for bad in (content[: len(content) // 2], b"a\n1\n", b""):
        uri = place.put("bad", bad)
        error = client.refused(f"COPY t FROM '{uri}' {PARQUET}")
        assert f"File '{uri}' has an invalid version number" in str(error.diag.message_detail)


def test_a_manifest_has_to_tell_the_length(client: Client, place: Place) -> None:
    """Without meta.content_length, or with a wrong one, nothing is loaded."""
    client.run("CREATE TABLE t (a bigint)")
    uri = place.put_parquet("a.parquet", pa.table({"a": [1]}))
    size = len(place.read("a.parquet"))
    for meta, told in (({}, "content_length"), ({"content_length": size + 1}, f"found {size}")):
        entry = {"url": uri, "mandatory": True, "meta": meta}
        listed = place.put("m", json.dumps({"entries": [entry]}))
        assert told in str(client.refused(f"COPY t FROM '{listed}' {PARQUET} MANIFEST"))
    entry = {"url": uri, "mandatory": True, "meta": {"content_length": size}}
    listed = place.put("m", json.dumps({"entries": [entry]}))
    client.run(f"COPY t FROM '{listed}' {PARQUET} MANIFEST")
    assert client.run("SELECT a FROM t") == [(1,)]
