"""Each rule, kept and broken, through the warehouse; nulls and empty tables too."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from numpy import float64

from tests.local.quality.conftest import NOW, Check, Fill
from utilities.quality import (
    AcceptedValues,
    Fresh,
    InRange,
    NotNull,
    References,
    RowCount,
    Rule,
    SumEquals,
    Unique,
)

COLUMNS = {
    "id": "BIGINT",
    "state": "VARCHAR(8)",
    "amount": "NUMERIC(12,2)",
    "ratio": "DOUBLE PRECISION",
    "born": "DATE",
    "seen": "TIMESTAMP",
    "changed": "TIMESTAMPTZ",
    "opens": "TIME",
    "active": "BOOLEAN",
    "half": "REAL",
    "tags": "SUPER",
}
ROWS: list[tuple[Any, ...]] = [
    (
        1,
        "AL",
        Decimal("10.10"),
        0.1,
        date(2026, 11, 19),
        datetime(2026, 11, 20, 4),
        datetime(2026, 11, 21, 3, tzinfo=NOW.tzinfo),
        time(9),
        True,
        0.1,
        '{"a": 1}',
    ),
    (2, "AK", Decimal("-3.00"), 2.5, date(2000, 1, 1), None, None, time(18, 30), False, 0.7, "[]"),
    (2, None, None, None, None, None, None, None, None, None, None),
    (None, "ZZ", None, None, None, None, None, None, None, None, None),
    (None, "AL", None, None, None, None, None, None, None, None, None),
]

JUDGED: list[tuple[Rule, int, str]] = [
    (Unique("id"), 2, "unique (id)"),
    (Unique(("id", "state")), 0, "unique (id, state)"),
    (Unique(("state",)), 2, "unique (state)"),
    (NotNull("id"), 2, "not null (id)"),
    (NotNull("tags"), 3, "not null (tags)"),
    (AcceptedValues("state", ("AL", "AK")), 1, "state in ('AL', 'AK')"),
    (AcceptedValues("state", ("AL", "AK", "ZZ", "%s", "it's", "\\")), 0, "and 1 more"),
    (AcceptedValues("id", (1, 2)), 0, "id in (1, 2)"),
    (AcceptedValues("active", (True,)), 1, "active in (True)"),
    (AcceptedValues("half", (0.1,)), 1, "half in (0.1)"),
    (AcceptedValues("born", (date(2000, 1, 1),)), 1, "born in (2000-01-01)"),
    (InRange("id", 1, 2), 0, "id between 1 and 2"),
    (InRange("id", minimum=2), 1, "id at least 2"),
    (InRange("id", maximum=Decimal("1.5")), 2, "id at most 1.5"),
    (InRange("amount", Decimal("-3.00"), Decimal("10.10")), 0, "between -3.00 and 10.10"),
    (InRange("amount", 0), 1, "amount at least 0"),
    (InRange("half", 0.1, 0.7), 0, "half between 0.1 and 0.7"),
    (InRange("ratio", float64(0.1), float64(2.5)), 0, "ratio between 0.1 and 2.5"),
    (InRange("ratio", -1, 2.4), 1, "ratio between -1 and 2.4"),
    (InRange("born", date(2000, 1, 1), date(2026, 11, 19)), 0, "born between"),
    (InRange("born", date(2000, 1, 2)), 1, "born at least 2000-01-02"),
    (InRange("seen", datetime(2026, 11, 20, 5)), 1, "seen at least 2026-11-20T05:00:00"),
    (InRange("seen", datetime(2026, 11, 20, 4, tzinfo=NOW.tzinfo)), 0, "seen at least"),
    (InRange("changed", maximum=datetime(2026, 11, 21, 3)), 0, "changed at most"),
    (InRange("changed", maximum=datetime(2026, 11, 21, 2)), 1, "changed at most"),
    (InRange("opens", time(9), time(18)), 1, "opens between 09:00:00 and 18:00:00"),
]


def test_every_rule_about_rows_counts_what_breaks_it(fill: Fill, run_check: Check) -> None:
    """All in one check; a null breaks only `NotNull`, and equal keys with a null are no
    duplicates."""
    table = fill(COLUMNS, ROWS)
    report = run_check(table, *(rule for rule, _, _ in JUDGED))
    assert report.rows == 5
    for (rule, failing, text), result in zip(JUDGED, report.results, strict=True):
        assert (result.failing_rows, result.passed) == (failing, failing == 0), rule
        assert text in result.rule
        assert result.detail == f"{failing} of 5 rows"
        assert len(result.samples) == failing


def test_an_empty_table_breaks_no_rule_about_rows(fill: Fill, run_check: Check) -> None:
    """Nothing is there that could break one; a sum of nothing is zero."""
    table = fill(COLUMNS)
    report = run_check(
        table, *(rule for rule, _, _ in JUDGED), RowCount(equals=0), SumEquals("amount", 0)
    )
    assert report.rows == 0
    assert not report.failed
    assert {result.failing_rows for result in report.results} == {0, None}


@pytest.mark.parametrize(
    ("rule", "passed", "detail"),
    [
        (RowCount(equals=5), True, "5 rows"),
        (RowCount(equals=6), False, "5 rows, expected 6"),
        (RowCount(minimum=5, maximum=5), True, "5 rows"),
        (RowCount(minimum=1_000), False, "5 rows, expected at least 1,000"),
        (RowCount(maximum=4), False, "5 rows, expected at most 4"),
        (SumEquals("amount", Decimal("7.10")), True, "sum is 7.10, expected 7.10"),
        (SumEquals("amount", 7.1), True, "sum is 7.10, expected 7.1"),
        (SumEquals("amount", 7), False, "sum is 7.10, expected 7, 0.10 apart"),
        (SumEquals("amount", 7, tolerance=Decimal("0.1")), True, "7.10, expected 7, 0.10 apart"),
        (SumEquals("id", 5), True, "sum is 5, expected 5"),
        (SumEquals("half", 0.8, tolerance=0.001), True, "sum is 0.79"),
        (Fresh(timedelta(hours=1), "changed"), True, "1:00:00 before the check"),
        (Fresh(timedelta(minutes=59), "changed"), False, "1:00:00 before the check"),
        (Fresh(timedelta(days=1), "seen"), True, "2026-11-20T04:00:00, 1 day, 0:00:00 before"),
        (Fresh(timedelta(hours=23), "seen"), False, "1 day, 0:00:00 before the check"),
        (Fresh(timedelta(hours=28), "born"), True, "newest is 2026-11-19, 1 day, 4:00:00 before"),
        (Fresh(timedelta(hours=27), "born"), False, "newest is 2026-11-19, 1 day, 4:00:00 before"),
    ],
)
def test_rules_about_the_table(
    fill: Fill, run_check: Check, rule: Rule, passed: bool, detail: str
) -> None:
    """Bounds belong to the range; a day counts from its end, a time without a zone is UTC."""
    (result,) = run_check(fill(COLUMNS, ROWS), rule).results
    assert (result.passed, result.failing_rows, result.samples) == (passed, None, ())
    assert detail in result.detail


def test_a_value_from_the_future_does_not_make_a_table_fresh(fill: Fill, run_check: Check) -> None:
    """It is told apart and not counted; a year beyond Python's dates is no obstacle."""
    table = fill({"day": "DATE"}, [(date(2026, 11, 1),), ("20226-01-01",), (date(2026, 11, 22),)])
    rules = (Fresh(timedelta(days=2), "day"), InRange("day", maximum=date(2026, 11, 21)))
    fresh, ranged = run_check(table, *rules).results
    assert not fresh.passed
    assert fresh.detail == (
        "newest is 2026-11-01, 19 days, 4:00:00 before the check; 2 values after the check do "
        "not count"
    )
    assert ranged.samples == ((("day", "2026-11-22"),), (("day", "20226-01-01"),))


