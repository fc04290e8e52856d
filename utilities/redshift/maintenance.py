"""After the commit: fresh statistics and reclaimed space, when a load was large enough for it.

Redshift does both by itself when it finds the time; a load that changed a good part of a table
makes its readers wait for that, so it does it at once.
https://docs.aws.amazon.com/redshift/latest/dg/t_Analyzing_tables.html,
https://docs.aws.amazon.com/redshift/latest/dg/t_Reclaiming_storage_space202.html
"""

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import connection as Connection
from psycopg2.extensions import cursor as Cursor

from utilities.redshift.identifiers import qualified
from utilities.redshift.refusals import without_secrets
from utilities.references import Loaded, TableName
from utilities.settings import Settings

FEWEST_ROWS = 100_000
"""Loads that touch fewer rows cost no statement at all."""

ANALYZE_SHARE = 0.1
"""Of the table's rows that were touched. ANALYZE itself skips a table below ten percent."""

VACUUM_SHARE = 1 / 3
"""Of dead rows to the table's rows. Scans read dead rows until they are removed."""


def maintain(
    connection: Connection, table: TableName, loaded: Loaded, settings: Settings
) -> tuple[str, ...]:
    """Run ANALYZE and VACUUM where they are worth it. The connection is in autocommit mode.

    How much a load touched is known from its own counts, and the table's rows are counted;
    `svv_table_info` lags behind the commit, and only superusers may read it.

    Returns:
        What could not be done, each as a sentence: the rows are loaded all the same.
    """
    dead = loaded.rows_updated + loaded.rows_deleted
    touched = loaded.rows_inserted + dead
    if touched < FEWEST_ROWS:
        return ()
    try:
        with connection.cursor() as cursor:
            rows = _count_rows(cursor, table)
            if dead >= FEWEST_ROWS and dead >= rows * VACUUM_SHARE:
                cursor.execute(sql.SQL("VACUUM DELETE ONLY {}").format(qualified(table)))
            if touched >= rows * ANALYZE_SHARE:
                cursor.execute(sql.SQL("ANALYZE {}").format(qualified(table)))
    except psycopg2.Error as error:
        said = without_secrets(" ".join(str(error).split()), settings)
        return (
            f"{table}: the rows are loaded, but not followed by VACUUM and ANALYZE ({said}). "
            "Redshift will do both by itself, later; at once only the table's owner can.",
        )
    return ()


def _count_rows(cursor: Cursor, table: TableName) -> int:
    cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(qualified(table)))
    row = cursor.fetchone()
    return int(row[0]) if row else 0
