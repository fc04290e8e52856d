"""Write batches as Parquet parts to S3, by two threads, while the source is still being read."""

import hashlib
import io
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from utilities.errors import FlowError
from utilities.objects import ObjectStore
from utilities.staging.column_statistics import ColumnStatistics, statistics_of
from utilities.staging.rows import Batch

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

PART_BYTES = 16 << 20
"""Size of a part in memory, uncompressed: a few MB as snappy Parquet, above Redshift's 1 MB."""

LAST_PART_BYTES = 4 << 20
"""A part is cut only when at least so much is left, so that the last one is not tiny."""

DICTIONARY_BYTES = 64 << 10
"""Columns with more different values than this holds are written plainly. A greater dictionary costs
more time than it saves; one of this size leaves a quarter fewer bytes to send, at no cost."""

WRITERS = 2
"""Also the most parts in memory besides the one being collected: a queue would only add memory."""


@dataclass(frozen=True)
class Part:
    """A Parquet file on S3.

    Attributes:
        bytes: as stored.
        statistics: of each column.
        sha256: of the rows, whatever the version of the writer; empty unless asked for.
    """

    uri: str
    rows: int
    bytes: int
    statistics: tuple[ColumnStatistics, ...] = ()
    sha256: str = ""


@dataclass(frozen=True)
class Typed:
    """The rows of a part with their final types, and the longest text of each column in bytes."""

    table: pa.Table
    max_bytes: tuple[int, ...]


Convert = Callable[[Sequence[Batch], int], Typed]
"""Turns raw batches into final rows; the number is the file's row at which they begin."""


class PartWriter:
    """Collects batches into parts. Use as a context: on an error it takes back what it wrote."""

    def __init__(
        self, destination: str, store: ObjectStore, convert: Convert, *, is_hashed: bool = False
    ) -> None:
        """Write under a prefix; `is_hashed` gives each part the SHA-256 of its rows."""
        self._is_hashed = is_hashed
        self._destination, self._store, self._convert = destination, store, convert
        self._pool = ThreadPoolExecutor(WRITERS, thread_name_prefix="parts")
        # While the first part is being read; what goes wrong is told when that is sent.
        self._pool.submit(store.connect)
        self._pending: list[Batch] = []
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

    def add(self, batch: Batch) -> None:
        """Take the next rows; waits when the writers are behind."""
        self._pending.append(batch)
        self._pending_bytes += batch.nbytes
        if self._pending_bytes >= PART_BYTES + LAST_PART_BYTES:
            self._cut()

    def finish(self) -> tuple[Part, ...]:
        """Write what is left, wait for all parts and return those with rows, in order."""
        if self._pending:
            self._submit(self._pending)
        while self._in_flight:
            self._collect()
        return tuple(part for part in self._parts if part.rows)

    def _cut(self) -> None:
        """Hand the first batches over, up to the size of a part."""
        size, count = 0, 0
        while size < PART_BYTES:
            size += self._pending[count].nbytes
            count += 1
        self._submit(self._pending[:count])
        self._pending = self._pending[count:]
        self._pending_bytes -= size

    def _submit(self, batches: list[Batch]) -> None:
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

    def _write(self, uri: str, batches: list[Batch], first_row: int) -> Part:
        typed = self._convert(batches, first_row)
        if not typed.table.num_rows:
            return Part(uri, 0, 0)
        sink = pa.BufferOutputStream()
        metadata: list[pq.FileMetaData] = []
        pq.write_table(
            typed.table,
            sink,
            row_group_size=typed.table.num_rows,
            compression="snappy",
            dictionary_pagesize_limit=DICTIONARY_BYTES,
            store_schema=False,
            metadata_collector=metadata,
        )
        data = sink.getvalue()
        self._store.put(uri, data.to_pybytes())
        statistics = statistics_of(metadata[0], typed.max_bytes)
        sha256 = _sha256(typed.table) if self._is_hashed else ""
        return Part(uri, typed.table.num_rows, data.size, statistics, sha256)

    def _take_back(self) -> None:
        try:
            self._store.delete(self._started)
        except FlowError:
            # The error that brought us here says more; parts without a manifest are never loaded.
            return


def _sha256(table: pa.Table) -> str:
    """Return a hash of rows and types; Arrow's stream format has one form for each table."""
    sink = _HashFile()
    with pa.ipc.new_stream(pa.PythonFile(sink, mode="w"), table.schema) as stream:
        stream.write_table(table.combine_chunks())
    return sink.hash.hexdigest()


class _HashFile(io.RawIOBase):
    """Takes bytes for their SHA-256 alone."""

    def __init__(self) -> None:
        self.hash = hashlib.sha256()

    def writable(self) -> bool:
        return True

    def write(self, data: "ReadableBuffer") -> int:
        self.hash.update(data)
        return memoryview(data).nbytes
