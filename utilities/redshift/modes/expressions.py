"""Pieces of SQL that the modes share.

Staged rows go by a name with a blank in it, and so do the tables and columns that a mode makes
for itself: no table of a load and no staged column can be called like that.
"""

from collections.abc import Iterable

from psycopg2 import sql
from psycopg2.extensions import cursor as Cursor

from utilities.redshift.identifiers import identifier, identifiers, qualified
from utilities.redshift.modes.moving import Move
from utilities.redshift.options import LoadOptions
from utilities.references import Column, TableName

STAGED = sql.Identifier("staged row")
NOTHING = sql.SQL("")


def staged(name: str) -> sql.Composable:
    """Return a column of the staged rows."""
    return sql.SQL("{}.{}").format(STAGED, identifier(name))


def staged_value(column: Column, row: sql.Composable = STAGED) -> sql.Composable:
    """Return a staged column as the table stores it: JSON text becomes SUPER.

    Args:
        row: the name by which the statement calls staged rows.
    """
    value = sql.SQL("{}.{}").format(row, identifier(column.name))
    return sql.SQL("JSON_PARSE({})").format(value) if column.type == "SUPER" else value


def stored(table: TableName, name: str) -> sql.Composable:
    """Return a column of the target."""
    return sql.SQL("{}.{}").format(qualified(table), identifier(name))


def same_values(table: TableName, names: Iterable[str]) -> sql.Composable:
    """Return the condition that a staged row and one of the table are equal in some columns."""
    return all_of(sql.SQL("{} = {}").format(stored(table, name), staged(name)) for name in names)


def same_key(move: Move) -> sql.Composable:
    """Return the condition that a staged row and one of the table have the same key."""
    return same_values(move.table, move.options.key)


def absent_from(
    move: Move, condition: sql.Composable | None = None
) -> tuple[sql.Composable, sql.Composable]:
    """Return a join and a condition that leave the staged rows whose key the table does not have.

    An outer join: Redshift does not take NOT EXISTS with every condition.
    https://docs.aws.amazon.com/redshift/latest/dg/r_correlated_subqueries.html

    Args:
        condition: what else has to be true of a row of the table, for it to count.
    """
    match = [same_key(move), *([condition] if condition else [])]
    join = sql.SQL("LEFT JOIN {} ON {}").format(qualified(move.table), all_of(match))
    return join, sql.SQL("{} IS NULL").format(stored(move.table, move.options.key[0]))


def is_marked(options: LoadOptions) -> sql.Composable:
    """Return the condition that a staged row is marked as deleted at its source."""
    if options.deleted is None:
        return sql.SQL("FALSE")
    return sql.SQL("{} IS TRUE").format(staged(options.deleted))


def all_of(conditions: Iterable[sql.Composable]) -> sql.Composable:
    """Return conditions joined by AND."""
    return sql.SQL(" AND ").join(list(conditions))


def listed(expressions: Iterable[sql.Composable]) -> sql.Composable:
    """Return expressions with commas between them."""
    return sql.SQL(", ").join(list(expressions))


def staged_columns(columns: Iterable[Column]) -> sql.Composable:
    """Return the columns as they are staged, with commas between them."""
    return listed(staged(column.name) for column in columns)


def names_of(columns: Iterable[Column]) -> sql.Composable:
    """Return the columns' names, with commas between them."""
    return identifiers([column.name for column in columns])


def insert_rows(
    cursor: Cursor,
    move: Move,
    source: str,
    join: sql.Composable = NOTHING,
    where: sql.Composable = sql.SQL("TRUE"),
) -> int:
    """Add the rows of a temporary table to the target, all of them or some; return how many."""
    cursor.execute(
        sql.SQL("INSERT INTO {} ({}) SELECT {} FROM {} AS {} {} WHERE {}").format(
            qualified(move.table),
            names_of(move.columns),
            listed(staged_value(column) for column in move.columns),
            identifier(source),
            STAGED,
            join,
            where,
        )
    )
    return cursor.rowcount


def count_rows(cursor: Cursor, table: sql.Composable) -> int:
    """Return how many rows a table has, as this transaction sees it."""
    cursor.execute(sql.SQL("SELECT COUNT(*) FROM {}").format(table))
    row = cursor.fetchone()
    return int(row[0]) if row else 0
