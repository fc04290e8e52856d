"""The rows of one UNLOAD on their way from PostgreSQL's CSV into files."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from typing import TypeVar

import numpy as np

from infrastructure.local.redshift.backend import Backend
from infrastructure.local.redshift.copy_from_s3.options import CopyOptions
from infrastructure.local.redshift.copy_from_s3.records import Dialect, scan
from infrastructure.local.redshift.unload_to_s3.encoding import (
    delimited,
    json_lines,
    parse_text,
    parse_typed,
)
from infrastructure.local.redshift.unload_to_s3.files import Files
from infrastructure.local.redshift.unload_to_s3.statement import UnloadStatement

BLOCK_BYTES = 4 * 1024 * 1024

Answer = TypeVar("Answer")


class Rows:
    """Writes the rows of one part of a result, block by block.

    Args:
        thread: does all the work on files.
        outdated: objects that are removed when the query has begun to answer, not before.
    """

    def __init__(self, thread: ThreadPoolExecutor, files: Files, outdated: list[str]) -> None:
        self._thread = thread
        self._files = files
        self._outdated = outdated
        self._width = 0

    async def write_all(self, backend: Backend, sql: str) -> int:
        """Write what the COPY TO STDOUT yields, names first; returns the number of rows.

        The last files are on S3 when it is done.
        """
        count = 0
        async with aclosing(_blocks(backend, sql)) as blocks:
            async for block in blocks:
                count += await self._do(self._begin if not self._width else self._write, block)
        await self._do(lambda files: files.finish(), self._files)
        return count

    async def _do(self, work: Callable[..., Answer], given: object) -> Answer:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, given)

    def _begin(self, block: bytes) -> int:
        """Take the names from the first block, and write the rest of it."""
        statement = self._files.statement
        delimiter = statement.delimiter if statement.format == "csv" else ","
        dialect = Dialect(CopyOptions(format="csv", delimiter=delimiter))
        [head, *_], _ = scan(block, 1, dialect, final=True)
        self._width = len(head.fields)
        for uri in self._outdated:
            self._files.storage.delete(uri)
        if statement.header:
            self._files.header = _header(block[: head.stop], self._width, statement)
        rest = block[head.stop :]
        return self._write(rest) if rest else 0

    def _write(self, block: bytes) -> int:
        files, statement = self._files, self._files.statement
        if files.schema is not None:
            table = parse_typed(block, files.schema)
            files.write_table(table)
            return int(table.num_rows)
        if statement.format == "csv":
            rows = _count_rows(block)
            files.write_text(block, rows)
            return rows
        columns = parse_text(block, self._width)
        text = json_lines(columns) if statement.format == "json" else delimited(columns, statement)
        files.write_text(text, len(columns[0]))
        return len(columns[0])


async def _blocks(backend: Backend, sql: str) -> AsyncGenerator[bytes, None]:
    """Gather what PostgreSQL sends, whole rows at a time, into larger blocks."""
    gathered = bytearray()
    try:
        async for chunk in backend.copy_out(sql):
            gathered += chunk
            if len(gathered) >= BLOCK_BYTES:
                yield bytes(gathered)
                gathered.clear()
        if gathered:
            yield bytes(gathered)
    finally:
        await backend.settle()


def _header(names: bytes, width: int, statement: UnloadStatement) -> bytes:
    """Return the header line; text options apply to it as to the rows."""
    if statement.format == "csv":
        return names
    return delimited(parse_text(names, width), statement)


def _count_rows(block: bytes) -> int:
    """Count the rows of CSV: line ends outside of quotes."""
    codes = np.frombuffer(block, dtype=np.uint8)
    newlines, quotes = np.flatnonzero(codes == ord("\n")), np.flatnonzero(codes == ord('"'))
    return int(np.count_nonzero(np.searchsorted(quotes, newlines) % 2 == 0))
