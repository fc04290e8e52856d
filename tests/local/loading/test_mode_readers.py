"""Who reads while a load runs sees the table as it was, or as it is afterwards."""

import threading
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from typing import Any

import pytest
from psycopg2.extensions import connection as Connection
from psycopg2.extensions import cursor as Cursor

from infrastructure.local.stack import Stack
from tests.clients import connect
from tests.local.loading.typed_rows import PutRows
from utilities.redshift import LoadOptions, Mode, load, modes
from utilities.references import Column, TableName
from utilities.settings import Settings

COLUMNS = [("id", "BIGINT"), ("state", "VARCHAR")]
OPTIONS = {
    "append": LoadOptions(),
    "replace": LoadOptions("replace"),
    "upsert": LoadOptions("upsert", key=("id",)),
    "replace_slice": LoadOptions("replace_slice", slice_columns=("state",)),
    "history": LoadOptions("history", key=("id",)),
    "insert_new": LoadOptions("insert_new", key=("id",)),
}


class ObservedCursor(Cursor):
    """A cursor that lets somebody look after each of its statements."""

    observe: Callable[[], None]

    def execute(self, query: Any, vars: Any = None) -> None:
        super().execute(query, vars)
        self.observe()


@pytest.mark.parametrize("mode", list(OPTIONS))
def test_between_any_two_statements_nothing_is_seen(stack: Stack, schema: str, mode: Mode) -> None:
    """A second connection reads the whole table after each statement of the mode."""
    table = TableName(schema, "watched")
    columns = tuple(Column(name, type_, name) for name, type_ in COLUMNS)
    seen: list[list[tuple[int, str]]] = []
    # Closed in any case: an open transaction would keep the schema from being dropped.
    with closing(connect(stack)) as reader, closing(connect(stack)) as writer:

        def look() -> None:
            with reader.cursor() as cursor:
                cursor.execute(f"SELECT id, state FROM {table} ORDER BY id, state")
                seen.append(cursor.fetchall())

        _prepare(writer, table, mode)
        writer.autocommit = False
        with writer.cursor(cursor_factory=ObservedCursor) as observed:
            observed.observe = look
            what = modes.Move("batch", table, columns, OPTIONS[mode], datetime(2024, 11, 5))
            modes.move(observed, what)
        writer.commit()
        assert seen and all(rows == [(1, "NY"), (2, "CA")] for rows in seen)
        look()
    assert seen[-1] != seen[0]


def _prepare(writer: Connection, table: TableName, mode: Mode) -> None:
    extra = [f", {c.name} {c.type}" for c in modes.extra_columns(OPTIONS[mode])]
    with writer.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {table} (id BIGINT, state VARCHAR(9){''.join(extra)})")
        cursor.execute(f"INSERT INTO {table} (id, state) VALUES (1, 'NY'), (2, 'CA')")
        cursor.execute("CREATE TEMPORARY TABLE batch (id BIGINT, state VARCHAR(9))")
        cursor.execute("INSERT INTO batch VALUES (2, 'NY'), (3, 'CA')")


def test_a_table_that_is_replaced_is_never_empty(
    stack: Stack, put_rows: PutRows, settings: Settings, schema: str
) -> None:
    """A reader that asks all the time, while ten loads exchange all rows, sees whole batches."""
    table = TableName(schema, "polled")
    batches = [put_rows(COLUMNS, [(n, f"s{batch}") for n in range(500)]) for batch in range(10)]
    load(batches[0], table, OPTIONS["replace"], settings)
    done, seen = threading.Event(), set()

    def poll() -> None:
        connection = connect(stack)
        with connection.cursor() as cursor:
            while not done.is_set():
                cursor.execute(f"SELECT COUNT(*), COUNT(DISTINCT state) FROM {table}")
                seen.update(cursor.fetchall())
        connection.close()

    reader = threading.Thread(target=poll)
    reader.start()
    try:
        for batch in batches[1:]:
            load(batch, table, OPTIONS["replace"], settings)
    finally:
        done.set()
        reader.join(timeout=60)
    assert seen == {(500, 1)}
