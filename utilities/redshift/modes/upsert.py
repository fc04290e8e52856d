"""upsert: rows whose key the table has are updated, the others are added."""

from psycopg2 import sql
from psycopg2.extensions import cursor as Cursor

from utilities.redshift.identifiers import identifier, qualified
from utilities.redshift.modes.expressions import (
    STAGED,
    insert,
    names_of,
    same_key,
    staged_value,
    values_of,
)
from utilities.redshift.modes.moving import Move, Moved


def upsert(cursor: Cursor, move: Move) -> Moved:
    """Update the rows whose key the table has, add the others.

    The staged rows have each key once: Redshift's MERGE refuses two rows for one target row.
    https://docs.aws.amazon.com/redshift/latest/dg/r_MERGE.html
    """
    before, staged_rows = _rows(cursor, qualified(move.table)), _rows(
        cursor, identifier(move.staging_table)
    )
    key = move.options.key
    changed = [column for column in move.columns if column.name not in key] or list(move.columns)
    assignments = [
        sql.SQL("{} = {}").format(identifier(column.name), staged_value(column))
        for column in changed
    ]
    cursor.execute(
        sql.SQL(
            "MERGE INTO {target} USING {source} AS {staged} ON {match} "
            "WHEN MATCHED THEN UPDATE SET {assignments} "
            "WHEN NOT MATCHED THEN INSERT ({names}) VALUES ({values})"
        ).format(
            target=qualified(move.table),
            source=identifier(move.staging_table),
            staged=STAGED,
            match=same_key(move.table, key),
            assignments=sql.SQL(", ").join(assignments),
            names=names_of(move.columns),
            values=values_of(move.columns),
        )
    )
    inserted = _rows(cursor, qualified(move.table)) - before
    return Moved(inserted=inserted, updated=staged_rows - inserted)


def _rows(cursor: Cursor, table: sql.Composable) -> int:
    cursor.execute(sql.SQL("SELECT COUNT(*) FROM {}").format(table))
    row = cursor.fetchone()
    return int(row[0]) if row else 0
