"""UNLOAD ('SELECT ...') TO 's3://...', carried out on the client's own connection.

The query runs inside the client's transaction and sees its uncommitted rows. The rows leave
PostgreSQL as CSV and are written to S3 block by block.
"""

import asyncio

from infrastructure.local.redshift.backend import Backend
from infrastructure.local.redshift.copy_from_s3.messages import failure
from infrastructure.local.redshift.copy_from_s3.storage import Storage
from infrastructure.local.redshift.translation import translate
from infrastructure.local.redshift.unload_to_s3.partitions import find_partitions
from infrastructure.local.redshift.unload_to_s3.result import copy_sql, find_result, forget_result
from infrastructure.local.redshift.unload_to_s3.statement import UnloadStatement, read_unload
from infrastructure.local.redshift.unload_to_s3.writing import Writing


async def run_unload(sql: str, backend: Backend) -> str:
    """Carry out one UNLOAD and return its command tag.

    Raises:
        FrontError: the statement or S3 do not allow it; files already written are removed.
        BackendError: PostgreSQL refused the query.
    """
    statement = read_unload(sql)
    query = translate(statement.query)
    storage, outdated = await asyncio.to_thread(_open_destination, statement)
    async with backend.atomic():
        result = await find_result(backend, query, statement)
        writing = Writing(storage)
        count = 0
        try:
            for part in await find_partitions(backend, result, statement):
                rows = writing.begin(part, outdated)
                count += await rows.write_all(backend, copy_sql(part.result, part.statement))
            await writing.write_manifest(statement, result.columns)
            await forget_result(backend, result)
        except BaseException:
            await asyncio.shield(writing.discard())
            raise
        writing.close()
    await backend.notice(f"UNLOAD completed, {count} record(s) unloaded successfully.")
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
