"""Rows that are set aside: collected while a source is staged, and written beside its parts."""

from collections.abc import Sequence
from dataclasses import replace
from threading import Lock

import pyarrow as pa
import pyarrow.parquet as pq

from utilities.errors import LoadRejected
from utilities.objects import ObjectStore
from utilities.references import VARCHAR_LIMIT_BYTES, Column, Rejects
from utilities.staging.manifest import manifest_json
from utilities.staging.misfit import shown
from utilities.staging.parts import Part
from utilities.staging.reject import Reject
from utilities.staging.rows import Rows, numbered

SHOWN = 3
REJECTS_LIMIT = 100_000
REJECTS_LIMIT_BYTES = 64 << 20
"""So much is kept in memory; a source with more is refused whatever share is allowed."""

REJECTS_NAME = "rejects.parquet"
REJECTS_MANIFEST_NAME = "rejects.json"

COLUMNS = (
    Column("source", "VARCHAR", "source"),
    Column("line", "BIGINT", "line"),
    Column("column_name", "VARCHAR", "column_name"),
    Column("value", "VARCHAR", "value"),
    Column("reason", "VARCHAR", "reason"),
    Column("record", "VARCHAR", "record"),
)


class RejectList:
    """The rows set aside so far, each shortened to what is written of it.

    Safe to fill from several threads.
    """

    def __init__(self) -> None:
        self._rejects: list[Reject] = []
        self._bytes = 0
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._rejects)

    def add(self, source: str, rejects: Sequence[Reject]) -> None:
        """Take rows of a source.

        Raises:
            LoadRejected: there are too many.
        """
        shortened = [_shortened(reject) for reject in rejects]
        with self._lock:
            self._rejects += shortened
            self._bytes += sum(len(reject.value) + len(reject.record) for reject in shortened)
        if len(self) > REJECTS_LIMIT or self._bytes > REJECTS_LIMIT_BYTES:
            raise LoadRejected(
                f"{source}: {len(self):,} rows and more cannot be loaded; at most "
                f"{REJECTS_LIMIT:,} rows or {REJECTS_LIMIT_BYTES >> 20} MiB are set aside. Nothing "
                "was loaded. This is not a matter of some bad rows: compare the source with the "
                "declared types."
            )

    def placed(self, rows: Rows) -> list[Reject]:
        """Return all rejects in the order of the source, each with its line."""
        waiting = sorted(self._rejects, key=lambda reject: reject.row)
        lines = rows.lines([reject.row for reject in waiting])
        placed = [replace(r, line=line) for r, line in zip(waiting, lines, strict=True)]
        return sorted(placed + rows.left_out(), key=lambda reject: reject.line or 0)


def refuse_too_many(
    source: str, sentences: Sequence[str], count: int, rows: int, share: float
) -> None:
    """Raise LoadRejected when more than a share of the rows was set aside."""
    if count > share * rows:
        raise LoadRejected(
            f"{source}: {count:,} of {rows:,} rows were rejected ({count / rows:.2%}), allowed are "
            f"{share:.2%}. First: {'; '.join(sentences)}. Nothing was loaded. Correct the source, "
            "or allow a greater share."
        )


def sentences(rejects: Sequence[Reject], rows: Rows) -> tuple[str, ...]:
    """Say of the first rejects where they are and what is wrong."""
    return tuple(_sentence(reject, rows) for reject in rejects[:SHOWN])


def write_rejects(
    destination: str, source: str, rejects: Sequence[Reject], rows: Rows, store: ObjectStore
) -> Rejects:
    """Write rows that were set aside, and last their manifest."""
    names = rows.naming.source_names
    table = pa.Table.from_arrays(
        [
            pa.array([source] * len(rejects), pa.string()),
            pa.array([reject.line for reject in rejects], pa.int64()),
            pa.array([names.get(r.column, r.column) or None for r in rejects], pa.string()),
            pa.array([_cut(reject.value) for reject in rejects], pa.string()),
            pa.array([_cut(reject.reason) for reject in rejects], pa.string()),
            pa.array([_cut(reject.record) for reject in rejects], pa.string()),
        ],
        names=[column.name for column in COLUMNS],
    )
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="snappy", store_schema=False)
    data = sink.getvalue().to_pybytes()
    uri = destination + REJECTS_NAME
    store.put(uri, data)
    manifest = destination + REJECTS_MANIFEST_NAME
    store.put(manifest, manifest_json([Part(uri, len(rejects), len(data))], COLUMNS))
    return Rejects(manifest, len(rejects), sentences(rejects, rows))


def _sentence(reject: Reject, rows: Rows) -> str:
    column = rows.naming.source_names.get(reject.column, reject.column)
    where = numbered(rows.unit, reject.line or 0) + (f', column "{column}"' if column else "")
    return f"{where}: {shown(reject.value)} {reject.reason}"


def _shortened(reject: Reject) -> Reject:
    """Return a reject without the text that no VARCHAR holds: a character has at least a byte."""
    return replace(
        reject,
        value=reject.value[:VARCHAR_LIMIT_BYTES],
        record=reject.record[:VARCHAR_LIMIT_BYTES],
    )


def _cut(text: str) -> str:
    """Shorten text to what a VARCHAR holds, and leave out what no VARCHAR holds."""
    data = text.replace("\0", "").encode(errors="replace")
    return data[:VARCHAR_LIMIT_BYTES].decode(errors="ignore")
