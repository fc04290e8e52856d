"""Read, check and convert a COPY's files beside PostgreSQL's own work, in bounded memory.

A reader thread cuts files into pieces of work, two threads carry them out, and the event loop
sends the results in order; nearly all of it happens in native code, without Python's lock.
"""

import asyncio
import io
from collections.abc import AsyncGenerator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache, partial

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv

from infrastructure.local.redshift.copy_from_s3.binary import write_rows
from infrastructure.local.redshift.copy_from_s3.blocks import Block, cut_blocks
from infrastructure.local.redshift.copy_from_s3.columns import convert_column
from infrastructure.local.redshift.copy_from_s3.delimited import parse, raw_line, records_of
from infrastructure.local.redshift.copy_from_s3.json_lines import cut_json_blocks, parse_json
from infrastructure.local.redshift.copy_from_s3.options import CopyOptions
from infrastructure.local.redshift.copy_from_s3.parquet import convert_batch, read_batches
from infrastructure.local.redshift.copy_from_s3.records import Dialect, Record
from infrastructure.local.redshift.copy_from_s3.rejects import Reject
from infrastructure.local.redshift.copy_from_s3.sources import SourceFile
from infrastructure.local.redshift.copy_from_s3.storage import Storage
from infrastructure.local.redshift.copy_from_s3.target import TargetColumn

PIECE_BYTES = 4 * 1024 * 1024
THREADS = 2
AHEAD = 3
"""Pieces of work that may wait or be under way at once; memory grows with it."""


@dataclass(frozen=True)
class Batch:
    """Rows ready for PostgreSQL, and the rows that were refused among them."""

    payload: bytes
    rows: int
    rejects: list[Reject] = field(default_factory=list)


Work = Callable[[], Batch]


@dataclass(frozen=True)
class Load:
    """What to read, and into which columns."""

    storage: Storage
    files: list[SourceFile]
    columns: tuple[TargetColumn, ...]
    options: CopyOptions

    @property
    def binary(self) -> bool:
        """Whether the rows are in PostgreSQL's binary format, or in CSV."""
        return self.options.format == "parquet"

    def work(self) -> Iterator[Work]:
        """Yield the pieces of work, in the order of the files' rows."""
        for file in self.files:
            if self.binary:
                yield from self._parquet(file)
                continue
            pieces = self.storage.pieces(file.uri, self.options.compression, PIECE_BYTES)
            if self.options.format == "json":
                for block in cut_json_blocks(file.uri, pieces, self.options.ignore_header):
                    yield partial(self._json, block)
            else:
                dialect = Dialect(self.options)
                for block in cut_blocks(file.uri, pieces, dialect):
                    yield partial(self._delimited, block, dialect)

    def _parquet(self, file: SourceFile) -> Iterator[Work]:
        first_row = 1
        for batch in read_batches(self.storage, file, self.columns, self.options):
            yield partial(self._columnar, batch, first_row, file)
            first_row += batch.num_rows

    def _columnar(self, batch: pa.RecordBatch, first_row: int, file: SourceFile) -> Batch:
        arrays = convert_batch(batch, first_row, file, self.columns, self.options)
        return Batch(write_rows(arrays) if batch.num_rows else b"", batch.num_rows)

    def _delimited(self, block: Block, dialect: Dialect) -> Batch:
        parsed = parse(block, dialect, self.columns)

        @cache
        def records() -> list[Record]:
            return parsed.records or records_of(block, dialect)

        def describe(row: int) -> tuple[int, str]:
            return records()[row].line, raw_line(block, records()[row])

        return self._convert(block.uri, parsed.columns, parsed.rejects, describe)

    def _json(self, block: Block) -> Batch:
        arrays, items, rejects = parse_json(block, self.columns, self.options)

        def describe(row: int) -> tuple[int, str]:
            return items[row].line, items[row].data.decode(errors="replace")

        return self._convert(block.uri, arrays, rejects, describe)

    def _convert(
        self,
        uri: str,
        texts: list[pa.Array],
        rejects: list[Reject],
        describe: Callable[[int], tuple[int, str]],
    ) -> Batch:
        """Convert columns of text; of a row with several faults the first column's is told."""
        arrays: list[pa.Array] = []
        faulty: dict[int, Reject] = {}
        for array, column in zip(texts, self.columns, strict=True):
            converted, faults = convert_column(array, column, self.options)
            arrays.append(converted)
            for fault in faults:
                if fault.row not in faulty:
                    line, raw = describe(fault.row)
                    faulty[fault.row] = Reject(uri, line, raw, fault.refusal, column, fault.value)
        rows = len(texts[0])
        if faulty:
            keep = np.ones(rows, dtype=bool)
            keep[list(faulty)] = False
            arrays = [array.filter(pa.array(keep)) for array in arrays]
        found = sorted([*rejects, *faulty.values()], key=lambda reject: reject.line)
        return Batch(_csv(arrays), rows - len(faulty), found)


async def carry_out(load: Load) -> AsyncGenerator[Batch, None]:
    """Yield the results of a load's work, in order, while later work is under way."""
    loop = asyncio.get_running_loop()
    ready: asyncio.Queue[asyncio.Future[Batch] | None] = asyncio.Queue(AHEAD)
    reader, workers = ThreadPoolExecutor(1), ThreadPoolExecutor(THREADS)

    async def read_ahead() -> None:
        work = load.work()
        try:
            while (piece := await loop.run_in_executor(reader, next, work, None)) is not None:
                await ready.put(loop.run_in_executor(workers, piece))
            await ready.put(None)
        except Exception as error:
            failed: asyncio.Future[Batch] = loop.create_future()
            failed.set_exception(error)
            await ready.put(failed)

    reading = asyncio.create_task(read_ahead())
    try:
        while (future := await ready.get()) is not None:
            yield await future
    finally:
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
        left = [ready.get_nowait() for _ in range(ready.qsize())]
        await asyncio.gather(*filter(None, left), return_exceptions=True)
        reader.shutdown(wait=False, cancel_futures=True)
        workers.shutdown(wait=False, cancel_futures=True)


def _csv(arrays: list[pa.Array]) -> bytes:
    """Write columns as CSV: text in quotes, so that an empty one is told from NULL."""
    if not arrays or not len(arrays[0]):
        return b""
    sink = io.BytesIO()
    table = pa.table(arrays, names=[str(index) for index in range(len(arrays))])
    arrow_csv.write_csv(table, sink, arrow_csv.WriteOptions(include_header=False))
    return sink.getvalue()
