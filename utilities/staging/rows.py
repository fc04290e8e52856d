"""What every source offers: its rows as batches of cells, and the judgement of those cells."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, Protocol

import msgspec
import pyarrow as pa

from utilities.references import Column
from utilities.staging.byte_streams import Tally
from utilities.staging.evidence import Evidence
from utilities.staging.misfit import Unreadable
from utilities.staging.names import Naming
from utilities.staging.reject import Reject

NewColumns = Literal["name", "refuse", "leave out"]
"""What happens to a key that no row had before. Names are given by one thread, in the order of rows."""

Cells = Any
"""The cells of one column, untyped: an Arrow array, chunked or not, or a list. Can be sliced."""


class Batch(Protocol):
    """Rows that follow each other in a source, as they were read; each format has its own kind."""

    @property
    def nbytes(self) -> int:
        """Size in memory, roughly."""

    def __len__(self) -> int:
        """Return the number of rows."""


class Rows(Protocol):
    """The rows of one source, as the source has them.

    Attributes:
        naming: legal names of the columns; grows while batches are read when a format has no
            header.
        tally: how much of the source the last pass has read.
        notes: how the source is read, where a person would not expect it.
        unit: what a row is to a person: line, row or record.
    """

    naming: Naming
    tally: Tally
    notes: tuple[str, ...]
    unit: str

    def batches(self) -> Iterator[Any]:
        """Yield the rows from the start, in batches that the methods below take.

        Raises:
            FileUnreadable: the bytes are not what the format requires.
        """

    def cells(self, batches: Sequence[Any], new: NewColumns) -> Mapping[str, Cells]:
        """Return the columns of batches by legal name; a column without a value may be missing.

        Args:
            batches: at least one.
            new: what to do about a column that was not seen before, in a format without a header.

        Raises:
            Unreadable: a row cannot be read.
            Misfit: a column is new, and new ones are refused.
        """

    def observe(self, cells: Cells) -> Evidence:
        """Return the types that fit all of the cells."""

    def convert(self, cells: Cells, type_: str, *, is_fixed: bool) -> pa.Array:
        """Return cells as values of a staged type.

        Args:
            cells: cells of one column.
            type_: staged type.
            is_fixed: the type is the target table's: the value counts, not its spelling.

        Raises:
            Misfit: a cell does not fit without loss.
        """

    def typed(
        self, batches: Sequence[Any], columns: Sequence[Column], new: NewColumns
    ) -> Sequence[pa.Array] | None:
        """Return batches typed by a quicker way than `cells` and `convert`, with their result.

        Returns:
            An array for each column; None when there is no quicker way, or when a row does not
            fit.
        """

    def readable(self, batches: Sequence[Any]) -> tuple[Sequence[Any], list[Unreadable]]:
        """Return batches without the rows that cannot be read, and those; rows count within."""

    def left_out(self) -> list[Reject]:
        """Return the rows that the last pass over `batches` left out, in order."""

    def record(self, cells: Mapping[str, Cells], row: int) -> str:
        """Return one row as JSON text."""

    def place(self, row: int) -> str:
        """Return where a zero-based row is, for a message: `line 12`."""

    def lines(self, rows: Sequence[int]) -> list[int]:
        """Return the numbers of zero-based rows, sorted, as a person counts them from 1.

        May read the source again.
        """


def arrow_cells(batches: Sequence[pa.RecordBatch]) -> dict[str, pa.Array]:
    """Return the columns of Arrow batches, in one piece."""
    table = pa.concat_tables(
        [pa.Table.from_batches([batch]) for batch in batches], promote_options="default"
    )
    return {
        name: column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
        for name, column in zip(table.column_names, table.columns, strict=True)
    }


class WholeRows:
    """What formats share in which each row can be read."""

    naming: Naming
    unit: str

    def readable(self, batches: Sequence[Any]) -> tuple[Sequence[Any], list[Unreadable]]:
        return batches, []

    def left_out(self) -> list[Reject]:
        return []

    def record(self, cells: Mapping[str, Cells], row: int) -> str:
        values = {
            self.naming.source_names[name]: _plain(column[row]) for name, column in cells.items()
        }
        try:
            return msgspec.json.encode(values, enc_hook=str).decode()
        except (UnicodeEncodeError, OverflowError):
            return json.dumps(values, default=str)

    def typed(self, batches: Sequence[Any], columns: Sequence[Column], new: NewColumns) -> None:
        return None

    def place(self, row: int) -> str:
        return numbered(self.unit, self.lines([row])[0])

    def lines(self, rows: Sequence[int]) -> list[int]:
        return [row + 1 for row in rows]


def numbered(unit: str, number: int) -> str:
    """Return the place of a row: `line 4711`, as editors show it, or `record 4,711`."""
    return f"line {number}" if unit == "line" else f"{unit} {number:,}"


def _plain(cell: Any) -> Any:
    if not isinstance(cell, pa.Scalar):
        return cell
    try:
        return cell.as_py()
    except UnicodeDecodeError:
        return cell.as_buffer().to_pybytes().decode(errors="replace")
