"""What a sensitive column holds stays in the warehouse."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests.faults.statements import statement_proxy
from tests.local.quality.conftest import NOW, Fill
from utilities.errors import ChecksFailed
from utilities.quality import (
    AcceptedValues,
    CheckReport,
    Fresh,
    InRange,
    NotNull,
    References,
    Rule,
    SumEquals,
    Unique,
    check,
    require_passed,
)
from utilities.settings import Settings

COLUMNS = {
    "id": "INTEGER",
    "email": "VARCHAR(64)",
    "salary": "NUMERIC(12,2)",
    "born": "DATE",
    "seen": "TIMESTAMP",
    "state": "VARCHAR(2)",
}
ROWS: list[tuple[Any, ...]] = [
    (1, "ada@example.org", 98765, date(1915, 12, 10), datetime(2001, 2, 3, 4, 5, 6), "AL"),
    (1, "ada@example.org", 98765, date(1915, 12, 10), datetime(2001, 2, 3, 4, 5, 6), "XX"),
    (2, None, None, None, None, None),
]
PLANTED = ("ada", "98765", "197530", "1915", "12, 10", "2001", "04:05", "13579", "1916")
SENSITIVE = ("email", "salary", "born", "seen")


def rules(other: str) -> list[Rule]:
    """Return broken rules of each kind on sensitive columns, with values of theirs."""
    return [
        AcceptedValues("email", ("not-ada@example.org",)),
        Unique("email"),
        NotNull("email"),
        InRange("salary", 0, 13579),
        SumEquals("salary", 13579),
        InRange("born", date(1916, 1, 1)),
        Fresh(timedelta(days=1), "seen"),
        References("email", other, "email"),
        AcceptedValues("state", ("AL",)),
        Unique(("id", "salary")),
    ]


@pytest.fixture
def report(fill: Fill, settings: Settings) -> CheckReport:
    """The report of a check that breaks every rule."""
    other = fill({"email": "VARCHAR(64)"}, name="other")
    table = fill(COLUMNS, ROWS)
    return check(table, rules(str(other)), settings, now=NOW, sensitive=SENSITIVE)


def test_no_planted_value_is_in_the_report(report: CheckReport) -> None:
    """Not as a value, not in a sum, an age or a bound, and no length either."""
    assert len(report.failed) == 10
    written = repr(report)
    assert [planted for planted in PLANTED if planted in written] == []
    for result in report.results:
        for sample in result.samples:
            assert all(value == "***" for name, value in sample if name in SENSITIVE)


def test_other_columns_are_still_shown(report: CheckReport) -> None:
    """Masking hides columns, not rows: what is not sensitive says where to look."""
    state = report.results[8]
    assert state.rule == "state in ('AL')"
    assert state.samples == ((("state", "XX"), ("email", "***"), ("id", "1"), ("salary", "***")),)


def test_no_planted_value_is_in_the_message(report: CheckReport) -> None:
    """The error counts, and masks its example."""
    with pytest.raises(ChecksFailed) as caught:
        require_passed(report)
    message = str(caught.value)
    assert "10 of 10 rules failed. First: email in (***): 2 of 3 rows, for example email = '***'"
    assert [planted for planted in PLANTED if planted in message] == []


def test_a_sensitive_value_is_not_even_read(fill: Fill, settings: Settings) -> None:
    """No statement selects the column itself; only counts of it come back."""
    table = fill(COLUMNS, ROWS)
    with statement_proxy(settings) as proxy:
        check(table, [Unique("email")], proxy.settings(settings), now=NOW, sensitive="email")
    sampling = proxy.statements[-2]
    assert sampling.startswith('SELECT 1 FROM (SELECT t."email" AS c0')
