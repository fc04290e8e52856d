"""upsert: rows whose key the table has are updated, the others are added."""

from psycopg2 import sql
from psycopg2.extensions import cursor as Cursor

from utilities.redshift.identifiers import identifier, qualified
from utilities.redshift.modes.expressions import (
    STAGED,
    count_rows,
    is_marked,
    listed,
    names_of,
    same_key,
    staged,
    staged_value,
    stored,
)
from utilities.redshift.modes.moving import Move, Moved
from utilities.redshift.modes.winners import distinct_rows

_MERGE = """
MERGE INTO {table} USING {source} AS {staged} ON {match}
WHEN MATCHED THEN UPDATE SET {assignments}
WHEN NOT MATCHED THEN INSERT ({names}) VALUES ({values})
"""


def upsert(cursor: Cursor, move: Move) -> Moved:
    """Delete what is marked so, update the rows whose key the table has, add the others.

    Raises:
        KeyInvalid: see `distinct_rows`.
    """
    with distinct_rows(cursor, move, _newer(move)) as source:
        deleted = _delete_marked(cursor, move, source) if move.options.deleted else 0
        rows = count_rows(cursor, identifier(source))
        inserted = _merge(cursor, move, source) if rows else 0
    return Moved(inserted=inserted, updated=rows - inserted, deleted=deleted)


def _newer(move: Move) -> sql.Composable | None:
    """Return the condition that a row of the table is newer than the staged one."""
    if move.options.newest is None:
        return None
    return sql.SQL("({stored} > {staged} OR {stored} IS NOT NULL AND {staged} IS NULL)").format(
        stored=stored(move.table, move.options.newest), staged=staged(move.options.newest)
    )


def _delete_marked(cursor: Cursor, move: Move, source: str) -> int:
    """Delete the rows that are marked, first the table's, then the marks themselves."""
    marked = is_marked(move.options)
    cursor.execute(
        sql.SQL("DELETE FROM {} USING {} AS {} WHERE {} AND {}").format(
            qualified(move.table),
            identifier(source),
            STAGED,
            same_key(move),
            marked,
        )
    )
    deleted = cursor.rowcount
    cursor.execute(
        sql.SQL("DELETE FROM {} WHERE {} IS TRUE").format(
            identifier(source), identifier(move.options.deleted or "")
        )
    )
    return deleted


def _merge(cursor: Cursor, move: Move, source: str) -> int:
    """Update and add; return how many rows were added.

    Each key is in `source` once: MERGE refuses two rows for one of the table. What it added is
    told by the table's size, which costs less than a join and does not depend on what a server
    counts in its answer. https://docs.aws.amazon.com/redshift/latest/dg/r_MERGE.html
    """
    before = count_rows(cursor, qualified(move.table))
    key = move.options.key
    changed = [column for column in move.columns if column.name not in key] or move.columns
    cursor.execute(
        sql.SQL(_MERGE).format(
            table=qualified(move.table),
            source=identifier(source),
            staged=STAGED,
            match=same_key(move),
            assignments=listed(
                sql.SQL("{} = {}").format(identifier(column.name), staged_value(column))
                for column in changed
            ),
            names=names_of(move.columns),
            values=listed(staged_value(column) for column in move.columns),
        )
    )
    return count_rows(cursor, qualified(move.table)) - before
