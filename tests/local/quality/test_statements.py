"""The statements as they are sent: only what Redshift has, names and values quoted."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlglot
from psycopg2 import sql
from sqlglot import expressions

from infrastructure.local.stack import Stack
from tests.clients import connect
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
from utilities.quality.rules import RowRule
from utilities.quality.statement import Source
from utilities.references import TableName

NOW = datetime(2026, 11, 21, 4, tzinfo=UTC)
TYPES = {"id": "BIGINT", "order": "VARCHAR(7)", "born": "DATE", "half": "REAL"}
Text = Callable[[sql.Composable], str]
RULES: list[Rule] = [
    Unique(("id", "order")),
    NotNull("id"),
    AcceptedValues("order", ("it's", "b")),
    InRange("born", date(2026, 1, 1), date(2026, 12, 31)),
    References("id", "van.other", "key"),
    RowCount(minimum=1),
    Fresh(timedelta(1), "born"),
    SumEquals("half", 2),
]


@pytest.fixture
def text(stack: Stack) -> Iterator[Text]:
    """Write a statement as it is sent; how a text is quoted depends on the server."""
    connection = connect(stack)
    yield lambda statement: statement.as_string(connection)
    connection.close()


def source(*rules: Rule) -> Source:
    """Return what reads one table for these rules."""
    return Source(TableName("van", "people"), TYPES, rules, NOW)


def test_every_rule_is_a_figure_over_one_inner_query(text: Text) -> None:
    """The whole text, once, for a person to judge."""
    assert text(source(*RULES).measuring()) == (
        "SELECT COUNT(*), "
        "COALESCE(SUM(CASE WHEN c0 IS NOT NULL AND c1 IS NOT NULL AND m0 > 1 THEN 1 ELSE 0 END), 0)"
        ", COALESCE(SUM(CASE WHEN c0 IS NULL THEN 1 ELSE 0 END), 0)"
        ", COALESCE(SUM(CASE WHEN c1 NOT IN ('it''s', 'b') THEN 1 ELSE 0 END), 0)"
        ", COALESCE(SUM(CASE WHEN NOT (c2 >= '2026-01-01'::date AND c2 <= '2026-12-31'::date)"
        " THEN 1 ELSE 0 END), 0)"
        ", COALESCE(SUM(CASE WHEN c0 IS NOT NULL AND m4 IS NULL THEN 1 ELSE 0 END), 0)"
        ", MAX(CASE WHEN c2 <= '2026-11-21'::date THEN c2 END)"
        ", COALESCE(SUM(CASE WHEN c2 > '2026-11-21'::date THEN 1 ELSE 0 END), 0)"
        ", SUM(CAST(c3 AS DOUBLE PRECISION))"
        ' FROM (SELECT t."id" AS c0, t."order" AS c1, t."born" AS c2, t."half" AS c3'
        ', COUNT(*) OVER (PARTITION BY t."id", t."order") AS m0, r4.found AS m4'
        ' FROM "van"."people" AS t LEFT JOIN (SELECT DISTINCT "key" AS k0, 1 AS found'
        ' FROM "van"."other" WHERE "key" IS NOT NULL) AS r4 ON t."id" = r4.k0) AS judged'
    )


def test_redshift_can_parse_every_statement(text: Text) -> None:
    """sqlglot reads it in Redshift's dialect, as one SELECT."""
    statements = [source(*RULES).measuring(), source(RowCount(minimum=1)).measuring()]
    statements += [source(rule).sampling(rule, 5) for rule in RULES if isinstance(rule, RowRule)]
    for statement in statements:
        (parsed,) = sqlglot.parse(text(statement), dialect="redshift")
        assert isinstance(parsed, expressions.Select)


def test_samples_are_sorted_by_all_that_is_shown(text: Text) -> None:
    """A date is shown as text, under another name than the column that it is sorted by."""
    rule = NotNull("born")
    born = Source(TableName("van", "people"), TYPES, [rule], NOW, shown=("born", "id"))
    assert text(born.sampling(rule, 5)) == (
        "SELECT CAST(c0 AS VARCHAR(64)) AS c0_text, c1"
        ' FROM (SELECT t."born" AS c0, t."id" AS c1 FROM "van"."people" AS t) AS judged'
        " WHERE c0 IS NULL ORDER BY c0, c1 LIMIT 5"
    )


def test_a_percent_sign_in_a_name_is_no_place_to_fill(text: Text) -> None:
    """Nothing is left for the driver to set in when the statement is sent."""
    rule = AcceptedValues("100%s", ("%s",))
    odd = Source(TableName("van", "people"), {"100%s": "VARCHAR(7)"}, [rule], NOW)
    assert "c0 NOT IN ('%s')" in text(odd.measuring())
    assert 't."100%s" AS c0' in text(odd.measuring())
