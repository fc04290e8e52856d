"""How often a check reads its table: as written down by a proxy, and as planned by the server."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.faults.statements import StatementProxy, statement_proxy
from tests.local.quality.conftest import NOW, Fill
from utilities.errors import ParameterInvalid
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
    check,
)
from utilities.references import TableName
from utilities.settings import Settings

COLUMNS = {"id": "BIGINT", "state": "VARCHAR(2)", "votes": "INTEGER", "seen": "TIMESTAMPTZ"}
ROWS = [(1, "AL", 10, NOW), (2, "AK", 20, NOW), (3, "AL", 30, NOW)]


@pytest.fixture
def proxy(settings: Settings) -> Iterator[StatementProxy]:
    """A proxy before the warehouse that writes every statement down."""
    with statement_proxy(settings) as running:
        yield running


def every_rule(states: TableName) -> list[Rule]:
    """Return rules of each kind, several of some, that the rows above keep."""
    return [
        Unique("id"),
        Unique(("state", "votes")),
        NotNull("id"),
        NotNull("seen"),
        AcceptedValues("state", ("AL", "AK")),
        InRange("votes", 0, 100),
        References("state", str(states), "code"),
        RowCount(minimum=1, last_loads=5, within=0.5),
        Fresh(timedelta(days=1), "seen"),
        SumEquals("votes", 60),
    ]


def reads(proxy: StatementProxy, table: TableName) -> list[str]:
    """Return the statements that name a table as SQL does."""
    name = f'"{table.schema}"."{table.table}"'
    return [statement for statement in proxy.statements if name in statement]


def test_all_rules_are_one_statement(fill: Fill, proxy: StatementProxy, settings: Settings) -> None:
    """When every rule is kept, the warehouse gets one statement that reads the table."""
    table, states = fill(COLUMNS, ROWS), fill({"code": "CHAR(2)"}, [("AL",), ("AK",)], "states")
    report = check(table, every_rule(states), proxy.settings(settings), now=NOW)
    assert all(result.passed for result in report.results)
    assert len(reads(proxy, table)) == 1


def test_the_statement_scans_the_table_once(
    fill: Fill, proxy: StatementProxy, settings: Settings, ask: Any
) -> None:
    """PostgreSQL's plan for it reads the table, and the one that is referred to, once each."""
    table, states = fill(COLUMNS, ROWS), fill({"code": "CHAR(2)"}, [("AL",), ("AK",)], "states")
    check(table, every_rule(states), proxy.settings(settings), now=NOW)
    (statement,) = reads(proxy, table)
    plan = "\n".join(row[0] for row in ask(f"EXPLAIN {statement}"))
    scans = re.findall(r"Seq Scan on (\w+)", plan)
    assert sorted(scans) == [states.table, table.table]


def test_only_a_rule_that_rows_break_costs_another_statement(
    fill: Fill, proxy: StatementProxy, settings: Settings
) -> None:
    """Broken rules about the whole table have no rows to show."""
    table = fill(COLUMNS, ROWS)
    rules = (NotNull("id"), InRange("votes", 15), Unique("state"), RowCount(5), SumEquals("id", 1))
    report = check(table, rules, proxy.settings(settings), now=NOW)
    assert len(report.failed) == 4
    assert len(reads(proxy, table)) == 1 + 2


def test_samples_are_few_and_always_the_same(
    fill: Fill, proxy: StatementProxy, settings: Settings
) -> None:
    """As many as asked for, sorted by what is shown, with the key that tells the row; none cost
    no statement."""
    table = fill(COLUMNS, [(id_, "AL", -id_, None) for id_ in (7, 3, 9, 1, 5)])
    rules = (InRange("votes", 0), Unique("id"))
    result = check(table, rules, settings, now=NOW, samples=2).results[0]
    assert result.samples == (
        (("votes", "-9"), ("id", "9")),
        (("votes", "-7"), ("id", "7")),
    )
    assert check(table, rules, proxy.settings(settings), now=NOW, samples=0).failed[0].samples == ()
    assert len(reads(proxy, table)) == 1


def test_a_wrong_declaration_reads_nothing(
    fill: Fill, proxy: StatementProxy, settings: Settings
) -> None:
    """It is refused from the catalog alone."""
    table = fill(COLUMNS, ROWS)
    with pytest.raises(ParameterInvalid, match="there is no column 'voters'. The table has: id, "):
        check(table, [NotNull("id"), NotNull("voters")], proxy.settings(settings), now=NOW)
    assert reads(proxy, table) == []
