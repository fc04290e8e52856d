"""COPY ... FROM 's3://...', carried out on the client's own connection.

The objects are fed to PostgreSQL as COPY FROM STDIN inside the client's transaction, so that a
rollback takes the rows with it; refused rows are written over a connection of their own.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

from infrastructure.local.redshift.backend import Backend
from infrastructure.local.redshift.copy_from_s3.binary import HEADER, TRAILER
from infrastructure.local.redshift.copy_from_s3.load import Load, carry_out
from infrastructure.local.redshift.copy_from_s3.rejects import Rejects
from infrastructure.local.redshift.copy_from_s3.sources import find_files
from infrastructure.local.redshift.copy_from_s3.statement import CopyStatement, read_copy
from infrastructure.local.redshift.copy_from_s3.storage import Storage
from infrastructure.local.redshift.copy_from_s3.target import Target, find_target


async def run_copy(sql: str, backend: Backend) -> str:
    """Carry out one COPY and return its command tag.

    Raises:
        FrontError: the statement, the table, S3 or the data do not allow it; nothing is loaded.
        BackendError: PostgreSQL refused.
    """
    statement = read_copy(sql)
    options = statement.options
    target = await find_target(
        backend, statement.table, statement.columns, explicit_ids=options.explicit_ids
    )
    load = await asyncio.to_thread(_prepare, statement, target)
    [(query_id,)] = await backend.query("SELECT nextval('redshift_catalog.copy_ids')")
    rejects = Rejects(target, options.max_errors)
    try:
        rows = await _feed(load, rejects, target, backend)
    finally:
        await rejects.write(backend, int(str(query_id)))
    await _conclude(rows, int(str(query_id)), len(rejects), statement, target, backend)
    return "COPY"


def _prepare(statement: CopyStatement, target: Target) -> Load:
    options = statement.options
    storage = Storage(statement.authorization, options.region)
    files = find_files(
        storage,
        statement.source,
        manifest=options.manifest,
        columnar=options.format == "parquet",
    )
    return Load(storage, files, target.columns, options)


async def _feed(load: Load, rejects: Rejects, target: Target, backend: Backend) -> int:
    """Send the rows; returns how many PostgreSQL took, or would take with NOLOAD."""
    checked = 0

    async def payloads() -> AsyncGenerator[bytes, None]:
        nonlocal checked
        if load.binary:
            yield HEADER
        async with aclosing(carry_out(load)) as batches:
            async for batch in batches:
                rejects.add(batch.rejects)
                checked += batch.rows
                if batch.payload:
                    yield batch.payload
        if load.binary:
            yield TRAILER

    async with aclosing(payloads()) as chunks:
        if load.options.no_load:
            async for _ in chunks:
                pass
            return checked
        return await backend.copy_in(target.copy_sql(binary=load.binary), chunks)


async def _conclude(
    rows: int,
    query_id: int,
    refused: int,
    statement: CopyStatement,
    target: Target,
    backend: Backend,
) -> None:
    """Say how it went, and remember what pg_last_copy_count() and pg_last_copy_id() answer."""
    table = target.table
    loaded = 0 if statement.options.no_load else rows
    await backend.query(
        f"SELECT set_config('redshift.last_copy_count', '{loaded}', false),"
        f" set_config('redshift.last_copy_id', '{query_id}', false)"
    )
    if statement.options.stat_update and not statement.options.no_load:
        await backend.query(f"ANALYZE {target.sql_name}")
    if refused:
        await backend.notice(
            f"Load into table '{table}' completed, {refused} record(s) could not be loaded.  "
            "Check 'stl_load_errors' system table for details."
        )
    if statement.options.no_load:
        await backend.notice(f"Load of {rows} record(s) into table '{table}' was checked only.")
    else:
        await backend.notice(
            f"Load into table '{table}' completed, {rows} record(s) loaded successfully."
        )
