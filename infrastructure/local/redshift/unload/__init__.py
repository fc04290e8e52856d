"""UNLOAD ('SELECT ...') TO 's3://...', carried out on the client's own connection.

The query runs inside the client's transaction and sees its uncommitted rows. The rows leave
PostgreSQL as CSV and are written to S3 block by block.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

import numpy as np

from infrastructure.local.redshift.backend import Backend
from infrastructure.local.redshift.copy.messages import failure
from infrastructure.local.redshift.copy.options import CopyOptions
from infrastructure.local.redshift.copy.records import Dialect, scan
from infrastructure.local.redshift.copy.storage import Storage
from infrastructure.local.redshift.translation import translate
from infrastructure.local.redshift.unload.encoding import (
    delimited,
    json_lines,
    parquet_schema,
    parse_text,
    parse_typed,
)
from infrastructure.local.redshift.unload.files import Files
from infrastructure.local.redshift.unload.manifest import write_manifest
from infrastructure.local.redshift.unload.result import (
    Result,
    copy_sql,
    find_result,
    forget_result,
)
from infrastructure.local.redshift.unload.statement import UnloadStatement, read_unload

BLOCK_BYTES = 4 * 1024 * 1024


async def run_unload(sql: str, backend: Backend) -> str:
    """Carry out one UNLOAD and return its command tag.

    Raises:
        FrontError: the statement or S3 do not allow it; files already written are removed.
        BackendError: PostgreSQL refused the query.
    """
    statement = read_unload(sql)
    query = translate(statement.query)
    storage, there = await asyncio.to_thread(_open_destination, statement)
    async with backend.atomic():
        result = await find_result(backend, query, statement)
        files = _files(storage, statement, result)
        try:
            rows = await _write(backend, files, result, there)
            await asyncio.to_thread(files.finish)
            if statement.manifest and files.done:
                await asyncio.to_thread(
                    write_manifest, storage, statement, files.done, result.columns
                )
        except BaseException:
            await asyncio.to_thread(files.discard)
            raise
        await forget_result(backend, result)
    await backend.notice(f"UNLOAD completed, {rows} record(s) unloaded successfully.")
    return "UNLOAD"


def _open_destination(statement: UnloadStatement) -> tuple[Storage, list[str]]:
    """Connect to S3; returns the objects that CLEANPATH is to remove.

    Raises:
        FrontError: something would be overwritten unasked.
    """
    storage = Storage(statement.authorization, statement.region)
    there = [uri for uri, _ in storage.sizes(statement.prefix)]
    if there and not (statement.clean_path or statement.allow_overwrite):
        raise failure(
            "Specified unload destination on S3 is not empty. Consider using a different bucket / "
            "prefix, manually removing the target files in S3, or using the ALLOWOVERWRITE option.",
            context=f"{len(there)} object(s) start with {statement.prefix}, first {there[0]}",
        )
    return storage, there if statement.clean_path else []


def _files(storage: Storage, statement: UnloadStatement, result: Result) -> Files:
    schema = parquet_schema(result.columns) if statement.format == "parquet" else None
    return Files(storage, statement, schema=schema)


async def _write(backend: Backend, files: Files, result: Result, outdated: list[str]) -> int:
    """Write all rows; returns how many there were.

    Outdated objects are removed when the query has begun to answer, not when it fails at once.
    """
    statement = files.statement
    dialect = Dialect(CopyOptions(format="csv", delimiter=_sent_delimiter(statement)))
    rows, names = 0, b""
    async with aclosing(_blocks(backend, copy_sql(result, statement))) as blocks:
        async for block in blocks:
            if not names:
                [head, *_], _ = scan(block, 1, dialect, final=True)
                names, block = block[: head.stop], block[head.stop :]
                width = len(head.fields)
                for uri in outdated:
                    await asyncio.to_thread(files.storage.delete, uri)
                if statement.header:
                    files.header = _header(names, width, statement)
            if block:
                rows += await asyncio.to_thread(_write_block, files, block, width)
    return rows


def _write_block(files: Files, block: bytes, width: int) -> int:
    statement = files.statement
    if files.schema is not None:
        table = parse_typed(block, files.schema)
        files.write_table(table)
        return int(table.num_rows)
    if statement.format == "csv":
        rows = _count_rows(block)
        files.write_text(block, rows)
        return rows
    columns = parse_text(block, width)
    text = json_lines(columns) if statement.format == "json" else delimited(columns, statement)
    files.write_text(text, len(columns[0]))
    return len(columns[0])


async def _blocks(backend: Backend, sql: str) -> AsyncGenerator[bytes, None]:
    """Gather what PostgreSQL sends, whole rows at a time, into larger blocks."""
    gathered = bytearray()
    async for chunk in backend.copy_out(sql):
        gathered += chunk
        if len(gathered) >= BLOCK_BYTES:
            yield bytes(gathered)
            gathered.clear()
    if gathered:
        yield bytes(gathered)


def _header(names: bytes, width: int, statement: UnloadStatement) -> bytes:
    """Return the header line; text options apply to it as to the rows."""
    if statement.format == "csv":
        return names
    return delimited(parse_text(names, width), statement)


def _count_rows(block: bytes) -> int:
    """Count the rows of CSV: line ends outside of quotes."""
    codes = np.frombuffer(block, dtype=np.uint8)
    newlines, quotes = np.flatnonzero(codes == 10), np.flatnonzero(codes == 34)
    return int(np.count_nonzero(np.searchsorted(quotes, newlines) % 2 == 0))


def _sent_delimiter(statement: UnloadStatement) -> str:
    return statement.delimiter if statement.format == "csv" else ","
