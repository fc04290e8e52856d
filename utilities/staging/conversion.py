"""Turn the raw batches of a file into rows of a schema."""

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from utilities.references import Column
from utilities.staging.keys import KeyIndex
from utilities.staging.misfit import Misfit, longest_bytes
from utilities.staging.parts import Typed
from utilities.staging.redshift_types import arrow_type, is_text
from utilities.staging.rows import Rows
from utilities.staging.schema import Schema


@dataclass(frozen=True)
class Conversion:
    """Types the rows of one file and enters their keys; used by several threads at once."""

    rows: Rows
    schema: Schema
    keys: KeyIndex

    def convert(self, batches: Sequence[pa.RecordBatch], first_row: int) -> Typed:
        """Return the rows of a part.

        Args:
            batches: raw batches that follow each other.
            first_row: row of the file at which they begin.

        Raises:
            Misfit: with its column, and its row counted from the start of the file.
        """
        try:
            typed = self.typed(batches)
            self.keys.add(typed.table)
        except Misfit as misfit:
            misfit.row += first_row
            raise
        return typed

    def typed(self, batches: Sequence[pa.RecordBatch]) -> Typed:
        """Return the rows of batches; the row of a Misfit is counted within them."""
        raw = pa.concat_tables(
            [pa.Table.from_batches([batch]) for batch in batches], promote_options="default"
        )
        self._refuse_new_columns(raw)
        arrays, max_bytes = [], []
        for column in self.schema.columns:
            try:
                array = self._convert_column(raw, column)
                max_bytes.append(longest_bytes(array) if is_text(column.type) else 0)
            except Misfit as misfit:
                misfit.column = column.name
                raise
            arrays.append(array)
        names = [column.name for column in self.schema.columns]
        return Typed(pa.Table.from_arrays(arrays, names=names), tuple(max_bytes))

    def _convert_column(self, raw: pa.Table, column: Column) -> pa.Array:
        if column.name not in raw.column_names:
            return pa.nulls(raw.num_rows, arrow_type(column.type))
        chunks = raw.column(column.name)
        cells = chunks.chunk(0) if chunks.num_chunks == 1 else chunks.combine_chunks()
        is_fixed = column.name in self.schema.fixed
        return self.rows.convert(cells, column.type, is_fixed=is_fixed)

    def _refuse_new_columns(self, raw: pa.Table) -> None:
        known = {column.name for column in self.schema.columns}
        for name in raw.column_names:
            if name and name not in known:
                misfit = Misfit(0, None)
                misfit.column = name
                raise misfit
