"""Turn the raw batches of a source into rows of a schema."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from utilities.references import Column
from utilities.staging.keys import KeyIndex, NullInKey
from utilities.staging.misfit import Misfit, Unreadable, longest_bytes
from utilities.staging.parts import Typed
from utilities.staging.redshift_types import arrow_type, is_text
from utilities.staging.reject import Reject
from utilities.staging.rejects import RejectList
from utilities.staging.rows import Batch, Cells, Rows
from utilities.staging.schema import Schema
from utilities.staging.sifting import sift


@dataclass(frozen=True)
class Conversion:
    """Types the rows of one source and enters their keys; used by several threads at once.

    Attributes:
        rejects: takes rows that cannot be loaded; None makes the first of them an error.
    """

    source: str
    rows: Rows
    schema: Schema
    keys: KeyIndex
    rejects: RejectList | None = None

    def convert(self, batches: Sequence[Batch], first_row: int) -> Typed:
        """Return the rows of a part.

        Args:
            batches: raw batches that follow each other.
            first_row: row of the source at which they begin.

        Raises:
            Misfit: with its column, and its row counted from the start of the source.
        """
        try:
            try:
                typed = self.typed(batches)
                self.keys.add(typed.table)
            except Misfit as misfit:
                if self.rejects is None or not self._is_fault_of_row(misfit):
                    raise
                typed = self._sifted(batches, first_row, self.rejects)
                self.keys.add(typed.table)
        except Misfit as misfit:
            misfit.row += first_row
            raise
        return typed

    def typed(self, batches: Sequence[Batch]) -> Typed:
        """Return the rows of batches; the row of a Misfit is counted within them."""
        arrays = self.rows.typed(batches, self.schema.columns, self.schema.new_columns)
        if arrays is None:
            cells = self.rows.cells(batches, self.schema.new_columns)
            self._refuse_new_columns(cells)
            count = sum(map(len, batches))
            arrays = [self._from_cells(column, cells, count) for column in self.schema.columns]
        lengths = tuple(map(self._longest_bytes, self.schema.columns, arrays))
        return Typed(self._table(arrays), lengths)

    def _sifted(self, batches: Sequence[Batch], first_row: int, rejects: RejectList) -> Typed:
        arrays, found = sift(
            self.rows,
            batches,
            self.schema.columns,
            key=self.keys.columns,
            new=self.schema.new_columns,
            to_column=self._to_fitting_column,
        )
        rejects.add(self.source, [_moved(reject, first_row) for reject in found])
        lengths = tuple(map(self._longest_bytes, self.schema.columns, arrays))
        return Typed(self._table(arrays), lengths)

    def _from_cells(self, column: Column, cells: Mapping[str, Cells], count: int) -> pa.Array:
        given = cells.get(column.name)
        if given is None:
            return pa.nulls(count, arrow_type(column.type))
        return self._to_column(column, given)

    def _to_column(self, column: Column, cells: Cells) -> pa.Array:
        if isinstance(cells, pa.NullArray):
            return pa.nulls(len(cells), arrow_type(column.type))
        is_fixed = column.name in self.schema.fixed
        try:
            return self.rows.convert(cells, column.type, is_fixed=is_fixed)
        except Misfit as misfit:
            misfit.column = column.name
            raise

    def _to_fitting_column(self, column: Column, cells: Cells) -> pa.Array:
        array = self._to_column(column, cells)
        self._longest_bytes(column, array)
        return array

    @staticmethod
    def _longest_bytes(column: Column, array: pa.Array) -> int:
        try:
            return longest_bytes(array, column.width_bytes) if is_text(column.type) else 0
        except Misfit as misfit:
            misfit.column = column.name
            raise

    def _table(self, arrays: Sequence[pa.Array]) -> pa.Table:
        return pa.Table.from_arrays(arrays, names=[column.name for column in self.schema.columns])

    def _is_fault_of_row(self, misfit: Misfit) -> bool:
        """Say whether a row is at fault, and not the type of a column that may still change."""
        if isinstance(misfit, Unreadable | NullInKey) or misfit.reason:
            return True
        return misfit.column in self.schema.fixed - self.schema.widenable

    def _refuse_new_columns(self, names: Iterable[str]) -> None:
        if self.schema.new_columns == "leave out":
            return
        known = {column.name for column in self.schema.columns}
        for name in names:
            if name not in known:
                misfit = Misfit(0, None)
                misfit.column = name
                raise misfit


def _moved(reject: Reject, rows: int) -> Reject:
    return Reject(
        reject.row + rows, reject.column, reject.value, reject.reason, reject.record, reject.line
    )
