"""history: a row for each version of a key, with the time from and to which it was valid.

A version is valid from its value of `newest`, or else from the time of the load, up to the next
one or a mark of deletion. Only what differs from the version before it becomes a row.
"""

from psycopg2 import sql
from psycopg2.extensions import cursor as Cursor

from utilities.errors import KeyInvalid
from utilities.redshift.identifiers import identifier, qualified
from utilities.redshift.modes.expressions import (
    STAGED,
    count_rows,
    is_marked,
    listed,
    names_of,
    same_key,
    staged_value,
    stored,
)
from utilities.redshift.modes.moving import Move, Moved
from utilities.redshift.modes.versions import (
    CHANGE,
    CHANGES_TABLE,
    ENDS,
    STARTS,
    VERSIONS_TABLE,
    find_changed_versions,
    find_changes,
    number_versions,
)
from utilities.redshift.modes.winners import require_keys

_INSERT = """
INSERT INTO {table} ({names}, valid_from, valid_to, is_current)
SELECT {values}, {staged}.{starts}, {staged}.{ends}, {staged}.{ends} IS NULL
FROM {changes} AS {staged} WHERE NOT ({marked})
"""

_CLOSE = """
UPDATE {table} SET valid_to = {staged}.{starts}, is_current = FALSE
FROM {changes} AS {staged}
WHERE {match} AND {current} AND {staged}.{change} = 1 AND {which}
"""


def keep_history(cursor: Cursor, move: Move) -> Moved:
    """Close the rows that staged ones replace or delete, and add the new versions.

    Raises:
        KeyInvalid: see `require_keys`; a staged row has no time; the table has more than one
            current row for a key.
    """
    require_keys(cursor, move)
    newest = [column for column in move.columns if column.name == move.options.newest]
    if newest:
        _require_times(cursor, move, newest[0].name)
        number_versions(cursor, move, newest[0])
        find_changed_versions(cursor, move)
        cursor.execute(sql.SQL("DROP TABLE {}").format(identifier(VERSIONS_TABLE)))
    else:
        find_changes(cursor, move)
    _require_one_current(cursor, move)
    marked = is_marked(move.options)
    deleted = _close(cursor, move, marked) if move.options.deleted else 0
    updated = _close(cursor, move, sql.SQL("NOT ({})").format(marked))
    inserted = _insert(cursor, move)
    cursor.execute(sql.SQL("DROP TABLE {}").format(identifier(CHANGES_TABLE)))
    return Moved(inserted=inserted, updated=updated, deleted=deleted)


def _require_times(cursor: Cursor, move: Move, newest: str) -> None:
    source = identifier(move.staging_table)
    timeless = count_rows(cursor, sql.SQL("{} WHERE {} IS NULL").format(source, identifier(newest)))
    if timeless:
        raise KeyInvalid(
            f"{move.table}: {timeless:,} staged rows have no value in {newest!r}, the time from "
            "which a version is valid. Expected one in every row. Nothing was loaded. Fill it, or "
            "leave newest out: versions are then valid from the time of the load."
        )


def _require_one_current(cursor: Cursor, move: Move) -> None:
    """Two current rows of one key become two changes at one time."""
    twice = sql.SQL("{} WHERE {} = {}").format(identifier(CHANGES_TABLE), STARTS, ENDS)
    count = count_rows(cursor, twice)
    if count:
        raise KeyInvalid(
            f"{move.table}: {count:,} keys ({', '.join(move.options.key)}) have more than one row "
            "with is_current in the table. Expected one. Nothing was loaded. Close or delete the "
            "others."
        )


def _close(cursor: Cursor, move: Move, which: sql.Composable) -> int:
    """End the current rows whose first change is one of `which`; return how many."""
    cursor.execute(
        sql.SQL(_CLOSE).format(
            table=qualified(move.table),
            staged=STAGED,
            starts=STARTS,
            changes=identifier(CHANGES_TABLE),
            match=same_key(move),
            current=stored(move.table, "is_current"),
            change=CHANGE,
            which=which,
        )
    )
    return cursor.rowcount


def _insert(cursor: Cursor, move: Move) -> int:
    cursor.execute(
        sql.SQL(_INSERT).format(
            table=qualified(move.table),
            names=names_of(move.columns),
            values=listed(staged_value(column) for column in move.columns),
            staged=STAGED,
            starts=STARTS,
            ends=ENDS,
            changes=identifier(CHANGES_TABLE),
            marked=is_marked(move.options),
        )
    )
    return cursor.rowcount
