"""The transaction of a load: lock, ask the ledger, make the table fit, move the rows, record."""

import time
from datetime import UTC, datetime

import psycopg2
from psycopg2.extensions import connection as Connection
from psycopg2.extensions import cursor as Cursor

from utilities import ledger
from utilities.redshift import modes
from utilities.redshift.batch import Batch, find_known
from utilities.redshift.connection import transaction
from utilities.redshift.copying import REJECTS_TABLE, STAGING_TABLE
from utilities.redshift.fitting import Fitting, plan_fitting
from utilities.redshift.number_widening import are_prepared, exchange_numbers
from utilities.redshift.rejects import keep_rejects
from utilities.redshift.tables import add_columns, create_table, describe_table, lock_table
from utilities.references import Loaded


class AnswerLost(Exception):
    """The connection broke while COMMIT was under way; only the ledger knows how it ended."""


def commit_batch(
    connection: Connection, cursor: Cursor, batch: Batch, *, alone: bool
) -> Loaded | None:
    """Carry out the transaction for a batch that was copied; None when columns have to be widened
    first, which has its own transactions.

    Args:
        alone: keep everybody else from the table, as the exchange of columns needs: rows that
            come in after the first look are seen by nothing in the transaction.

    Raises:
        AnswerLost: the connection broke; the load may be committed.
        SchemaMismatch: types do not fit the table.
    """
    try:
        with transaction(connection):
            ledger.lock_loads(cursor)
            if alone:
                lock_table(cursor, batch.table)
            known = find_known(cursor, batch)
            if known is not None:
                return known
            existing = describe_table(cursor, batch.table)
            fitting = plan_fitting(batch.table, existing, batch.staged.columns, batch.options)
            if fitting.widen_text or not are_prepared(existing, fitting.widen_numbers):
                return None
            if fitting.exchange and not alone:
                return None
            _fit(cursor, batch, existing, fitting)
            loaded = _move(cursor, batch, fitting)
    except psycopg2.Error:
        if connection.closed:
            raise AnswerLost from None
        raise
    return loaded


def commit_nothing(connection: Connection, cursor: Cursor, batch: Batch) -> Loaded:
    """Record a batch without rows and columns: there is nothing to make a table of.

    Raises:
        AnswerLost: the connection broke; the load may be committed.
    """
    try:
        with transaction(connection):
            ledger.lock_loads(cursor)
            known = find_known(cursor, batch)
            if known is not None:
                return known
            loaded_at = datetime.now(UTC).replace(tzinfo=None)
            return _record(
                cursor, batch, Fitting(create=None, columns=()), modes.Moved(), loaded_at
            )
    except psycopg2.Error:
        if connection.closed:
            raise AnswerLost from None
        raise


def _fit(cursor: Cursor, batch: Batch, existing: dict[str, str], fitting: Fitting) -> None:
    if fitting.create is not None:
        create_table(cursor, batch.table, fitting.create.columns, fitting.create.layout)
        return
    add_columns(cursor, batch.table, fitting.add)
    exchange_numbers(cursor, batch.table, existing, fitting.exchange)


def _move(cursor: Cursor, batch: Batch, fitting: Fitting) -> Loaded:
    staged, options = batch.staged, batch.options
    loaded_at = datetime.now(UTC).replace(tzinfo=None)
    moved = modes.move(
        cursor, modes.Move(STAGING_TABLE, batch.table, fitting.columns, options, loaded_at)
    )
    if staged.rejects is not None:
        keep_rejects(cursor, REJECTS_TABLE, batch.table, batch.load_id, loaded_at)
    return _record(cursor, batch, fitting, moved, loaded_at)


def _record(
    cursor: Cursor, batch: Batch, fitting: Fitting, moved: modes.Moved, loaded_at: datetime
) -> Loaded:
    """Write the ledger's row, and return what was done."""
    staged, options = batch.staged, batch.options
    loaded = Loaded(
        table=str(batch.table),
        load_id=batch.load_id,
        source=staged.source,
        already_loaded=False,
        rows_staged=staged.rows,
        rows_inserted=moved.inserted,
        rows_updated=moved.updated,
        rows_deleted=moved.deleted,
        rows_rejected=staged.rejects.rows if staged.rejects else 0,
        columns_added=tuple(column.name for column in fitting.add),
        columns_widened=tuple(name for name, _ in fitting.exchange),
        columns_discarded=fitting.discard,
        watermark=options.watermark,
        seconds=time.monotonic() - batch.started,
    )
    entry = ledger.Entry(
        mode=options.mode,
        loaded_at=loaded_at,
        deployment=batch.settings.deployment_name,
        commit_hash=batch.settings.commit_hash,
        flow_run=options.flow_run,
    )
    ledger.record_load(cursor, loaded, staged, entry)
    return loaded
