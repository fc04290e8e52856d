"""Ask the ledger for batches, and write a load into it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg2.extensions import cursor as Cursor

from utilities.references import VARCHAR_LIMIT_BYTES, Loaded, Staged, TableName

KEYS_PER_QUERY = 500

LEDGER = TableName("prefect_flows", "loads")

_FIND = """
SELECT batch_key, load_id, source, rows_staged, rows_inserted, rows_updated, rows_deleted,
    rows_rejected, columns_added, watermark, seconds
FROM prefect_flows.loads
WHERE target = %s AND batch_key IN %s
ORDER BY loaded_at
"""

_RECORD = """
INSERT INTO prefect_flows.loads (
    load_id, target, batch_key, source, mode, watermark, rows_staged, rows_inserted, rows_updated,
    rows_deleted, rows_rejected, bytes_staged, columns_added, deployment, commit_hash, flow_run,
    manifest, loaded_at, seconds
) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


@dataclass(frozen=True)
class Entry:
    """What a load adds to the ledger beyond what it did (`Loaded`) and what it read (`Staged`).

    Attributes:
        mode: one of the modes of a load.
        loaded_at: UTC.
        deployment, commit_hash, flow_run: who loaded it, with which code; None when unknown.
    """

    mode: str
    loaded_at: datetime
    deployment: str | None = None
    commit_hash: str | None = None
    flow_run: str | None = None


def lock_loads(cursor: Cursor) -> None:
    """Wait until no other load is moving rows. The first statement of a transaction, so that what
    is read afterwards is what the others committed."""
    cursor.execute("LOCK TABLE prefect_flows.load_lock")


def find_loads(cursor: Cursor, target: TableName, batch_keys: Sequence[str]) -> dict[str, Loaded]:
    """Return what the ledger says of those batches that were loaded into `target`, by key.

    A batch may be there more than once (an empty one, with one watermark after another): the last
    load counts.
    """
    found: dict[str, Loaded] = {}
    for start in range(0, len(batch_keys), KEYS_PER_QUERY):
        cursor.execute(_FIND, (str(target), tuple(batch_keys[start : start + KEYS_PER_QUERY])))
        found |= {row[0]: _as_loaded(target, row[1:]) for row in cursor.fetchall()}
    return found


def _as_loaded(target: TableName, row: tuple[Any, ...]) -> Loaded:
    load_id, source, staged, inserted, updated, deleted, rejected, added, watermark, seconds = row
    return Loaded(
        table=str(target),
        load_id=load_id,
        source=source,
        already_loaded=True,
        rows_staged=staged,
        rows_inserted=inserted,
        rows_updated=updated,
        rows_deleted=deleted,
        rows_rejected=rejected,
        columns_added=tuple(json.loads(added)),
        watermark=watermark,
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
            loaded.watermark,
            loaded.rows_staged,
            loaded.rows_inserted,
            loaded.rows_updated,
            loaded.rows_deleted,
            loaded.rows_rejected,
            staged.bytes,
            _json_that_fits(loaded.columns_added),
            entry.deployment,
            entry.commit_hash,
            entry.flow_run,
            staged.manifest,
            entry.loaded_at,
            loaded.seconds,
        ),
    )


def _json_that_fits(names: Sequence[str]) -> str:
    """Return names as a JSON list, without the last ones where the column would overflow."""
    kept = list(names)
    while len(json.dumps(kept)) > VARCHAR_LIMIT_BYTES:
        kept = kept[: len(kept) * 3 // 4]
    return json.dumps(kept)
