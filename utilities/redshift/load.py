"""Load a staged batch into a table: exactly once, atomic, whatever dies on the way.

COPY fills tables that only this session sees. Then one transaction locks out other loads, asks
the ledger, makes the table fit, moves the rows and writes the ledger; readers see all of it at
the commit or nothing. A batch that the ledger knows is skipped, so a load can always be repeated,
also when the answer to its COMMIT was lost.
"""

import time
from dataclasses import replace
from uuid import uuid4

import psycopg2
from psycopg2.extensions import connection as Connection
from psycopg2.extensions import cursor as Cursor

from utilities import ledger
from utilities.errors import FlowError, WarehouseUnavailable
from utilities.redshift.batch import (
    Batch,
    find_known,
    find_recorded,
    require_loadable,
    with_columns,
)
from utilities.redshift.committing import AnswerLost, commit_batch, commit_nothing
from utilities.redshift.connection import connected, transaction
from utilities.redshift.copying import copy_batch
from utilities.redshift.fitting import Fitting
from utilities.redshift.maintenance import maintain
from utilities.redshift.options import LoadOptions
from utilities.redshift.refusals import explained
from utilities.redshift.widening import plan_now, take_back, widen_ahead
from utilities.references import Loaded, Staged, TableName
from utilities.settings import Settings

WIDENING_ATTEMPTS = 5
"""Another load may change the table between our widening and our lock; it is looked at again."""


def load(staged: Staged, table: TableName, options: LoadOptions, settings: Settings) -> Loaded:
    """Load a staged batch into a table, once.

    Returns:
        What was done; `already_loaded` is set when the ledger knew the batch.

    Raises:
        ParameterInvalid, KeyInvalid: options do not go together with each other or the batch.
        SchemaMismatch: types do not fit the table.
        LoadRejected: Redshift refused rows or statements, or the batch is empty and may not be.
        WarehouseUnavailable: try again; nothing was committed, or the ledger knows.
        InvariantBroken: Redshift counted other rows than were staged.
    """
    require_loadable(staged, table, options)
    batch = Batch(str(uuid4()), staged, table, options, settings, started=time.monotonic())
    try:
        with connected(settings) as connection, explained(str(table), settings):
            loaded = _load(connection, batch)
            if loaded.already_loaded:
                return loaded
            return replace(loaded, notes=maintain(connection, table, loaded, settings))
    except AnswerLost:
        return _resolve(batch)


def _load(connection: Connection, batch: Batch) -> Loaded:
    ledger.create_ledger(connection)
    with connection.cursor() as cursor:
        known = find_known(cursor, batch)
        if known is not None:
            return known
        batch = with_columns(cursor, batch)
        if not batch.staged.columns:
            return commit_nothing(connection, cursor, batch)
        # What does not fit is refused before anything is copied.
        existing, fitting = plan_now(cursor, batch)
        copy_batch(cursor, batch)
        widened: dict[str, int] = {}
        for _ in range(WIDENING_ATTEMPTS):
            widen_ahead(connection, cursor, batch, existing, fitting)
            widened |= fitting.widen_text
            loaded = _commit(connection, cursor, batch, fitting)
            if loaded is not None:
                return replace(loaded, columns_widened=(*widened, *loaded.columns_widened))
            existing, fitting = plan_now(cursor, batch)
    raise WarehouseUnavailable(
        f"{batch.table}: its columns were changed by somebody else {WIDENING_ATTEMPTS} times while "
        "this load widened them. Nothing was loaded. Run again."
    )


def _commit(
    connection: Connection, cursor: Cursor, batch: Batch, fitting: Fitting
) -> Loaded | None:
    try:
        return commit_batch(connection, cursor, batch, alone=bool(fitting.exchange))
    except (FlowError, psycopg2.Error):
        take_back(connection, cursor, batch, fitting)
        raise


def _resolve(batch: Batch) -> Loaded:
    """Ask the ledger whether a load whose COMMIT got no answer was committed; else do it again.

    Under the load lock: a COMMIT that is still on its way holds it until it is done.
    """
    table, settings = batch.table, batch.settings
    with connected(settings) as connection, explained(str(table), settings):
        with connection.cursor() as cursor, transaction(connection):
            ledger.lock_loads(cursor)
            recorded = find_recorded(cursor, batch)
            known = find_known(cursor, batch)
    if recorded is not None and recorded.load_id == batch.load_id:
        return replace(recorded, already_loaded=False)
    if known is not None:
        return known
    raise WarehouseUnavailable(
        f"{table}: the connection to Redshift was lost before the load was committed. "
        "Nothing was loaded. Run again."
    )
