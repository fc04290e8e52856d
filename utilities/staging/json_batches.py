"""JSON in batches of whole lines, one object a line, from a file or from the pages of an API."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from utilities.errors import FileUnreadable
from utilities.objects import ObjectStore
from utilities.staging.byte_streams import CHUNK_BYTES, ChunkFile, Tally, plain_chunks
from utilities.staging.formats import FileKind

LINE_LIMIT_BYTES = 16 << 20
"""Longer lines are refused, so that a file without line ends does not fill the memory."""

_BLANK_STARTS = (b"\n", b"\r", b" ", b"\t")


@dataclass(frozen=True)
class JsonBatch:
    """Objects as text: one a line, no blank line, no line end after the last one."""

    lines: bytes
    rows: int

    @property
    def nbytes(self) -> int:
        return len(self.lines)

    def __len__(self) -> int:
        return self.rows


class JsonSource(Protocol):
    """Where JSON objects come from.

    Attributes:
        unit: what an object is to a person: line or record.
    """

    unit: str

    def batches(self, tally: Tally) -> Iterator[JsonBatch]:
        """Yield all objects from the start; their bytes are counted as they are read."""

    def lines(self, rows: Sequence[int]) -> list[int]:
        """Return the numbers of zero-based objects, sorted, as a person counts them from 1."""


class JsonFile:
    """A file with one object a line; blank lines are no rows."""

    def __init__(self, source: str, store: ObjectStore, kind: FileKind) -> None:
        self.unit = "line"
        self._source, self._store, self._kind = source, store, kind

    def batches(self, tally: Tally) -> Iterator[JsonBatch]:
        for lines in self._whole_lines(tally):
            if lines.startswith(_BLANK_STARTS) or any(b"\n" + s in lines for s in _BLANK_STARTS):
                kept = [line for line in lines.split(b"\n") if line.strip()]
                lines = b"\n".join(kept)
            lines = lines.rstrip(b"\n")
            if lines.strip():
                yield JsonBatch(lines, lines.count(b"\n") + 1)

    def lines(self, rows: Sequence[int]) -> list[int]:
        file = self._open(Tally())
        found: list[int] = []
        number, row = 0, 0
        while len(found) < len(rows) and (line := file.readline(LINE_LIMIT_BYTES)):
            number += 1
            if line.strip():
                if row == rows[len(found)]:
                    found.append(number)
                row += 1
        return found

    def _whole_lines(self, tally: Tally) -> Iterator[bytes]:
        """Yield pieces of the file that end where a line does."""
        file = self._open(tally)
        count = 0
        while piece := file.read(CHUNK_BYTES):
            if not piece.endswith(b"\n"):
                piece += file.readline(LINE_LIMIT_BYTES + 1)
            if len(piece) > LINE_LIMIT_BYTES:
                self._refuse_long_line(piece, count)
            count += piece.count(b"\n")
            yield piece

    def _open(self, tally: Tally) -> io.BufferedReader:
        chunks = plain_chunks(self._source, self._store, self._kind.compression, tally)
        return io.BufferedReader(ChunkFile(chunks), CHUNK_BYTES)

    def _refuse_long_line(self, piece: bytes, lines_before: int) -> None:
        for number, line in enumerate(piece.split(b"\n"), lines_before + 1):
            if len(line) > LINE_LIMIT_BYTES:
                raise FileUnreadable(
                    f"{self._source}: line {number} has more than {LINE_LIMIT_BYTES:,} bytes. "
                    "Expected one JSON object a line. Nothing was loaded. Write each object on a "
                    "line of its own."
                )
