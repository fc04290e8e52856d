"""The modes: the ways in which staged rows go into a table, one module for each.

A mode runs inside the load's transaction, on rows that COPY has put into a temporary table, and
counts exactly what it does.
"""

from collections.abc import Callable

from psycopg2.extensions import cursor as Cursor

from utilities.redshift.identifiers import identifier
from utilities.redshift.modes.append import append
from utilities.redshift.modes.checking import HISTORY_COLUMNS, check
from utilities.redshift.modes.expressions import count_rows
from utilities.redshift.modes.history import keep_history
from utilities.redshift.modes.insert_new import insert_new
from utilities.redshift.modes.moving import Move, Moved
from utilities.redshift.modes.naming import with_staged_names
from utilities.redshift.modes.replace import replace_all
from utilities.redshift.modes.replace_slice import replace_slice
from utilities.redshift.modes.upsert import upsert
from utilities.redshift.options import LoadOptions, Mode
from utilities.references import Column

__all__ = ["Move", "Moved", "check", "extra_columns", "move"]

_MODES: dict[Mode, Callable[[Cursor, Move], Moved]] = {
    "append": append,
    "replace": replace_all,
    "upsert": upsert,
    "replace_slice": replace_slice,
    "history": keep_history,
    "insert_new": insert_new,
}


def extra_columns(options: LoadOptions) -> tuple[Column, ...]:
    """Return the columns that the table needs in addition to the staged ones."""
    if options.mode != "history":
        return ()
    types = ("TIMESTAMP", "TIMESTAMP", "BOOLEAN")
    return tuple(Column(name, type_, name) for name, type_ in zip(HISTORY_COLUMNS, types))


def move(cursor: Cursor, what: Move) -> Moved:
    """Move the staged rows into their table, as the mode says.

    Raises:
        KeyInvalid: keys or slices of the staged rows have no value or contradict each other.
        SchemaMismatch: a column that the mode works with does not go into the table.
    """
    known = with_staged_names(what)
    if known.options.key and not count_rows(cursor, identifier(known.staging_table)):
        return Moved()
    return _MODES[known.options.mode](cursor, known)
