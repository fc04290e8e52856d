"""Pieces of SQL that the modes share. Staged rows always go by the name `staged`."""

from collections.abc import Iterable, Sequence

from psycopg2 import sql
from psycopg2.extensions import cursor as Cursor

from utilities.redshift.identifiers import identifier, identifiers, qualified
from utilities.redshift.modes.moving import Move
from utilities.references import Column, TableName

STAGED = sql.Identifier("staged")


def staged_value(column: Column) -> sql.Composable:
    """Return a staged column as the table stores it: JSON text becomes SUPER."""
    value = staged(column.name)
    return sql.SQL("JSON_PARSE({})").format(value) if column.type == "SUPER" else value


def staged(name: str) -> sql.Composable:
    """Return a column of the staged rows."""
    return sql.SQL("{}.{}").format(STAGED, identifier(name))


def stored(table: TableName, name: str) -> sql.Composable:
    """Return a column of the target."""
    return sql.SQL("{}.{}").format(qualified(table), identifier(name))


def same_key(table: TableName, key: Sequence[str]) -> sql.Composable:
    """Return the condition that a staged row and one of the table have the same key."""
    return all_of(sql.SQL("{} = {}").format(stored(table, name), staged(name)) for name in key)


def all_of(conditions: Iterable[sql.Composable]) -> sql.Composable:
    """Return conditions joined by AND."""
    return sql.SQL(" AND ").join(list(conditions))


def names_of(columns: Sequence[Column]) -> sql.Composable:
    """Return the columns' names, with commas between them."""
    return identifiers([column.name for column in columns])


def values_of(columns: Sequence[Column]) -> sql.Composable:
    """Return the columns' staged values, with commas between them."""
    return sql.SQL(", ").join([staged_value(column) for column in columns])


def insert(cursor: Cursor, move: Move, source: str, where: sql.Composable | None = None) -> int:
    """Add the staged rows of `source`, all or some, to the table; return how many."""
    cursor.execute(
        sql.SQL("INSERT INTO {target} ({names}) SELECT {values} FROM {source} AS {staged}").format(
            target=qualified(move.table),
            names=names_of(move.columns),
            values=values_of(move.columns),
            source=identifier(source),
            staged=STAGED,
        )
        + (sql.SQL(" WHERE {}").format(where) if where else sql.SQL(""))
    )
    return cursor.rowcount
