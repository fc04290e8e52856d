"""replace_slice: the rows of a day, a state or another partition are exchanged."""

from psycopg2 import sql
from psycopg2.extensions import cursor as Cursor

from utilities.errors import KeyInvalid
from utilities.redshift.identifiers import identifier, identifiers, qualified
from utilities.redshift.modes.expressions import (
    STAGED,
    all_of,
    insert_rows,
    listed,
    same_values,
    staged,
    stored,
)
from utilities.redshift.modes.moving import Move, Moved

SLICES_TABLE = "staged slices"


def replace_slice(cursor: Cursor, move: Move) -> Moved:
    """Delete the rows of the slices that the batch holds, and add the staged ones.

    Raises:
        KeyInvalid: staged rows have no value in a slice column, or lie outside of the slice that
            was named.
    """
    _refuse_nulls(cursor, move)
    if move.options.slice_values is not None:
        deleted = _delete_named_slice(cursor, move, move.options.slice_values)
    else:
        deleted = _delete_staged_slices(cursor, move)
    return Moved(inserted=insert_rows(cursor, move, move.staging_table), deleted=deleted)


def _refuse_nulls(cursor: Cursor, move: Move) -> None:
    counts = [sql.SQL("COUNT({})").format(identifier(name)) for name in move.options.slice_columns]
    cursor.execute(
        sql.SQL("SELECT COUNT(*), {} FROM {}").format(
            listed(counts), identifier(move.staging_table)
        )
    )
    rows, *filled = cursor.fetchone() or (0,)
    for name, count in zip(move.options.slice_columns, filled, strict=True):
        if count != rows:
            raise KeyInvalid(
                f"{move.table}: {rows - count:,} of {rows:,} staged rows have no value in the "
                f"slice column {name!r}. Expected one in every row. Nothing was loaded. Fill it, "
                "or leave these rows out."
            )


def _delete_named_slice(cursor: Cursor, move: Move, values: tuple[str, ...]) -> int:
    """Delete the rows of one slice, also when the batch has none for it."""
    columns = move.options.slice_columns
    _refuse_strays(cursor, move, values)
    pairs = zip(columns, values, strict=True)
    cursor.execute(
        sql.SQL("DELETE FROM {} WHERE {}").format(
            qualified(move.table),
            all_of(
                sql.SQL("{} = {}").format(stored(move.table, name), sql.Literal(value))
                for name, value in pairs
            ),
        )
    )
    return cursor.rowcount


def _refuse_strays(cursor: Cursor, move: Move, values: tuple[str, ...]) -> None:
    columns = move.options.slice_columns
    inside = all_of(
        sql.SQL("{} = {}").format(staged(name), sql.Literal(value))
        for name, value in zip(columns, values, strict=True)
    )
    source = sql.SQL("FROM {} AS {} WHERE NOT ({})").format(
        identifier(move.staging_table), STAGED, inside
    )
    cursor.execute(sql.SQL("SELECT COUNT(*) ") + source)
    (strays,) = cursor.fetchone() or (0,)
    if not strays:
        return
    names = identifiers(columns)
    cursor.execute(sql.SQL("SELECT {} {} ORDER BY {} LIMIT 1").format(names, source, names))
    first = ", ".join(str(value) for value in cursor.fetchone() or ())
    raise KeyInvalid(
        f"{move.table}: {strays:,} staged rows lie outside of the slice "
        f"{', '.join(columns)} = {', '.join(values)}; first: {first}. Nothing was loaded. Name the "
        "slice that the batch holds, or leave slice_values out to exchange every slice in it."
    )


def _delete_staged_slices(cursor: Cursor, move: Move) -> int:
    """Delete the rows of every slice that occurs in the batch.

    Through a table of the slices, each once: joined with the staged rows themselves, each row of
    the target would be matched by a whole slice.
    """
    slices = identifier(SLICES_TABLE)
    cursor.execute(
        sql.SQL("CREATE TEMPORARY TABLE {} AS SELECT DISTINCT {} FROM {}").format(
            slices, identifiers(move.options.slice_columns), identifier(move.staging_table)
        )
    )
    cursor.execute(
        sql.SQL("DELETE FROM {} USING {} AS {} WHERE {}").format(
            qualified(move.table),
            slices,
            STAGED,
            same_values(move.table, move.options.slice_columns),
        )
    )
    deleted = cursor.rowcount
    cursor.execute(sql.SQL("DROP TABLE {}").format(slices))
    return deleted
