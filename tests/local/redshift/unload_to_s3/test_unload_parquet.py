"""UNLOAD writes Parquet whose types come from the query's result, and COPY reads it back."""

import io
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq

from tests.local.redshift.bulk import ROLE, Client, Place

TYPES = (
    "i smallint, n integer, b bigint, r real, f double precision, d numeric(10,2), o boolean,"
    " t date, s timestamp, z timestamptz, v varchar(20), c char(3)"
)


def test_round_trip(client: Client, place: Place) -> None:
    """Every value comes back equal; the manifest fits COPY."""
    client.run(f"CREATE TABLE t ({TYPES})")
    client.run(
        "INSERT INTO t VALUES (-1, 2, 9223372036854775807, 1.5, 0.1, -12.30, true, '2024-02-29',"
        " '2024-02-29 12:30:01.123456', '2024-02-29 12:30:01+02', 'Dörte, \"D\"', 'abc'),"
        " (2, NULL, NULL, 'NaN', 'Infinity', NULL, false, NULL, NULL, NULL, '', NULL)"
    )
    client.run(f"UNLOAD ('SELECT * FROM t') TO '{place.address}x_' {ROLE} FORMAT PARQUET MANIFEST")
    assert place.names() == ["x_0000_part_00.parquet", "x_manifest"]
    client.run("CREATE TABLE back (LIKE t)")
    client.run(f"COPY back FROM '{place.address}x_manifest' {ROLE} FORMAT PARQUET MANIFEST")
    texts = ", ".join(f"{column.split()[0]}::varchar" for column in TYPES.split(", ") if column)
    ask = f"SELECT {texts} FROM {{}} ORDER BY i"
    assert client.run(ask.format("back")) == client.run(ask.format("t"))


def test_types_of_expressions(client: Client, place: Place) -> None:
    """A sum of decimals keeps its digits, a literal is text, SUPER is JSON text."""
    client.run("CREATE TABLE t (d numeric(8,2), j super)")
    client.run("INSERT INTO t VALUES (1.25, JSON_PARSE('[1]')), (2.50, NULL)")
    client.run(
        "UNLOAD ('SELECT sum(d) OVER () AS total, ''x'' AS letter, j FROM t ORDER BY d')"
        f" TO '{place.address}x_' {ROLE} PARQUET"
    )
    table = pq.read_table(io.BytesIO(place.read("x_0000_part_00.parquet")))
    assert table.schema.types == [pa.decimal128(38, 2), pa.string(), pa.string()]
    assert table.to_pylist() == [
        {"total": Decimal("3.75"), "letter": "x", "j": "[1]"},
        {"total": Decimal("3.75"), "letter": "x", "j": None},
    ]


def test_types_that_parquet_cannot_hold(client: Client, place: Place) -> None:
    """A column of such a type is refused by name."""
    error = client.refused(
        f"UNLOAD ('SELECT interval ''1 day'' AS span') TO '{place.address}x_' {ROLE} PARQUET"
    )
    assert error.pgcode == "0A000" and '"span"' in str(error)
    assert place.names() == []
