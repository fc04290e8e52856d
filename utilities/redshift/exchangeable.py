"""Whether a column can be exchanged for another one of the same name, and what hangs on it."""

from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from psycopg2 import errors, sql
from psycopg2.extensions import connection as Connection
from psycopg2.extensions import cursor as Cursor

from utilities.errors import SchemaMismatch
from utilities.redshift.connection import transaction
from utilities.redshift.identifiers import identifier, qualified
from utilities.references import TableName

Widenings = Sequence[tuple[str, str]]
"""Pairs of column and new type."""


def require_exchangeable(
    connection: Connection,
    cursor: Cursor,
    table: TableName,
    existing: dict[str, str],
    widen: Widenings,
) -> None:
    """Raise SchemaMismatch when an old column holds more than its values.

    Args:
        existing: the table's columns, name to type.
    """
    types = dict(widen)
    for name, in_dist, in_sort, is_not_null, has_default, keys, _ in _facts(
        cursor, table, list(types)
    ):
        reasons = {
            "it is the distribution key": in_dist,
            "it is part of the sort key": in_sort,
            "it is part of a declared key": keys,
            "it is NOT NULL": is_not_null,
            "it has a default": has_default,
        }
        for reason, holds in reasons.items():
            if holds:
                raise _refused(table, name, existing[name], types[name], reason)
    for name, type_ in widen:
        try:
            _try_to_drop(connection, cursor, table, name)
        except errors.DependentObjectsStillExist as error:
            depends = " ".join((error.diag.message_detail or "a view depends on it").split())
            raise _refused(table, name, existing[name], type_, depends) from None


class _Rehearsed(Exception):
    """A statement went well and is to be taken back."""


def _try_to_drop(connection: Connection, cursor: Cursor, table: TableName, name: str) -> None:
    """Drop a column and take it back: only Redshift knows the views that depend on it."""
    try:
        with transaction(connection):
            cursor.execute(
                sql.SQL("ALTER TABLE {} DROP COLUMN {}").format(qualified(table), identifier(name))
            )
            raise _Rehearsed
    except _Rehearsed:
        return


def comments_on(cursor: Cursor, table: TableName, names: Sequence[str]) -> dict[str, str]:
    """Return the comments on columns, by name; only those that there are."""
    return {row[0]: row[-1] for row in _facts(cursor, table, names) if row[-1]}


def _facts(cursor: Cursor, table: TableName, names: Sequence[str]) -> list[tuple[Any, ...]]:
    if not names:
        return []
    query = files("utilities.redshift").joinpath("column_facts.sql").read_text()
    cursor.execute(query, (table.schema, table.table, tuple(names)))
    return cursor.fetchall()


def _refused(table: TableName, name: str, found: str, needed: str, reason: str) -> SchemaMismatch:
    return SchemaMismatch(
        f"{table}: column {name!r} is {found} and would have to become {needed} "
        "(schema_policy='evolve'), for which Redshift needs a new column in its place; it cannot "
        f"be exchanged: {reason}. Nothing was loaded. Change the column by hand, or load into a "
        "new table."
    )
