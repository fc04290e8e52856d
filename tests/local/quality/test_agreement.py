"""Whatever a table holds, the warehouse's verdict is the one that plain Python reaches."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from psycopg2 import sql
from psycopg2.extensions import connection as Connection

from infrastructure.local.stack import Stack
from tests.clients import connect
from tests.local.quality.conftest import NOW
from utilities.quality import (
    AcceptedValues,
    Fresh,
    InRange,
    NotNull,
    RowCount,
    Rule,
    SumEquals,
    Unique,
    check,
)
from utilities.references import TableName
from utilities.settings import Settings

TABLE = TableName("agreement", 'of % "tables"')
WORDS = ["", "a", "A", "é", "it's", "%s", "\\", 'q"', "line\nbreak"]
DAYS = [NOW.date() + timedelta(days=days) for days in (-400, -2, -1, 0, 1)]


@dataclass(frozen=True)
class Row:
    """A row of the table."""

    number: int | None
    word: str | None
    amount: Decimal | None
    day: date | None


numbers = st.integers(-3, 3)
amounts = st.decimals(-5, 5, places=2)
rows = st.lists(
    st.builds(
        Row,
        st.none() | numbers,
        st.none() | st.sampled_from(WORDS),
        st.none() | amounts,
        st.none() | st.sampled_from(DAYS),
    ),
    max_size=8,
)
bounds = st.tuples(numbers, numbers)


@pytest.fixture(scope="module")
def connection(stack: Stack) -> Iterator[Connection]:
    """A connection to a warehouse with an empty table."""
    connection = connect(stack)
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA agreement")
        cursor.execute(
            sql.SQL(
                "CREATE TABLE {} (number INTEGER, word VARCHAR(20), amount NUMERIC(9,2), day DATE)"
            ).format(sql.Identifier(TABLE.schema, TABLE.table))
        )
    yield connection
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA agreement CASCADE")
    connection.close()


def fill(connection: Connection, table: list[Row]) -> None:
    """Exchange the table's rows."""
    target = sql.Identifier(TABLE.schema, TABLE.table)
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DELETE FROM {}").format(target))
        for row in table:
            values = sql.SQL(", ").join(
                map(sql.Literal, (row.number, row.word, row.amount, row.day))
            )
            cursor.execute(sql.SQL("INSERT INTO {} VALUES ({})").format(target, values))


def repeated(table: list[Row], *columns: str) -> int:
    """Count the rows that share a whole key with another."""
    keys = [tuple(getattr(row, column) for column in columns) for row in table]
    counts = Counter(key for key in keys if None not in key)
    return sum(count for count in counts.values() if count > 1)


@hypothesis_settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows, bounds, st.sets(st.sampled_from(WORDS), min_size=1), amounts, st.integers(0, 3))
def test_the_warehouse_agrees_with_python(
    connection: Connection,
    settings: Settings,
    table: list[Row],
    ends: tuple[int, int],
    words: set[str],
    total: Decimal,
    days: int,
) -> None:
    """Counts and verdicts of every kind of rule, on random rows with nulls and repeats."""
    fill(connection, table)
    low, high = ends
    rules: list[tuple[Rule, Any]] = [
        (Unique("word"), repeated(table, "word")),
        (Unique(("number", "day")), repeated(table, "number", "day")),
        (NotNull("amount"), sum(row.amount is None for row in table)),
        (
            AcceptedValues("word", tuple(words)),
            sum(row.word is not None and row.word not in words for row in table),
        ),
        (
            InRange("number", low, high),
            sum(row.number is not None and not low <= row.number <= high for row in table),
        ),
        (
            InRange("amount", maximum=total),
            sum(row.amount is not None and row.amount > total for row in table),
        ),
    ]
    whole: list[tuple[Rule, bool]] = [
        (RowCount(minimum=3, maximum=5), 3 <= len(table) <= 5),
        (SumEquals("amount", total, 3), abs(sum(r.amount or 0 for r in table) - total) <= 3),
        (
            Fresh(timedelta(days=days), "day"),
            any(
                row.day is not None and NOW.date() - timedelta(days=days) <= row.day <= NOW.date()
                for row in table
            ),
        ),
    ]
    report = check(TABLE, [rule for rule, _ in rules + whole], settings, now=NOW)
    assert report.rows == len(table)
    found = [result.failing_rows for result in report.results[: len(rules)]]
    assert found == [expected for _, expected in rules]
    assert [result.passed for result in report.results[len(rules) :]] == [good for _, good in whole]
    for result in report.results[: len(rules)]:
        assert len(result.samples) == min(result.failing_rows or 0, 5)
