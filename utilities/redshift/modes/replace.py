"""replace: all rows of the table are exchanged."""

from psycopg2 import sql
from psycopg2.extensions import cursor as Cursor

from utilities.redshift.identifiers import qualified
from utilities.redshift.modes.expressions import insert_rows
from utilities.redshift.modes.moving import Move, Moved


def replace_all(cursor: Cursor, move: Move) -> Moved:
    """Delete every row of the table and add the staged ones.

    The table itself stays, and with it grants, comments and the views that stand on it. TRUNCATE
    would commit: https://docs.aws.amazon.com/redshift/latest/dg/r_TRUNCATE.html
    """
    cursor.execute(sql.SQL("DELETE FROM {}").format(qualified(move.table)))
    deleted = cursor.rowcount
    return Moved(inserted=insert_rows(cursor, move, move.staging_table), deleted=deleted)
