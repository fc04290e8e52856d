"""Check that a key identifies each row of a file, with little memory.

Keeps 8 bytes a row: a hash of the key, in memory for the first million rows and beyond that in
temporary files, split by hash so that each piece is compared on its own. Equal hashes are only a
suspicion; the rows behind them are then read again and compared as they are. Costs about a quarter
of a second for a million text keys, a tenth of that for one whole-number column.
"""

import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from threading import Lock
from typing import IO

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as of

from utilities.staging.misfit import Misfit

Hashes = npt.NDArray[np.uint64]
Key = tuple[object, ...]

IN_MEMORY_ROWS = 1 << 20
PIECES = 64
SUSPECTS_LIMIT = 10_000
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
"""Odd, so that multiplying keeps different numbers different; 2**64 by the golden ratio."""


class NullInKey(Misfit):
    """A key column has no value in some row."""


class KeyIndex:
    """The hashes of all keys of a file. Safe to fill from several threads; close it after use."""

    def __init__(self, columns: Sequence[str], *, is_unique: bool = True) -> None:
        """Watch the columns that together identify a row; none to watch nothing.

        With `is_unique` false, only missing values matter.
        """
        self.columns = tuple(columns)
        self._is_unique = is_unique
        self._lock = Lock()
        self._recent: list[Hashes] = []
        self._pieces: list[IO[bytes]] = []
        self._files = ExitStack()

    def add(self, table: pa.Table) -> None:
        """Take the keys of a part.

        Raises:
            NullInKey: a key column is null; the row is counted within the table.
        """
        if not self.columns:
            return
        for name in self.columns:
            if table[name].null_count:
                misfit = NullInKey(pc.index(pc.is_null(table[name]), True).as_py(), None)
                misfit.column = name
                raise misfit
        if not self._is_unique:
            return
        hashes = hashes_of(table.select(self.columns))
        with self._lock:
            self._recent.append(hashes)
            if sum(map(len, self._recent)) > IN_MEMORY_ROWS:
                self._spill()

    def repeated(self) -> frozenset[int]:
        """Return hashes that occur more than once; at most so many that they can be looked up."""
        if self._pieces:
            self._spill()
            groups = [_read_piece(piece) for piece in self._pieces]
        else:
            groups = [np.concatenate(self._recent)] if self._recent else []
        found: set[int] = set()
        for group in groups:
            group.sort()
            found.update(group[1:][group[1:] == group[:-1]][:SUSPECTS_LIMIT].tolist())
            if len(found) >= SUSPECTS_LIMIT:
                break
        return frozenset(found)

    def close(self) -> None:
        self._files.close()

    def _spill(self) -> None:
        if not self._pieces:
            self._pieces = [
                self._files.enter_context(tempfile.TemporaryFile()) for _ in range(PIECES)
            ]
        hashes = np.concatenate(self._recent) if self._recent else np.empty(0, np.uint64)
        self._recent = []
        hashes.sort()
        borders = np.arange(1, PIECES, dtype=np.uint64) * np.uint64(2**64 // PIECES)
        for piece, part in zip(
            self._pieces, np.split(hashes, np.searchsorted(hashes, borders)), strict=True
        ):
            piece.write(part.tobytes())


def hashes_of(keys: pa.Table) -> Hashes:
    """Return a 64-bit hash for each row; equal keys have equal hashes in one process."""
    if keys.num_columns == 1 and of.is_signed_integer(keys.schema[0].type):
        cells = keys.column(0).combine_chunks().cast(pa.int64())
        # Array.to_numpy imports pandas.
        memory = cells.buffers()[1] or b""
        numbers = np.frombuffer(memory, np.uint64)[cells.offset : cells.offset + len(cells)]
    else:
        values = map(hash, zip(*(column.to_pylist() for column in keys.columns), strict=True))
        numbers = np.fromiter(values, np.int64, keys.num_rows).view(np.uint64)
    spread: Hashes = numbers * _SPREAD
    return spread


def _read_piece(piece: IO[bytes]) -> Hashes:
    piece.seek(0)
    return np.frombuffer(bytearray(piece.read()), dtype=np.uint64)


class DuplicateSearch:
    """Finds the first key that really occurs twice among rows whose hashes do."""

    def __init__(self, columns: Sequence[str], suspects: frozenset[int]) -> None:
        self._columns = tuple(columns)
        self._suspects = np.array(sorted(suspects), dtype=np.uint64)
        self._seen: dict[Key, int] = {}

    def find(self, table: pa.Table, first_row: int) -> tuple[Key, int, int] | None:
        """Return key, first and second row of a duplicate, when this table completes one."""
        keys = table.select(self._columns)
        rows = np.flatnonzero(np.isin(hashes_of(keys), self._suspects))
        for row, values in zip(rows.tolist(), keys.take(pa.array(rows)).to_pylist(), strict=True):
            key: Key = tuple(values[name] for name in self._columns)
            if key in self._seen:
                return key, self._seen[key], first_row + row
            self._seen[key] = first_row + row
        return None
