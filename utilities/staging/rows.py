"""What every format offers: a file as batches of cells, and the judgement of those cells."""

from collections.abc import Iterator
from typing import Protocol

import pyarrow as pa

from utilities.staging.byte_streams import Tally
from utilities.staging.evidence import Evidence
from utilities.staging.names import Naming


class Rows(Protocol):
    """The rows of one file, as the source has them.

    Attributes:
        naming: legal names of the columns; grows while batches are read when a format has no
            header.
        tally: how much of the file the last pass has read.
        notes: how the file is read, where a person would not expect it.
    """

    naming: Naming
    tally: Tally
    notes: tuple[str, ...]

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield the rows from the start, untyped, in batches whose fields have legal names.

        Raises:
            FileUnreadable: the bytes are not what the format requires.
        """

    def observe(self, cells: pa.Array) -> Evidence:
        """Return the types that fit all of the cells."""

    def convert(self, cells: pa.Array, type_: str, *, is_fixed: bool) -> pa.Array:
        """Return cells as values of a staged type.

        Args:
            cells: cells of one column, from a batch.
            type_: staged type.
            is_fixed: the type is the target table's: the value counts, not its spelling.

        Raises:
            Misfit: a cell does not fit without loss.
        """

    def place(self, row: int) -> str:
        """Return where a zero-based row is, for a message: `line 12`."""
