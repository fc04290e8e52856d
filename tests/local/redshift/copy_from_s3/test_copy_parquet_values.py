"""Values of Parquet files arrive as they are, at the edges of their types too."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from tests.local.redshift.bulk import ROLE, Client, Place

PARQUET = f"{ROLE} FORMAT AS PARQUET"

NOON_UTC = datetime.fromisoformat("0001-01-03T12:00:00.000001+00:00")


@pytest.mark.parametrize(
    ("column", "kind", "values"),
    [
        ("smallint", pa.int8(), [-128, 127]),
        ("smallint", pa.int16(), [-(2**15), 2**15 - 1]),
        ("integer", pa.int32(), [-(2**31), 2**31 - 1]),
        ("bigint", pa.int64(), [-(2**63), 2**63 - 1]),
        ("real", pa.float32(), [float("-inf"), -0.0, 1.5]),
        ("double precision", pa.float64(), [float("inf"), 5e-324, 0.1]),
        ("boolean", pa.bool_(), [True, False]),
        ("date", pa.date32(), [date.min, date(2000, 1, 1), date.max]),
        ("time", pa.time32("ms"), [time.min, time(23, 59, 59, 999_000)]),
        ("time", pa.time64("us"), [time.min, time.max]),
        ("timestamp", pa.timestamp("ms"), [datetime(1969, 12, 31, 23, 59, 59, 999_000)]),
        ("timestamp", pa.timestamp("us"), [datetime.min, datetime(2000, 1, 1), datetime.max]),
        ("timestamptz", pa.timestamp("us", "Asia/Kolkata"), [NOON_UTC]),
        ("numeric(12,2)", pa.decimal128(12, 2), [Decimal("-9999999999.99"), Decimal("0.01")]),
        ("numeric(5,5)", pa.decimal128(5, 5), [Decimal("-0.99999"), Decimal("0.00010")]),
        ("numeric(38,10)", pa.decimal128(38, 10), [Decimal(f"{10**38 - 1}e-10"), Decimal(0)]),
        ("varchar(20)", pa.string(), ["", "\\N", "\\.", '"', "a\r\n\t,é", " x "]),
        ("varchar(20)", pa.large_string(), ["", "é"]),
        ("varchar(20)", pa.dictionary(pa.int32(), pa.string()), ["a", "b", "a"]),
        ("char(3)", pa.string(), ["abc"]),
    ],
)
def test_values_arrive_between_nulls(
    client: Client, place: Place, column: str, kind: pa.DataType, values: list[Any]
) -> None:
    """Every value comes back as it was, with nulls before and after it, and without any."""
    client.run("SET TIMEZONE TO 'UTC'")
    client.run(f"CREATE TABLE t (n bigint, a {column}, b {column}, z varchar(9))")
    mixed = [None, *values, None]
    table = pa.table(
        {
            "n": pa.array(range(len(mixed)), pa.int64()),
            "a": pa.array(mixed, kind),
            "b": pa.array([values[0], *values, values[0]], kind),
            "z": pa.array(["end"] * len(mixed)),
        }
    )
    client.run(f"COPY t FROM '{place.put_parquet('a.parquet', table)}' {PARQUET}")
    rows = client.run("SELECT a, b, z FROM t ORDER BY n")
    assert [row[0] for row in rows] == mixed
    assert [row[1] for row in rows] == [values[0], *values, values[0]]
    assert {row[2] for row in rows} == {"end"}


def test_many_batches_keep_every_row(client: Client, place: Place) -> None:
    """Rows of several files, each longer than one batch, and of an empty one, all arrive."""
    client.run("CREATE TABLE t (a bigint, b varchar(9), c boolean)")
    for part, count in enumerate((70_001, 0, 3)):
        table = pa.table(
            {
                "a": pa.array(range(count), pa.int64()),
                "b": pa.array([str(n) if n % 3 else None for n in range(count)], pa.string()),
                "c": pa.array([bool(n % 2) for n in range(count)], pa.bool_()),
            }
        )
        uri = place.put_parquet(f"many/{part}", table)
    client.run(f"COPY t FROM '{uri.rpartition('/')[0]}/' {PARQUET}")
    found = client.run(
        "SELECT count(*), count(b), sum(a), count(DISTINCT a),"
        " sum((b <> a::varchar)::integer), sum((c <> (a % 2 = 1))::integer) FROM t"
    )
    whole = 70_001
    assert found == [(whole + 3, whole - 23_334 + 2, whole * (whole - 1) // 2 + 3, whole, 0, 0)]


@pytest.mark.parametrize(
    ("column", "kind", "number", "told"),
    [
        ("date", pa.date32(), -719_163, ("22008", "0000-12-31")),
        ("date", pa.date32(), -735_525, ("22009", "-0044-03-15")),
        ("date", pa.date32(), 11_248_738, ("22007", "out of range: 11248738")),
        ("time", pa.time64("us"), 86_400_000_000, ("22007", "out of range: 86400000000")),
        ("timestamp", pa.timestamp("us"), -(2**63) + 1, ("22007", "out of range: -9223")),
        ("timestamptz", pa.timestamp("us", "UTC"), 2**63 - 1, ("22007", "out of range: 9223")),
    ],
)
def test_days_beyond_the_calendar(
    client: Client,
    place: Place,
    column: str,
    kind: pa.DataType,
    number: int,
    told: tuple[str, str],
) -> None:
    """Days before the year 1 or after 32767, and times beyond a day, end the load by name."""
    client.run(f"CREATE TABLE t (a {column})")
    counted = pa.int32() if kind == pa.date32() else pa.int64()
    uri = place.put_parquet("a.parquet", pa.table({"a": pa.array([0, number], counted).view(kind)}))
    error = client.refused(f"COPY t FROM '{uri}' {PARQUET}")
    assert error.pgcode == told[0] and told[1] in str(error.diag.message_primary)
    assert client.run("SELECT count(*) FROM t") == [(0,)]
