"""What a load widens before its own transaction, and how it is taken back when the load fails."""

import psycopg2
from psycopg2.extensions import connection as Connection
from psycopg2.extensions import cursor as Cursor

from utilities.errors import SchemaMismatch
from utilities.redshift.batch import Batch
from utilities.redshift.fitting import Fitting, plan_fitting
from utilities.redshift.number_widening import drop_prepared, prepare_wider_numbers
from utilities.redshift.tables import describe_table
from utilities.redshift.text_widening import widen_text


def plan_now(cursor: Cursor, batch: Batch) -> tuple[dict[str, str], Fitting]:
    """Return the table's columns as they are, and what has to change in them."""
    existing = describe_table(cursor, batch.table)
    return existing, plan_fitting(batch.table, existing, batch.staged.columns, batch.options)


def widen_ahead(
    connection: Connection,
    cursor: Cursor,
    batch: Batch,
    existing: dict[str, str],
    fitting: Fitting,
) -> None:
    """Widen text, and prepare wider numbers. The connection is in autocommit mode.

    Raises:
        SchemaMismatch: Redshift does not widen such a column.
    """
    try:
        widen_text(cursor, batch.table, fitting.widen_text)
    except (psycopg2.Error, SchemaMismatch):
        # What another load has widened meanwhile, further than we would, stays so.
        if connection.closed or plan_now(cursor, batch)[1].widen_text:
            raise
    prepare_wider_numbers(connection, batch.table, existing, fitting.widen_numbers)


def take_back(connection: Connection, cursor: Cursor, batch: Batch) -> None:
    """Drop what was prepared for a load that failed; wider text stays, as it harms nobody.

    When the connection is gone too, the next load into the table does this.
    """
    if connection.closed:
        return
    try:
        drop_prepared(cursor, batch.table, describe_table(cursor, batch.table))
    except psycopg2.Error:
        return  # the failure that brought us here says more
