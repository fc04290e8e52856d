"""Column statistics come with what is staged."""

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
