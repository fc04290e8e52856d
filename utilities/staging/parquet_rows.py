"""Parquet files: rows with the types that the file declares."""

import shutil
import tempfile
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import BinaryIO, cast

import pyarrow as pa
import pyarrow.parquet as pq

from utilities.errors import FileUnreadable
from utilities.objects import ObjectStore
from utilities.staging import typed_cells
from utilities.staging.batch_sizes import BATCH_BYTES, arrow_pieces
from utilities.staging.byte_streams import CHUNK_BYTES, ChunkFile, Tally, plain_chunks
from utilities.staging.formats import Compression, FileKind
from utilities.staging.names import Naming
from utilities.staging.rows import NewColumns, WholeRows, arrow_cells

ROWS_AT_ONCE = 16_384


@contextmanager
def source_file(
    source: str, store: ObjectStore, kind: FileKind
) -> Iterator[tuple[BinaryIO, Tally]]:
    """Give a file in which one can seek, and the tally of its bytes as stored.

    Parquet is read from its end, which a stream cannot do: an object on S3 and a compressed file
    are copied to a temporary file first.
    """
    tally = Tally()
    chunks = plain_chunks(source, store, kind.compression, tally)
    if kind.compression is Compression.NONE and not source.startswith("s3://"):
        with store.open(source) as file:
            deque(chunks, maxlen=0)
            yield file, tally
        return
    with tempfile.TemporaryFile() as copy:
        shutil.copyfileobj(ChunkFile(chunks), copy, CHUNK_BYTES)
        yield cast(BinaryIO, copy), tally


class ParquetRows(WholeRows):
    """The rows of a Parquet file."""

    observe = staticmethod(typed_cells.observe)
    convert = staticmethod(typed_cells.convert)

    def __init__(self, source: str, file: BinaryIO, tally: Tally, naming: Naming) -> None:
        """Read the schema of a file that `source_file` gave."""
        self.notes: tuple[str, ...] = ()
        self.unit = "row"
        self._source, self._file = source, file
        self.tally = tally
        self.naming = naming
        parquet = self._open()
        for field in parquet.schema_arrow:
            typed_cells.check_type(source, field)
            self.naming.add(field.name)

    def batches(self) -> Iterator[pa.RecordBatch]:
        names = list(self.naming.source_names)
        try:
            file = self._open()
            for batch in file.iter_batches(_rows_at_once(file.metadata)):
                for piece in arrow_pieces(batch, ROWS_AT_ONCE):
                    yield piece.rename_columns(names)
        except (pa.ArrowInvalid, OSError) as error:
            raise self._damaged(error) from None

    def cells(self, batches: Sequence[pa.RecordBatch], new: NewColumns) -> Mapping[str, pa.Array]:
        return arrow_cells(batches)

    def _open(self) -> pq.ParquetFile:
        try:
            return pq.ParquetFile(self._file, page_checksum_verification=True)
        except (pa.ArrowInvalid, OSError) as error:
            raise self._damaged(error) from None

    def _damaged(self, error: Exception) -> FileUnreadable:
        size = self._file.seek(0, 2)
        if not size:
            found = "the file is empty"
        else:
            found = f"not a whole Parquet file ({size:,} bytes: {str(error).splitlines()[0]})"
        return FileUnreadable(
            f"{self._source}: {found}. Expected Parquet from its first to its last byte. Nothing "
            "was loaded. Get the file again from where it came."
        )


def _rows_at_once(metadata: pq.FileMetaData) -> int:
    """Return how many rows have some megabytes, by the row group with the longest rows."""
    groups = map(metadata.row_group, range(metadata.num_row_groups))
    row_bytes = max((g.total_byte_size // g.num_rows for g in groups if g.num_rows), default=1)
    return max(1, min(ROWS_AT_ONCE, 2 * BATCH_BYTES // max(row_bytes, 1)))
