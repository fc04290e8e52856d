"""Create, read and write the ledger's table."""

import json
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files

import psycopg2
from psycopg2 import errors
from psycopg2.extensions import connection as Connection
from psycopg2.extensions import cursor as Cursor

from utilities.references import Loaded, Staged, TableName

LEDGER = TableName("prefect_flows", "loads")

_FIND = """
SELECT load_id, source, rows_staged, rows_inserted, rows_updated, columns_added, seconds
FROM prefect_flows.loads
WHERE target = %s AND batch_key = %s
ORDER BY loaded_at LIMIT 1
"""

_RECORD = """
INSERT INTO prefect_flows.loads (
    load_id, target, batch_key, source, mode, watermark, rows_staged, rows_inserted, rows_updated,
    bytes_staged, columns_added, deployment, flow_run, loaded_at, seconds
) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


@dataclass(frozen=True)
class Entry:
    """What a load adds to the ledger beyond what it did (`Loaded`) and what it read (`Staged`).

    Attributes:
        mode: append or upsert.
        loaded_at: UTC.
        watermark: how far the source was read; None when it has no order.
        deployment, flow_run: who loaded it; None outside of Prefect.
    """

    mode: str
    loaded_at: datetime
    watermark: str | None = None
    deployment: str | None = None
    flow_run: str | None = None


def create_ledger(connection: Connection) -> None:
    """Create the ledger unless it is there. The connection is in autocommit mode."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM svv_tables WHERE table_schema = 'prefect_flows' "
            "AND table_name IN ('loads', 'load_lock')"
        )
        if _one(cursor) == (2,):
            return
        script = files("utilities.ledger").joinpath("ledger.sql").read_text()
        for statement in script.split(";\n"):
            if not statement.strip():
                continue
            try:
                cursor.execute(statement)
            except (errors.DuplicateTable, errors.DuplicateSchema, errors.UniqueViolation):
                continue  # another run created it between the look and the statement


def lock_loads(cursor: Cursor) -> None:
    """Wait until no other load is merging. The first statement of a transaction, so that what
    is read afterwards is what the others committed."""
    cursor.execute("LOCK TABLE prefect_flows.load_lock")


def find_load(cursor: Cursor, target: TableName, batch_key: str) -> Loaded | None:
    """Return what the ledger says of a batch, or None when it was never loaded into `target`."""
    cursor.execute(_FIND, (str(target), batch_key))
    row = cursor.fetchone()
    if row is None:
        return None
    load_id, source, staged, inserted, updated, added, seconds = row
    return Loaded(
        table=str(target),
        load_id=load_id,
        source=source,
        already_loaded=True,
        rows_staged=staged,
        rows_inserted=inserted,
        rows_updated=updated,
        columns_added=tuple(json.loads(added)),
        seconds=seconds,
    )


def record_load(cursor: Cursor, loaded: Loaded, staged: Staged, entry: Entry) -> None:
    """Write one load into the ledger, inside the transaction that wrote its rows."""
    cursor.execute(
        _RECORD,
        (
            loaded.load_id,
            loaded.table,
            staged.batch_key,
            loaded.source,
            entry.mode,
            entry.watermark,
            loaded.rows_staged,
            loaded.rows_inserted,
            loaded.rows_updated,
            staged.bytes,
            json.dumps(loaded.columns_added),
            entry.deployment,
            entry.flow_run,
            entry.loaded_at,
            loaded.seconds,
        ),
    )


def _one(cursor: Cursor) -> tuple[object, ...] | None:
    return cursor.fetchone()
