"""Write batches as Parquet parts to S3, by two threads, while the source is still being read."""

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.parquet as pq

from utilities.errors import FlowError
from utilities.objects import ObjectStore

PART_BYTES = 16 << 20
"""Size of a part in memory, uncompressed: a few MB as snappy Parquet, above Redshift's 1 MB."""

LAST_PART_BYTES = 4 << 20
"""A part is cut only when at least so much is left, so that the last one is not tiny."""

WRITERS = 2
"""Also the most parts in memory besides the one being collected: a queue would only add memory."""


@dataclass(frozen=True)
class Part:
    """A Parquet file on S3.

    Attributes:
        bytes: as stored.
        max_bytes: for each column the longest text in bytes, 0 for other types.
        nulls: for each column the rows without a value.
    """

    uri: str
    rows: int
    bytes: int
    max_bytes: tuple[int, ...]
    nulls: tuple[int, ...]


@dataclass(frozen=True)
class Typed:
    """The rows of a part with their final types, and the longest text of each column in bytes."""

    table: pa.Table
    max_bytes: tuple[int, ...]


Convert = Callable[[Sequence[pa.RecordBatch], int], Typed]
"""Turns raw batches into final rows; the number is the file's row at which they begin."""


class PartWriter:
    """Collects batches into parts. Use as a context: on an error it takes back what it wrote."""

    def __init__(self, destination: str, store: ObjectStore, convert: Convert) -> None:
        self._destination, self._store, self._convert = destination, store, convert
        self._pool = ThreadPoolExecutor(WRITERS, thread_name_prefix="parts")
        self._pending: list[pa.RecordBatch] = []
        self._pending_bytes = 0
        self._first_row = 0
        self._in_flight: deque[Future[Part]] = deque()
        self._started: list[str] = []
        self._parts: list[Part] = []

    def __enter__(self) -> "PartWriter":
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)
        if kind is not None:
            self._take_back()

    def add(self, batch: pa.RecordBatch) -> None:
        """Take the next rows; waits when the writers are behind."""
        self._pending.append(batch)
        self._pending_bytes += batch.nbytes
        if self._pending_bytes >= PART_BYTES + LAST_PART_BYTES:
            self._cut()

    def finish(self) -> tuple[Part, ...]:
        """Write what is left, wait for all parts and return them in order."""
        if self._pending:
            self._submit(self._pending)
        while self._in_flight:
            self._collect()
        return tuple(self._parts)

    def _cut(self) -> None:
        """Hand the first batches over, up to the size of a part."""
        size, count = 0, 0
        while size < PART_BYTES:
            size += self._pending[count].nbytes
            count += 1
        self._submit(self._pending[:count])
        self._pending = self._pending[count:]
        self._pending_bytes -= size

    def _submit(self, batches: list[pa.RecordBatch]) -> None:
        if len(self._in_flight) >= WRITERS:
            self._collect()
        uri = f"{self._destination}part-{len(self._started):05d}.parquet"
        self._started.append(uri)
        self._in_flight.append(self._pool.submit(self._write, uri, batches, self._first_row))
        self._first_row += sum(len(batch) for batch in batches)

    def _collect(self) -> None:
        self._parts.append(self._in_flight.popleft().result())
        # Arrow's allocator keeps what parts leave behind; without this the peak grows by half.
        pa.default_memory_pool().release_unused()

    def _write(self, uri: str, batches: list[pa.RecordBatch], first_row: int) -> Part:
        typed = self._convert(batches, first_row)
        sink = pa.BufferOutputStream()
        pq.write_table(
            typed.table, sink, compression="snappy", use_dictionary=False, store_schema=False
        )
        data = sink.getvalue()
        self._store.put(uri, data.to_pybytes())
        nulls = tuple(column.null_count for column in typed.table.columns)
        return Part(uri, typed.table.num_rows, data.size, typed.max_bytes, nulls)

    def _take_back(self) -> None:
        try:
            self._store.delete(self._started)
        except FlowError:
            # The error that brought us here says more; parts without a manifest are never loaded.
            return
