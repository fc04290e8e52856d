"""All files of one UNLOAD, over all its partitions: finished together or removed together."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from infrastructure.local.redshift.copy_from_s3.storage import Storage
from infrastructure.local.redshift.unload_to_s3.encoding import parquet_schema
from infrastructure.local.redshift.unload_to_s3.files import Files
from infrastructure.local.redshift.unload_to_s3.manifest import write_manifest
from infrastructure.local.redshift.unload_to_s3.partitions import Partition
from infrastructure.local.redshift.unload_to_s3.result import ResultColumn
from infrastructure.local.redshift.unload_to_s3.rows import Rows
from infrastructure.local.redshift.unload_to_s3.statement import UnloadStatement


class Writing:
    """Writes the parts of a result one after another.

    All work on the files is done by one thread in the order in which it was asked for: what is
    discarded after a failure, or a client's cancel, is discarded after the last write.
    """

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._thread = ThreadPoolExecutor(1)
        self._files: list[Files] = []
        self._manifest = ""

    def begin(self, part: Partition, outdated: list[str]) -> Rows:
        """Return what writes the rows of a part.

        Args:
            outdated: objects under the whole destination that CLEANPATH is to remove.
        """
        statement = part.statement
        schema = parquet_schema(part.result.columns) if statement.format == "parquet" else None
        files = Files(self._storage, statement, schema=schema)
        self._files.append(files)
        return Rows(self._thread, files, part.among(outdated))

    async def write_manifest(
        self, statement: UnloadStatement, columns: tuple[ResultColumn, ...]
    ) -> None:
        """Put the manifest beside the files when it is asked for; no files have none."""
        done = [file for files in self._files for file in files.done]
        if statement.manifest and done:
            self._manifest = f"{statement.prefix}manifest"
            await self._do(lambda: write_manifest(self._storage, statement, done, columns))

    async def discard(self) -> None:
        """Remove what was written."""
        await self._do(self._discard)
        self.close()

    def close(self) -> None:
        """End the thread; nothing is written any more."""
        self._thread.shutdown(wait=False)

    def _discard(self) -> None:
        for files in self._files:
            files.discard()
        if self._manifest:
            self._storage.delete(self._manifest)

    async def _do(self, work: Callable[[], object]) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, work)
