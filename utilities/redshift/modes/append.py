"""append: every staged row is added."""

from psycopg2.extensions import cursor as Cursor

from utilities.redshift.modes.expressions import insert_rows
from utilities.redshift.modes.moving import Move, Moved


def append(cursor: Cursor, move: Move) -> Moved:
    """Add every staged row to the table."""
    return Moved(inserted=insert_rows(cursor, move, move.staging_table))
