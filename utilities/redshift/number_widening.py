"""Give columns of numbers a wider type.

Redshift changes the size of text and no other type, so a column is exchanged for a new one that
holds its values: https://docs.aws.amazon.com/redshift/latest/dg/r_ALTER_TABLE.html

In two transactions, both under the load lock, so that they find what they have seen. The first
adds the new column, filled; the load's own exchanges the names.
A reader who waits for the exchange may go on with a snapshot from before it, in which a column
that was filled by the same transaction would be empty.
"""

from collections.abc import Sequence

from psycopg2 import sql
from psycopg2.extensions import cursor as Cursor

from utilities.redshift.column_types import is_wider
from utilities.redshift.exchangeable import Widenings, comments_on
from utilities.redshift.identifiers import identifier, qualified
from utilities.redshift.suffixes import suffixed
from utilities.references import TableName

SUFFIX = "__prefect_flows_wider"
"""Nobody else names a column so: one that is found was prepared by another load, which is under
way or died. Whoever comes to the lock first completes the exchange."""

_FILL = """
UPDATE {table} SET {new} = {old}
WHERE {new} <> {old} OR {new} IS NULL AND {old} IS NOT NULL OR {new} IS NOT NULL AND {old} IS NULL
"""


def prepare_numbers(
    cursor: Cursor, table: TableName, existing: dict[str, str], widen: Widenings
) -> None:
    """Add the new columns beside the old ones, filled, in a transaction under the load lock.

    Args:
        existing: the table's columns, name to type.
    """
    for name, type_ in widen:
        new = suffixed(name, SUFFIX)
        if existing.get(new) not in (None, type_):
            drop_prepared(cursor, table, [name])
        if existing.get(new) != type_:
            cursor.execute(
                sql.SQL("ALTER TABLE {} ADD COLUMN {} {}").format(
                    qualified(table), identifier(new), sql.SQL(type_)
                )
            )
        _fill(cursor, table, name)


def prepared(existing: dict[str, str]) -> dict[str, str]:
    """Return the columns for which a wider one stands ready, with its type."""
    ready = {name: suffixed(name, SUFFIX) for name in existing}
    return {name: existing[new] for name, new in ready.items() if new in existing}


def are_prepared(existing: dict[str, str], widen: Widenings) -> bool:
    """Say whether the table has all the new columns that are needed."""
    ready = prepared(existing)
    return all(ready.get(name) == type_ for name, type_ in widen)


def exchange_numbers(
    cursor: Cursor, table: TableName, existing: dict[str, str], widen: Widenings
) -> None:
    """Put the prepared columns in the places of the old ones, inside the load's transaction.

    They stand at the end of the table then. Comments are kept; privileges on such a column by
    itself end with it. New columns that are of no use any more go.
    """
    comments = comments_on(cursor, table, [name for name, _ in widen])
    for name, _ in widen:
        _fill(cursor, table, name)
        _alter(cursor, table, "DROP COLUMN {}", name)
        _alter(cursor, table, "RENAME COLUMN {} TO {}", suffixed(name, SUFFIX), name)
        if name in comments:
            place = sql.SQL("{}.{}").format(qualified(table), identifier(name))
            cursor.execute(
                sql.SQL("COMMENT ON COLUMN {} IS {}").format(place, sql.Literal(comments[name]))
            )
    ready = {name: type_ for name, type_ in prepared(existing).items() if name not in dict(widen)}
    useless = [name for name, type_ in ready.items() if not is_wider(type_, existing[name])]
    drop_prepared(cursor, table, useless)


def drop_prepared(cursor: Cursor, table: TableName, names: Sequence[str]) -> None:
    """Drop the new columns that stand ready for these."""
    for name in names:
        _alter(cursor, table, "DROP COLUMN {}", suffixed(name, SUFFIX))


def _fill(cursor: Cursor, table: TableName, name: str) -> None:
    cursor.execute(
        sql.SQL(_FILL).format(
            table=qualified(table), old=identifier(name), new=identifier(suffixed(name, SUFFIX))
        )
    )


def _alter(cursor: Cursor, table: TableName, change: str, *names: str) -> None:
    cursor.execute(
        sql.SQL("ALTER TABLE {} ").format(qualified(table))
        + sql.SQL(change).format(*map(identifier, names))
    )
