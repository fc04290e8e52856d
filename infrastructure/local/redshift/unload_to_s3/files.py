"""The files of one UNLOAD: named as Redshift names them, split at MAXFILESIZE, put on S3.

Each lies on disk until it is whole, so memory holds no more than one block of rows.
"""

import os
import tempfile
from dataclasses import dataclass, field
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq

from infrastructure.local.redshift.copy_from_s3.storage import Storage
from infrastructure.local.redshift.unload_to_s3.statement import UnloadStatement

SLICES = 2
"""Files are written as by a cluster of this many slices; a block of rows goes to each in turn."""

_SUFFIXES = {"": "", "gzip": ".gz", "zstd": ".zst", "bz2": ".bz2"}


@dataclass(frozen=True)
class Unloaded:
    """One file on S3; `rows` counts its header line too."""

    uri: str
    size_bytes: int
    rows: int


@dataclass
class _Part:
    """A file that is being written.

    Attributes:
        local: the file on disk; `target` is the same file, to be closed by what writes to it.
        sink: what rows are given to: the target itself, or a format over it.
    """

    uri: str
    local: IO[bytes]
    target: IO[bytes]
    sink: Any
    rows: int = 0

    @property
    def size_bytes(self) -> int:
        return os.fstat(self.local.fileno()).st_size


@dataclass
class Files:
    """Writes blocks of rows into files and puts the files on S3.

    Args:
        header: what every file starts with, encoded; empty for none.
        schema: of Parquet files; None for the text formats.
    """

    storage: Storage
    statement: UnloadStatement
    header: bytes = b""
    schema: pa.Schema | None = None
    done: list[Unloaded] = field(default_factory=list)
    _open: dict[int, _Part] = field(default_factory=dict)
    _parts: dict[int, int] = field(default_factory=dict)
    _turn: int = 0

    def write_text(self, block: bytes, rows: int) -> None:
        """Add rows of a text format."""
        part = self._part(len(block))
        part.sink.write(block)
        part.rows += rows

    def write_table(self, table: pa.Table) -> None:
        """Add rows of Parquet, as one row group."""
        part = self._part(table.nbytes)
        part.sink.write_table(table)
        part.rows += table.num_rows

    def finish(self) -> None:
        """Put the files that are still open on S3."""
        for slice_number in sorted(self._open):
            self._close(slice_number)
        self.done.sort(key=lambda file: file.uri)

    def discard(self) -> None:
        """Remove what was written, after a failure."""
        for part in self._open.values():
            part.target.close()
            part.local.close()
        self._open.clear()
        for file in self.done:
            self.storage.delete(file.uri)

    def _part(self, more_bytes: int) -> _Part:
        slice_number = self._turn if self.statement.parallel else 0
        self._turn = (self._turn + 1) % SLICES
        part = self._open.get(slice_number)
        if part is not None and part.size_bytes + more_bytes > self.statement.max_file_bytes:
            self._close(slice_number)
            part = None
        return part or self._start(slice_number)

    def _start(self, slice_number: int) -> _Part:
        number = self._parts.get(slice_number, 0)
        self._parts[slice_number] = number + 1
        local = tempfile.TemporaryFile()
        target = os.fdopen(os.dup(local.fileno()), "wb")
        part = _Part(self._uri(slice_number, number), local, target, self._sink(target))
        if self.header:
            part.sink.write(self.header)
            part.rows = 1
        self._open[slice_number] = part
        return part

    def _sink(self, target: IO[bytes]) -> Any:
        if self.schema is not None:
            return pq.ParquetWriter(target, self.schema, compression="snappy")
        if self.statement.compression:
            return pa.CompressedOutputStream(
                pa.PythonFile(target, mode="w"), self.statement.compression
            )
        return target

    def _uri(self, slice_number: int, part: int) -> str:
        statement = self.statement
        suffix = ".parquet" if statement.format == "parquet" else _SUFFIXES[statement.compression]
        if statement.extension:
            suffix = "." + statement.extension.lstrip(".")
        if statement.parallel:
            return f"{statement.prefix}{slice_number:04d}_part_{part:02d}{suffix}"
        return f"{statement.prefix}{part:03d}{suffix}"

    def _close(self, slice_number: int) -> None:
        part = self._open.pop(slice_number)
        with part.local as local:
            part.sink.close()
            part.target.close()
            size = part.size_bytes
            local.seek(0)
            self.storage.upload(part.uri, local)
        self.done.append(Unloaded(part.uri, size, part.rows))
