"""Both ways of reading a result give the same table, with types that hold every value."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pyarrow as pa
import pytest

from tests.local.warehouse import Ask
from utilities.errors import ParameterInvalid, SchemaMismatch
from utilities.redshift.reading import Via, query
from utilities.settings import Settings

COLUMNS = {
    "a_small": ("smallint", pa.int16(), -32768),
    "an_integer": ("integer", pa.int32(), 2147483647),
    "a_big": ("bigint", pa.int64(), 9223372036854775807),
    "a_real": ("real", pa.float32(), 1.5),
    "a_double": ("double precision", pa.float64(), 0.1 + 0.2),
    "a_decimal": ("numeric(12,2)", pa.decimal128(12, 2), Decimal("-1234567890.10")),
    "the_widest": ("numeric(38,10)", pa.decimal128(38, 10), Decimal("1" * 28 + ".0000000001")),
    "a_flag": ("boolean", pa.bool_(), False),
    "a_text": ("varchar(200)", pa.string(), 'Dörte said "it\'s" 100%; \\ $$ \n done'),
    "a_char": ("char(5)", pa.string(), "ab"),
    "a_day": ("date", pa.date32(), date(2024, 2, 29)),
    "a_time": ("time", pa.time64("us"), time(23, 59, 59, 999999)),
    "a_moment": ("timestamp", pa.timestamp("us"), datetime(1969, 12, 31, 23, 59, 59, 5)),
    "an_instant": (
        "timestamptz",
        pa.timestamp("us", "UTC"),
        datetime(2024, 7, 1, 12, 30, 0, 123456, tzinfo=UTC),
    ),
    "a_super": ("super", pa.string(), '{"k":[1,null,"ü"]}'),
}
SCHEMA = pa.schema([(name, type_) for name, (_, type_, _) in COLUMNS.items()])
VALUES = {name: value for name, (_, _, value) in COLUMNS.items()}


@pytest.fixture
def table(ask: Ask, settings: Settings, schema: str) -> str:
    """A table with a column of each type: a row of values, and a row of nulls."""
    columns = ", ".join(f"{name} {type_}" for name, (type_, _, _) in COLUMNS.items())
    name = f"{schema}.every_type"
    ask(f"CREATE TABLE {name} ({columns})")
    values = ", ".join(
        f"JSON_PARSE('{value}')" if name == "a_super" else "'" + str(value).replace("'", "''") + "'"
        for name, value in VALUES.items()
    )
    ask(f"INSERT INTO {name} VALUES ({values})")
    ask(f"INSERT INTO {name} (a_small) VALUES (NULL)")
    return name


@pytest.mark.parametrize("via", ["connection", "unload"])
def test_every_type(settings: Settings, table: str, via: Via) -> None:
    """Each value and each null comes as it is in the table, in a type that fits."""
    result = query(f"SELECT * FROM {table} ORDER BY a_small", None, settings, via)
    assert result.via == via
    assert result.arrow().schema == SCHEMA
    assert result.arrow().to_pylist() == [VALUES, dict.fromkeys(VALUES)]


def test_no_rows(settings: Settings, table: str) -> None:
    """A result without rows has all the types too, whichever way it comes."""
    for via in ("connection", "unload"):
        result = query(f"SELECT * FROM {table} WHERE false", None, settings, via)
        assert (result.arrow().schema, result.arrow().num_rows) == (SCHEMA, 0)


def test_expressions(settings: Settings, table: str) -> None:
    """A sum has the scale of its values, a literal is text, a count is a whole number."""
    text = (
        f"SELECT sum(a_decimal) AS total, count(*) AS many, 'x' AS letter, NULL AS nothing,"
        f" t.a_super.k[0] AS inside FROM {table} t GROUP BY t.a_super.k[0] ORDER BY total"
    )
    by_connection, by_unload = (
        query(text, None, settings, via).arrow() for via in ("connection", "unload")
    )
    assert by_connection.schema.types == [
        pa.decimal128(38, 2),
        pa.int64(),
        pa.string(),
        pa.string(),
        pa.string(),
    ]
    assert by_connection.equals(by_unload)
    assert by_connection.to_pylist()[0]["total"] == Decimal("-1234567890.10")


def test_pandas_keeps_types(settings: Settings, table: str) -> None:
    """A whole number beside a null stays the number it is."""
    frame = query(f"SELECT a_big FROM {table} ORDER BY a_big", None, settings).pandas()
    assert frame["a_big"].tolist()[0] == 9223372036854775807
    assert frame["a_big"].isna().tolist() == [False, True]


def test_parsons_table(settings: Settings, table: str) -> None:
    """A parsons Table comes out, with Python's values."""
    found = query(f"SELECT * FROM {table} ORDER BY a_small", None, settings).parsons()
    assert found.num_rows == 2
    assert found[0] == VALUES
    assert query(f"SELECT a_big FROM {table} WHERE false", None, settings).parsons().columns == [
        "a_big"
    ]


@pytest.mark.parametrize("via", ["connection", "unload"])
def test_types_that_are_not_read(settings: Settings, via: Via) -> None:
    """A type that one of the ways cannot carry is refused by both, with the column's name."""
    with pytest.raises(ParameterInvalid) as caught:
        query("SELECT 1 AS fine, interval '1 day' AS span", None, settings, via)
    assert "column 'span' has the type interval, which is not read. Cast it to VARCHAR" in str(
        caught.value
    )


def test_values_that_arrow_cannot_hold(settings: Settings) -> None:
    """A date before the year 1 is told, not changed."""
    with pytest.raises(SchemaMismatch) as caught:
        query("SELECT date '0044-03-15 BC' AS ides", None, settings)
    assert "a value of column 'ides' cannot be held as date32[day]." in str(caught.value)
