"""What is new to a history: versions in their order, then those that change something."""

from collections.abc import Callable
from dataclasses import dataclass

from psycopg2 import sql
from psycopg2.extensions import cursor as Cursor

from utilities.redshift.identifiers import identifier, qualified
from utilities.redshift.modes.expressions import (
    STAGED,
    absent_from,
    all_of,
    is_marked,
    listed,
    same_key,
    staged,
    staged_columns,
    staged_value,
    stored,
)
from utilities.redshift.modes.moving import Move
from utilities.redshift.modes.winners import RANK, ranked_rows
from utilities.references import Column

VERSIONS_TABLE = "staged versions"
CHANGES_TABLE = "staged changes"
STARTS, ENDS = sql.Identifier("valid from"), sql.Identifier("valid to")
VERSION, CHANGE = sql.Identifier("number of version"), sql.Identifier("number of change")
BEFORE = sql.Identifier("version before")

# A version at or before the last thing that the table knows of its key is old news.
_VERSIONS = """
CREATE TEMPORARY TABLE {versions} AS
SELECT {columns}, {moment} AS {starts},
    ROW_NUMBER() OVER (PARTITION BY {key} ORDER BY {moment}) AS {version}
FROM {ranked} AS {staged} {join}
WHERE {staged}.{rank} = 1 AND {unknown}
"""

_CHANGES = """
CREATE TEMPORARY TABLE {changes} AS
SELECT {columns}, {moment} AS {starts},
    LEAD({moment}) OVER (PARTITION BY {key} ORDER BY {moment}) AS {ends},
    ROW_NUMBER() OVER (PARTITION BY {key} ORDER BY {moment}) AS {change}
FROM {source} AS {staged} {joins}
WHERE CASE WHEN {marked} THEN {exists} ELSE NOT ({exists}) OR {differs} END
"""


@dataclass(frozen=True)
class _Predecessor:
    """What a staged row is compared with: how to reach it, whether it exists, and differs."""

    joins: sql.Composable
    exists: sql.Composable
    differs: sql.Composable


def number_versions(cursor: Cursor, move: Move, newest: Column) -> None:
    """Make a table of the versions that are newer than what the table knows, numbered by key."""
    moment = _moment(newest)
    known = sql.SQL("CASE WHEN {} THEN {} ELSE {} END >= {}").format(
        stored(move.table, "is_current"),
        stored(move.table, "valid_from"),
        stored(move.table, "valid_to"),
        moment,
    )
    join, unknown = absent_from(move, known)
    cursor.execute(
        sql.SQL(_VERSIONS).format(
            versions=identifier(VERSIONS_TABLE),
            columns=staged_columns(move.columns),
            moment=moment,
            starts=STARTS,
            key=_key(move),
            version=VERSION,
            ranked=ranked_rows(move, [*move.options.key, newest.name]),
            staged=STAGED,
            join=join,
            rank=RANK,
            unknown=unknown,
        )
    )


def find_changes(cursor: Cursor, move: Move) -> None:
    """Make a table of the staged rows that differ from the table's current ones.

    Each is valid from the time of the load; from when the current row is, should the clock of
    another machine have made that later.
    """
    moment = sql.SQL("CASE WHEN {current} > {loaded} THEN {current} ELSE {loaded} END").format(
        current=stored(move.table, "valid_from"), loaded=sql.Literal(move.loaded_at)
    )
    _make_changes(cursor, move, move.staging_table, moment, _current_row(move))


def find_changed_versions(cursor: Cursor, move: Move) -> None:
    """Make a table of the numbered versions that differ from what was before each.

    For the first one that is the table's current row, for others the version before.
    """
    current = _current_row(move)
    same = [
        sql.SQL("{}.{} = {}").format(BEFORE, identifier(name), staged(name))
        for name in move.options.key
    ]
    join = sql.SQL(" LEFT JOIN {} AS {} ON {} AND {}.{} = {}.{} - 1").format(
        identifier(VERSIONS_TABLE), BEFORE, all_of(same), BEFORE, VERSION, STAGED, VERSION
    )
    follows = sql.SQL("{}.{} IS NOT NULL").format(BEFORE, VERSION)
    differs = _differs(move, lambda column: staged_value(column, BEFORE))
    # What follows a mark of deletion differs from it, by the mark.
    predecessor = _Predecessor(
        joins=current.joins + join,
        exists=sql.SQL("({} OR {})").format(current.exists, follows),
        differs=sql.SQL("CASE WHEN {} THEN {} ELSE {} END").format(
            follows, differs, current.differs
        ),
    )
    moment = sql.SQL("{}.{}").format(STAGED, STARTS)
    _make_changes(cursor, move, VERSIONS_TABLE, moment, predecessor)


def _make_changes(
    cursor: Cursor,
    move: Move,
    source: str,
    moment: sql.Composable,
    predecessor: _Predecessor,
) -> None:
    """Marks of deletion stay in when there is something to delete."""
    cursor.execute(
        sql.SQL(_CHANGES).format(
            changes=identifier(CHANGES_TABLE),
            columns=staged_columns(move.columns),
            moment=moment,
            starts=STARTS,
            key=_key(move),
            ends=ENDS,
            change=CHANGE,
            source=identifier(source),
            staged=STAGED,
            joins=predecessor.joins,
            marked=is_marked(move.options),
            exists=predecessor.exists,
            differs=predecessor.differs,
        )
    )


def _current_row(move: Move) -> _Predecessor:
    current = stored(move.table, "is_current")
    return _Predecessor(
        joins=sql.SQL("LEFT JOIN {} ON {} AND {}").format(
            qualified(move.table), same_key(move), current
        ),
        exists=sql.SQL("{} IS NOT NULL").format(current),
        differs=_differs(move, lambda column: stored(move.table, column.name)),
    )


def _differs(move: Move, other: Callable[[Column], sql.Composable]) -> sql.Composable:
    """Return the condition that a staged row differs from another one; never true for null.

    Key and `newest` are no content. SUPER is compared by its text.
    """
    options = move.options
    content = [c for c in move.columns if c.name not in (*options.key, options.newest)]
    form = "({a} <> {b} OR ({a} IS NULL) <> ({b} IS NULL))"
    pairs = [(c, staged_value(c), other(c)) for c in content]
    conditions = [
        sql.SQL(form).format(a=_comparable(column, a), b=_comparable(column, b))
        for column, a, b in pairs
    ]
    return sql.SQL("({})").format(sql.SQL(" OR ").join([*conditions, sql.SQL("FALSE")]))


def _comparable(column: Column, value: sql.Composable) -> sql.Composable:
    return sql.SQL("JSON_SERIALIZE({})").format(value) if column.type == "SUPER" else value


def _moment(newest: Column) -> sql.Composable:
    """Return the staged time as a TIMESTAMP, in UTC."""
    form = "({} AT TIME ZONE 'UTC')" if newest.type == "TIMESTAMPTZ" else "CAST({} AS TIMESTAMP)"
    return sql.SQL(form).format(staged(newest.name))


def _key(move: Move) -> sql.Composable:
    return listed(staged(name) for name in move.options.key)
