"""Give columns of numbers a wider type.

Redshift changes the size of text and no other type, so a column is exchanged for a new one that
holds its values: https://docs.aws.amazon.com/redshift/latest/dg/r_ALTER_TABLE.html

In two transactions. The first adds the new column, filled; the load's own exchanges the names.
A reader who waits for the exchange may go on with a snapshot from before it, in which a column
that was filled by the same transaction would be empty.
"""

from collections.abc import Sequence

from psycopg2 import errors, sql
from psycopg2.extensions import connection as Connection
from psycopg2.extensions import cursor as Cursor

from utilities.redshift.connection import transaction
from utilities.redshift.exchangeable import Widenings, comments_on, require_exchangeable
from utilities.redshift.identifiers import identifier, qualified
from utilities.redshift.suffixes import suffixed
from utilities.references import TableName

SUFFIX = "__prefect_flows_wider"
"""Nobody else names a column so: one that is found was left by a load that died."""

_FILL = """
UPDATE {table} SET {new} = {old}
WHERE {new} <> {old} OR {new} IS NULL AND {old} IS NOT NULL OR {new} IS NOT NULL AND {old} IS NULL
"""


def prepare_wider_numbers(
    connection: Connection, table: TableName, existing: dict[str, str], widen: Widenings
) -> None:
    """Add the new columns beside the old ones, filled. The connection is in autocommit mode.

    Args:
        existing: the table's columns, name to type.

    Raises:
        SchemaMismatch: an old column cannot be dropped without losing what hangs on it.
    """
    if not widen:
        return
    with connection.cursor() as cursor:
        require_exchangeable(connection, cursor, table, existing, widen)
        try:
            with transaction(connection):
                for name, type_ in widen:
                    _add_filled(cursor, table, existing, name, type_)
        except errors.DuplicateColumn:
            return  # another load prepares the same; whether it suits us is seen under the lock


def are_prepared(existing: dict[str, str], widen: Widenings) -> bool:
    """Say whether the table has all the new columns that are needed."""
    return all(existing.get(suffixed(name, SUFFIX)) == type_ for name, type_ in widen)


def exchange_numbers(
    cursor: Cursor, table: TableName, existing: dict[str, str], widen: Widenings
) -> None:
    """Put the prepared columns in the places of the old ones, inside the load's transaction.

    They stand at the end of the table then. Comments are kept; privileges on such a column by
    itself end with it.
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
    drop_prepared(cursor, table, existing, keep=[name for name, _ in widen])


def drop_prepared(
    cursor: Cursor, table: TableName, existing: dict[str, str], keep: Sequence[str] = ()
) -> None:
    """Drop new columns that a load has prepared and did not come to use."""
    for name in existing:
        if name not in keep and suffixed(name, SUFFIX) in existing:
            _alter(cursor, table, "DROP COLUMN {}", suffixed(name, SUFFIX))


def _add_filled(
    cursor: Cursor, table: TableName, existing: dict[str, str], name: str, type_: str
) -> None:
    new = suffixed(name, SUFFIX)
    if existing.get(new) not in (None, type_):
        _alter(cursor, table, "DROP COLUMN {}", new)
    if existing.get(new) != type_:
        cursor.execute(
            sql.SQL("ALTER TABLE {} ADD COLUMN {} {}").format(
                qualified(table), identifier(new), sql.SQL(type_)
            )
        )
    _fill(cursor, table, name)


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
