"""Load a staged batch into a table: exactly once, atomic, whatever dies on the way.

COPY fills a table that only this session sees. Then one transaction locks out other loads,
asks the ledger, makes the table fit, moves the rows and writes the ledger; readers see all of it
at the commit or nothing. A batch that the ledger knows is skipped, so a load can always be
repeated, also when the answer to its COMMIT was lost.
"""

import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import uuid4

import psycopg2
from psycopg2.extensions import connection as Connection
from psycopg2.extensions import cursor as Cursor

from utilities import ledger
from utilities.errors import (
    InvariantBroken,
    SchemaMismatch,
    WarehouseUnavailable,
)
from utilities.redshift import modes
from utilities.redshift.access import copy_statement
from utilities.redshift.connection import connected, transaction
from utilities.redshift.options import LoadOptions
from utilities.redshift.refusals import explained
from utilities.redshift.tables import (
    add_columns,
    create_staging_table,
    create_table,
    describe_table,
    plan_fitting,
    widen_columns,
)
from utilities.references import Loaded, Staged, TableName
from utilities.settings import Settings

STAGING_TABLE = "staged_batch"
WIDENING_ATTEMPTS = 3
"""Another load may change the table between our widening and our lock; it is looked at again."""


def load(staged: Staged, table: TableName, options: LoadOptions, settings: Settings) -> Loaded:
    """Load a staged batch into a table, once.

    Returns:
        What was done; `already_loaded` is set when the ledger knew the batch.

    Raises:
        ParameterInvalid, KeyInvalid: mode and key do not go together with the batch.
        SchemaMismatch: types do not fit the table.
        LoadRejected: Redshift refused rows or statements.
        WarehouseUnavailable: try again; nothing was committed, or the ledger knows.
        InvariantBroken: Redshift counted other rows than were staged.
    """
    modes.check(staged, table, options)
    started = time.monotonic()
    load_id = str(uuid4())
    try:
        with connected(settings) as connection, explained(str(table), settings):
            return _load(connection, _Batch(load_id, staged, table, options, settings, started))
    except _AnswerLost:
        return _resolve(load_id, staged, table, settings)


@dataclass(frozen=True)
class _Batch:
    load_id: str
    staged: Staged
    table: TableName
    options: LoadOptions
    settings: Settings
    started: float


class _AnswerLost(Exception):
    """The connection broke while COMMIT was under way; only the ledger knows how it ended."""


def _load(connection: Connection, batch: _Batch) -> Loaded:
    ledger.create_ledger(connection)
    with connection.cursor() as cursor:
        known = _find(cursor, batch.table, batch.staged)
        if known is not None:
            return known
        _copy(cursor, batch)
        for _ in range(WIDENING_ATTEMPTS):
            existing = describe_table(cursor, batch.table)
            fitting = plan_fitting(batch.table, existing, batch.staged.columns)
            widen_columns(cursor, batch.table, fitting.widen)
            loaded = _merge(connection, cursor, batch)
            if loaded is not None:
                return replace(loaded, columns_widened=tuple(name for name, _ in fitting.widen))
    raise SchemaMismatch(
        f"{batch.table}: its text columns were changed by somebody else "
        f"{WIDENING_ATTEMPTS} times while this load widened them. Nothing was loaded. Run again."
    )


def _find(cursor: Cursor, table: TableName, staged: Staged) -> Loaded | None:
    return ledger.find_loads(cursor, table, [staged.batch_key]).get(staged.batch_key)


def _copy(cursor: Cursor, batch: _Batch) -> None:
    create_staging_table(cursor, STAGING_TABLE, batch.staged.columns)
    if not batch.staged.rows:
        return
    cursor.execute(copy_statement(STAGING_TABLE, batch.staged.manifest, batch.settings))
    cursor.execute(f"SELECT count(*) FROM {STAGING_TABLE}")
    found = cursor.fetchone()
    if found != (batch.staged.rows,):
        raise InvariantBroken(
            f"{batch.table}: {batch.staged.rows:,} rows were staged in {batch.staged.manifest}, "
            f"Redshift copied {found}. Nothing was loaded. Report this."
        )


def _merge(connection: Connection, cursor: Cursor, batch: _Batch) -> Loaded | None:
    """Carry out the transaction; None when a text column has to be widened first."""
    try:
        with transaction(connection):
            ledger.lock_loads(cursor)
            known = _find(cursor, batch.table, batch.staged)
            if known is not None:
                return known
            existing = describe_table(cursor, batch.table)
            fitting = plan_fitting(batch.table, existing, batch.staged.columns)
            if fitting.widen:
                return None
            if fitting.create:
                extra = modes.extra_columns(batch.options)
                create_table(cursor, batch.table, (*batch.staged.columns, *extra))
                existing = describe_table(cursor, batch.table)
            else:
                add_columns(cursor, batch.table, fitting.add)
                existing |= {column.name: column.type for column in fitting.add}
            added = () if fitting.create else tuple(column.name for column in fitting.add)
            loaded = _move(cursor, batch, existing, added)
    except psycopg2.Error:
        if connection.closed:
            raise _AnswerLost from None
        raise
    return loaded


def _move(
    cursor: Cursor, batch: _Batch, existing: dict[str, str], added: tuple[str, ...]
) -> Loaded:
    staged, options = batch.staged, batch.options
    loaded_at = datetime.now(UTC).replace(tzinfo=None)
    moved = modes.move(
        cursor, modes.Move(STAGING_TABLE, batch.table, staged.columns, options, loaded_at)
    )
    loaded = Loaded(
        table=str(batch.table),
        load_id=batch.load_id,
        source=staged.source,
        already_loaded=False,
        rows_staged=staged.rows,
        rows_inserted=moved.inserted,
        rows_updated=moved.updated,
        rows_deleted=moved.deleted,
        columns_added=added,
        seconds=time.monotonic() - batch.started,
    )
    entry = ledger.Entry(
        mode=options.mode,
        loaded_at=loaded_at,
        watermark=options.watermark,
        deployment=batch.settings.deployment_name,
        flow_run=options.flow_run,
    )
    ledger.record_load(cursor, loaded, staged, entry)
    return loaded


def _resolve(load_id: str, staged: Staged, table: TableName, settings: Settings) -> Loaded:
    """Ask the ledger whether a load whose COMMIT got no answer was committed; else do it again.

    Under the load lock: a COMMIT that is still on its way holds it until it is done.
    """
    with connected(settings) as connection, explained(str(table), settings):
        with connection.cursor() as cursor, transaction(connection):
            ledger.lock_loads(cursor)
            known = _find(cursor, table, staged)
    if known is None:
        raise WarehouseUnavailable(
            f"{table}: the connection to Redshift was lost before the load was committed. "
            "Nothing was loaded. Run again."
        )
    return replace(known, already_loaded=known.load_id != load_id)
