"""Column statistics come with what is staged."""

import pyarrow as pa
import pytest

from tests.local.staging.conftest import Bench
from utilities.staging import declare


def test_statistics(bench: Bench) -> None:
    """Smallest, greatest, nulls and longest text, over all parts."""
    rows = b"".join(
        b"%d,%d.50,x%d,2026-01-%02d,true,%080d\n" % (n, n % 7, n % 11, n % 28 + 1, 0)
        for n in range(300_000)
    )
    source = bench.write(
        b"id,amount,text,day,flag,pad\n" + rows + b",,,,,\n" + b"-5,,\xc3\xa9\xc3\xa9,,,\n"
    )
    types = {
        "id": "BIGINT",
        "amount": "NUMERIC(12,2)",
        "text": "VARCHAR",
        "day": "DATE",
        "flag": "BOOLEAN",
        "pad": "VARCHAR",
    }
    staged = bench.stage_source(source, declared=declare(types))
    assert len(bench.parts(staged)) > 1
    assert [(c.minimum, c.maximum, c.nulls, c.max_bytes) for c in staged.columns[:5]] == [
        ("-5", "299999", 1, 0),
        ("0.50", "6.50", 2, 0),
        ("x0", "éé", 1, 4),
        ("2026-01-01", "2026-01-28", 2, 0),
        (None, None, 2, 0),
    ]


def test_bounds_that_are_not_known(bench: Bench) -> None:
    """A column without values, nested values and long text have none."""
    staged = bench.stage_source([{"none": None, "nested": {"a": 1}, "long": "x" * 5_000, "t": 1}])
    assert [(c.name, c.minimum) for c in staged.columns] == [
        ("none", None),
        ("nested", None),
        ("long", None),
        ("t", "1"),
    ]


def test_bounds_of_times(bench: Bench) -> None:
    """Times with a zone are told in UTC, those without as they stand."""
    source = bench.write(
        b"at,local\n2026-01-31T10:00:00.25+02:00,2026-01-31 10:00:00\n"
        b"1969-12-31T23:59:59Z,1969-12-31 23:59:59.000001\n"
    )
    staged = bench.stage_source(
        source, declared=declare({"at": "TIMESTAMPTZ", "local": "TIMESTAMP"})
    )
    assert [(c.minimum, c.maximum) for c in staged.columns] == [
        ("1969-12-31T23:59:59+00:00", "2026-01-31T08:00:00.250000+00:00"),
        ("1969-12-31T23:59:59.000001", "2026-01-31T10:00:00"),
    ]


@pytest.mark.parametrize("type_", [pa.timestamp("us"), pa.timestamp("us", "UTC"), pa.date32()])
def test_years_beyond_the_calendar(bench: Bench, type_: pa.DataType) -> None:
    """Redshift's calendar is longer than Python's: such days are staged, without bounds."""
    days = 5_000_000 if pa.types.is_date(type_) else 5_000_000 * 86_400 * 1_000_000
    table = pa.table({"at": pa.array([0, days]).cast(pa.int32() if days < 2**31 else pa.int64())})
    staged = bench.stage_source(table.cast(pa.schema([("at", type_)])))
    assert staged.rows == 2
    assert (staged.columns[0].minimum, staged.columns[0].maximum) == (None, None)
