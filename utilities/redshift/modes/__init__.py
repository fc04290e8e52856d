"""The modes: the ways in which staged rows go into a table, one module for each."""

from psycopg2.extensions import cursor as Cursor

from utilities.redshift.modes.append import append
from utilities.redshift.modes.checking import check
from utilities.redshift.modes.moving import Move, Moved
from utilities.redshift.modes.upsert import upsert
from utilities.redshift.options import LoadOptions
from utilities.references import Column

__all__ = ["Move", "Moved", "check", "extra_columns", "move"]


def extra_columns(options: LoadOptions) -> tuple[Column, ...]:
    """Return the columns that a table needs in addition to the staged ones."""
    return ()


def move(cursor: Cursor, what: Move) -> Moved:
    """Move the staged rows into their table, as the mode says."""
    if what.options.mode == "upsert":
        return upsert(cursor, what)
    return append(cursor, what)
