"""Read the ledger as a history: what was loaded when, by whom, and how far a source was read."""

from dataclasses import dataclass
from datetime import datetime

from psycopg2.extensions import cursor as Cursor

from utilities.references import TableName

_RECENT = """
SELECT loaded_at, target, mode, rows_staged, rows_inserted, rows_updated, rows_deleted,
    rows_rejected, seconds, deployment, commit_hash, source, watermark, load_id, flow_run
FROM prefect_flows.loads
WHERE target = %(target)s OR %(target)s IS NULL
ORDER BY loaded_at DESC
LIMIT %(limit)s
"""

_WATERMARK = """
SELECT watermark FROM prefect_flows.loads
WHERE target = %s AND watermark IS NOT NULL
ORDER BY loaded_at DESC
LIMIT 1
"""


@dataclass(frozen=True)
class LedgerRow:
    """One load, as the ledger tells it.

    Attributes:
        loaded_at: UTC, without a zone, as the warehouse keeps it.
        table: target as schema.table.
        mode: how the rows went in.
        seconds: wall time of the load.
        deployment, commit_hash, flow_run: who loaded it, with which code; None when unknown.
        watermark: how far the source was read; None when it has no order.
    """

    loaded_at: datetime
    table: str
    mode: str
    rows_staged: int
    rows_inserted: int
    rows_updated: int
    rows_deleted: int
    rows_rejected: int
    seconds: float
    deployment: str | None
    commit_hash: str | None
    source: str
    watermark: str | None
    load_id: str
    flow_run: str | None


def recent_loads(cursor: Cursor, table: TableName | None, limit: int) -> list[LedgerRow]:
    """Return the last loads, the newest first; of one table, or of all when it is None."""
    target = str(table) if table else None
    cursor.execute(_RECENT, {"target": target, "limit": limit})
    return [LedgerRow(*row) for row in cursor.fetchall()]


def last_watermark(cursor: Cursor, table: TableName) -> str | None:
    """Return the watermark of the last load into a table that had one; None before the first."""
    cursor.execute(_WATERMARK, (str(table),))
    row = cursor.fetchone()
    return str(row[0]) if row else None
