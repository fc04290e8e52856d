"""pandas DataFrames: columns that have types, and columns of mixed objects."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from utilities.staging import python_values, typed_cells
from utilities.staging.batch_sizes import decoded_bytes, pieces, size_of_values
from utilities.staging.byte_streams import Tally
from utilities.staging.evidence import Evidence
from utilities.staging.names import Naming
from utilities.staging.rows import Cells, NewColumns, WholeRows

if TYPE_CHECKING:
    import pandas as pd

ROWS_AT_ONCE = 16_384


class FrameBatch:
    """Some rows of a DataFrame, column by column: Arrow arrays, and lists for mixed objects."""

    def __init__(self, columns: Mapping[str, Cells], rows: int) -> None:
        self.columns = columns
        self.nbytes = sum(map(_size, columns.values()))
        self._rows = rows

    def __len__(self) -> int:
        return self._rows

    def slice(self, offset: int, length: int) -> "FrameBatch":
        """Return some of the rows."""
        end = min(offset + length, self._rows)
        columns = {name: column[offset:end] for name, column in self.columns.items()}
        return FrameBatch(columns, end - offset)


class FrameRows(WholeRows):
    """The rows of a pandas DataFrame; NaN, NaT and None are null, as pandas sees them."""

    def __init__(self, frame: "pd.DataFrame", naming: Naming) -> None:
        """Read a frame; an index that has a name is a column like others."""
        self.notes: tuple[str, ...] = ()
        self.unit = "row"
        self.tally = Tally(has_bytes=False)
        self.naming = naming
        is_named = any(name is not None for name in frame.index.names)
        self._frame = frame.reset_index() if is_named else frame
        for column in self._frame.columns:
            self.naming.add(str(column))

    def batches(self) -> Iterator[FrameBatch]:
        names = list(self.naming.source_names)
        for start in range(0, len(self._frame), ROWS_AT_ONCE):
            frame = self._frame.iloc[start : start + ROWS_AT_ONCE]
            columns = {name: _column(frame.iloc[:, at]) for at, name in enumerate(names)}
            yield from pieces(FrameBatch(columns, len(frame)), lambda batch: batch.nbytes)

    def cells(self, batches: Sequence[FrameBatch], new: NewColumns) -> dict[str, Cells]:
        return {
            name: _joined([batch.columns[name] for batch in batches])
            for name in self.naming.source_names
        }

    def observe(self, cells: Cells) -> Evidence:
        if isinstance(cells, pa.Array):
            return typed_cells.observe(cells)
        return python_values.observe(cells)

    def convert(self, cells: Cells, type_: str, *, is_fixed: bool) -> pa.Array:
        if isinstance(cells, pa.Array):
            return typed_cells.convert(cells, type_, is_fixed=is_fixed)
        return python_values.convert(cells, type_, is_fixed=is_fixed)


def _column(series: "pd.Series[Any]") -> Cells:
    if series.dtype == object or getattr(series.dtype, "storage", "") == "python":
        missing = series.isna()
        return [None if gone else value for value, gone in zip(series, missing, strict=True)]
    array = pa.Array.from_pandas(series)
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def _size(column: Cells) -> int:
    return decoded_bytes(column) if isinstance(column, pa.Array) else size_of_values(column)


def _joined(columns: Sequence[Cells]) -> Cells:
    if all(isinstance(column, pa.Array) for column in columns):
        return pa.concat_arrays(columns)
    return [value for column in columns for value in column]
