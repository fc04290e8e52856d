"""Each key of a batch once: looked after where the source has to, or chosen by the newest."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from psycopg2 import sql
from psycopg2.extensions import cursor as Cursor

from utilities.errors import KeyInvalid
from utilities.redshift.identifiers import identifier, identifiers
from utilities.redshift.modes.expressions import (
    STAGED,
    absent_from,
    listed,
    names_of,
    staged_columns,
)
from utilities.redshift.modes.moving import Move

WINNERS_TABLE = "staged winners"
RANK = sql.Identifier("rank of row")
ROWS_OF_KEY = sql.Identifier("rows of key")

_KEYS = """
SELECT COALESCE(SUM({rows}), 0), COUNT(*),
    COALESCE(SUM(CASE WHEN {incomplete} THEN {rows} ELSE 0 END), 0)
FROM (SELECT {key}, COUNT(*) AS {rows} FROM {source} GROUP BY {key}) AS keys
"""

_RANKED = """
(SELECT {names}, ROW_NUMBER() OVER (PARTITION BY {group} ORDER BY {order}) AS {rank} FROM {source})
"""


@contextmanager
def distinct_rows(cursor: Cursor, move: Move, newer: sql.Composable | None = None) -> Iterator[str]:
    """Give the name of a temporary table that holds each key of the batch once.

    With `newest` those are the rows with its greatest value, in a table of their own; else the
    staged rows themselves.

    Args:
        newer: condition under which a row of the table keeps the staged one with its key out.

    Raises:
        KeyInvalid: a key has no value, or is there twice without a column that says which wins.
    """
    require_keys(cursor, move)
    if move.options.newest is None:
        yield move.staging_table
        return
    winners = identifier(WINNERS_TABLE)
    join, missing = absent_from(move, newer) if newer else (sql.SQL(""), sql.SQL("TRUE"))
    cursor.execute(
        sql.SQL(
            "CREATE TEMPORARY TABLE {} AS SELECT {} FROM {} AS {} {} WHERE {}.{} = 1 AND {}"
        ).format(
            winners,
            staged_columns(move.columns),
            ranked_rows(move, move.options.key),
            STAGED,
            join,
            STAGED,
            RANK,
            missing,
        )
    )
    yield WINNERS_TABLE
    cursor.execute(sql.SQL("DROP TABLE {}").format(winners))


def require_keys(cursor: Cursor, move: Move) -> None:
    """Raise KeyInvalid when a staged row has no key, or, without `newest`, another one's."""
    key = move.options.key
    blanks = [sql.SQL("{} IS NULL").format(identifier(name)) for name in key]
    cursor.execute(
        sql.SQL(_KEYS).format(
            rows=ROWS_OF_KEY,
            incomplete=sql.SQL(" OR ").join(blanks),
            key=identifiers(key),
            source=identifier(move.staging_table),
        )
    )
    rows, keys, incomplete = cursor.fetchone() or (0, 0, 0)
    if incomplete:
        raise KeyInvalid(
            f"{move.table}: {incomplete:,} of {rows:,} staged rows have no value in the key "
            f"{', '.join(key)}. Expected one in every row. Nothing was loaded. Fill it, or choose "
            "another key."
        )
    if rows != keys and move.options.newest is None:
        raise KeyInvalid(
            f"{move.table}: {rows:,} staged rows have {keys:,} different keys in "
            f"{', '.join(key)}; first key that is there twice: {_first_twice(cursor, move)}. "
            "Expected each key once. Nothing was loaded. Add a column to the key, or name the "
            "column whose greatest value wins as newest."
        )


def ranked_rows(move: Move, group: Sequence[str]) -> sql.Composable:
    """Return the staged rows with their rank among those that are equal in `group`; 1 wins.

    Rows with equal `newest` are told apart by the mark of deletion, then by all other columns:
    the same batch has the same winners whenever it is loaded.
    """
    others = [column.name for column in move.columns if column.name not in move.options.key]
    first = [name for name in (move.options.newest, move.options.deleted) if name]
    order = [*first, *(name for name in others if name not in first)]
    return sql.SQL(_RANKED).format(
        names=names_of(move.columns),
        group=identifiers(list(group)),
        order=listed(sql.SQL("{} DESC NULLS LAST").format(identifier(name)) for name in order),
        rank=RANK,
        source=identifier(move.staging_table),
    )


def _first_twice(cursor: Cursor, move: Move) -> str:
    key = identifiers(move.options.key)
    cursor.execute(
        sql.SQL("SELECT {} FROM {} GROUP BY {} HAVING COUNT(*) > 1 ORDER BY {} LIMIT 1").format(
            key, identifier(move.staging_table), key, key
        )
    )
    return ", ".join(str(value) for value in cursor.fetchone() or ())
