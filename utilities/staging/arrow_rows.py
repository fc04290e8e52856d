"""Arrow tables and streams: columns that have types already."""

from collections.abc import Iterator, Mapping, Sequence

import pyarrow as pa

from utilities.staging import typed_cells
from utilities.staging.batch_sizes import arrow_pieces
from utilities.staging.byte_streams import Tally
from utilities.staging.names import Naming
from utilities.staging.replay import Replay
from utilities.staging.rows import NewColumns, WholeRows, arrow_cells

ROWS_AT_ONCE = 16_384


class ArrowRows(WholeRows):
    """The rows of an Arrow table, or of a reader that gives its batches once."""

    observe = staticmethod(typed_cells.observe)
    convert = staticmethod(typed_cells.convert)

    def __init__(
        self,
        name: str,
        source: pa.Table | pa.RecordBatchReader,
        naming: Naming,
        *,
        is_kept: bool,
    ) -> None:
        """Read a source that is called `name` in messages."""
        self.notes: tuple[str, ...] = ()
        self.unit = "row"
        self.tally = Tally(has_bytes=False)
        self.naming = naming
        self._schema = source.schema
        for field in self._schema:
            typed_cells.check_type(name, field)
            self.naming.add(field.name)
        batches = source if isinstance(source, pa.RecordBatchReader) else _Slices(source)
        self._batches = Replay(
            iter(batches) if batches is source else batches, _dump, self._load, is_kept=is_kept
        )
        self.close = self._batches.close

    def batches(self) -> Iterator[pa.RecordBatch]:
        names = list(self.naming.source_names)
        for batch in self._batches:
            for piece in arrow_pieces(batch, ROWS_AT_ONCE):
                yield piece.rename_columns(names)

    def cells(self, batches: Sequence[pa.RecordBatch], new: NewColumns) -> Mapping[str, pa.Array]:
        return arrow_cells(batches)

    def _load(self, data: bytes) -> pa.RecordBatch:
        return pa.ipc.read_record_batch(pa.py_buffer(data), self._schema)


class _Slices:
    """The batches of a table, as often as one likes."""

    def __init__(self, table: pa.Table) -> None:
        self._table = table

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        return iter(self._table.to_batches())


def _dump(batch: pa.RecordBatch) -> bytes:
    data: bytes = batch.serialize().to_pybytes()
    return data
