"""What a load widens before its own transaction, and how it is taken back when the load fails."""

import psycopg2
from psycopg2.extensions import connection as Connection
from psycopg2.extensions import cursor as Cursor

from utilities import ledger
from utilities.errors import SchemaMismatch
from utilities.redshift.batch import Batch
from utilities.redshift.connection import transaction
from utilities.redshift.exchangeable import require_exchangeable
from utilities.redshift.fitting import Fitting, plan_fitting
from utilities.redshift.number_widening import drop_prepared, prepare_numbers, prepared
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
        if fitting.exchange:
            _prepare(connection, cursor, batch, existing, fitting)
    except (psycopg2.Error, SchemaMismatch):
        # Another load may have made the columns wider than this plan knows; then it is planned
        # again, under the lock.
        if connection.closed or describe_table(cursor, batch.table) == existing:
            raise


def _prepare(
    connection: Connection,
    cursor: Cursor,
    batch: Batch,
    existing: dict[str, str],
    fitting: Fitting,
) -> None:
    table = batch.table
    require_exchangeable(connection, cursor, table, existing, fitting.widen_numbers)
    stuck = set()
    for widening in fitting.finish:
        try:
            require_exchangeable(connection, cursor, table, existing, [widening])
        except SchemaMismatch:
            stuck.add(widening[0])
    looked_at = dict(fitting.widen_numbers)
    with transaction(connection):
        ledger.lock_loads(cursor)
        existing, fitting = plan_now(cursor, batch)
        widen = [widening for widening in fitting.widen_numbers if widening[0] in looked_at]
        prepare_numbers(cursor, table, existing, widen)
        drop_prepared(cursor, table, [name for name, _ in fitting.finish if name in stuck])


def take_back(connection: Connection, cursor: Cursor, batch: Batch, fitting: Fitting) -> None:
    """Drop what was prepared for a load that failed; wider text stays, as it harms nobody.

    When the connection is gone too, the next load into the table completes the exchange.
    """
    if connection.closed or not fitting.widen_numbers:
        return
    own = dict(fitting.widen_numbers)
    try:
        with transaction(connection):
            ledger.lock_loads(cursor)
            ready = prepared(describe_table(cursor, batch.table))
            drop_prepared(cursor, batch.table, [name for name in ready if name in own])
    except psycopg2.Error:
        return  # the failure that brought us here says more