def test_a_table_without_values_is_not_fresh(fill: Fill, run_check: Check) -> None:
    """No row and no value means that nothing came."""
    (result,) = run_check(fill({"seen": "TIMESTAMP"}, [(None,)]), Fresh(NOW - NOW, "seen")).results
    assert (result.passed, result.detail) == (False, "nothing up to the time of the check")


def test_references_find_what_the_other_table_lacks(fill: Fill, run_check: Check) -> None:
    """One or several columns; repeated and null keys of the other table change no count, a
    reference that is null in part is passed over, and a table may refer to itself."""
    people = fill(
        {"id": "INTEGER", "state": "CHAR(2)", "parent": "BIGINT"},
        [(1, "AL", None), (2, "AK", 1), (3, "WY", 9), (None, "AL", 2), (4, None, 3)],
    )
    other = fill(
        {"state": "VARCHAR(4)", "number": "BIGINT"},
        [("AL", 1), ("AL", 1), ("AK", 2), (None, 4), ("AL", None)],
        name="other",
    )
    report = run_check(
        people,
        References("state", str(other), "state"),
        References(("id", "state"), str(other), ("number", "state")),
        References("parent", str(people), "id"),
    )
    assert [result.failing_rows for result in report.results] == [1, 1, 1]
    assert [result.samples for result in report.results] == [
        ((("state", "WY"),),),
        ((("id", "3"), ("state", "WY")),),
        ((("parent", "9"),),),
    ]
    assert report.results[1].rule == f"(id, state) in {other} (number, state)"


def test_names_that_need_quotes(fill: Fill, run_check: Check) -> None:
    """Reserved words, blanks, quotes, percent signs and other scripts are names like any."""
    names = ["select", "größe in %", 'he said "no"', "%s", "order", "名前", "c0", "m0"]
    table = fill({name: "INTEGER" for name in names}, [(1,) * 8, (1,) * 8, (None,) * 8], "group")
    rules: list[Rule] = []
    for name in names:
        rules += [Unique(name), NotNull(name), InRange(name, 2), References(name, str(table), name)]
    report = run_check(table, *rules, Unique(names))
    assert [result.failing_rows for result in report.results] == [2, 1, 2, 0] * 8 + [2]


def test_a_view_is_checked_like_a_table(fill: Fill, run_check: Check, ask: Any) -> None:
    """Rules can be declared for what reports read, too."""
    table = fill({"id": "INTEGER"}, [(1,), (1,)])
    ask(f"CREATE VIEW {table.schema}.seen AS SELECT id FROM {table}")
    report = run_check(type(table)(table.schema, "seen"), Unique("id"))
    assert report.results[0].failing_rows == 2
