"""insert_new: only rows whose key the table does not have are added."""

from psycopg2.extensions import cursor as Cursor

from utilities.redshift.modes.expressions import absent_from, insert_rows
from utilities.redshift.modes.moving import Move, Moved
from utilities.redshift.modes.winners import distinct_rows


def insert_new(cursor: Cursor, move: Move) -> Moved:
    """Add the rows whose key the table does not have; leave the others as they are.

    Raises:
        KeyInvalid: see `distinct_rows`.
    """
    join, missing = absent_from(move)
    with distinct_rows(cursor, move) as source:
        return Moved(inserted=insert_rows(cursor, move, source, join, missing))
