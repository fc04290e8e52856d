"""What the tests of checks share: a table filled as another client would, and a check of it."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from psycopg2 import sql

from infrastructure.local.stack import Stack
from tests.clients import connect
from tests.local.warehouse import ask, settings
from utilities.quality import CheckReport, Rule, check
from utilities.references import TableName
from utilities.settings import Settings

__all__ = ["ask", "settings"]

NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)

Fill = Callable[..., TableName]
Check = Callable[..., CheckReport]


@pytest.fixture
def fill(stack: Stack, schema: str) -> Fill:
    """Create a table from pairs of column and type, and insert rows."""

    def run(
        columns: dict[str, str], rows: Sequence[tuple[Any, ...]] = (), name: str = "t"
    ) -> TableName:
        table = TableName(schema, name)
        definitions = [
            sql.SQL("{} {}").format(sql.Identifier(column), sql.SQL(type_))
            for column, type_ in columns.items()
        ]
        target = sql.Identifier(schema, name)
        connection = connect(stack)
        with connection.cursor() as cursor:
            cursor.execute(
                sql.SQL("CREATE TABLE {} ({})").format(target, sql.SQL(", ").join(definitions))
            )
            for row in rows:
                values = sql.SQL(", ").join(map(sql.Literal, row))
                cursor.execute(sql.SQL("INSERT INTO {} VALUES ({})").format(target, values))
        connection.close()
        return table

    return run


@pytest.fixture
def run_check(settings: Settings) -> Check:
    """Check a table at a fixed time."""

    def run(table: TableName, *rules: Rule, **options: Any) -> CheckReport:
        return check(table, rules, settings, **{"now": NOW, **options})

    return run
