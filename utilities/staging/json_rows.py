"""JSON lines: one object a line, whose values are kept as the tokens that stand in the file."""

import io
from collections.abc import Iterator

import msgspec
import pyarrow as pa

from utilities.errors import FileUnreadable
from utilities.objects import ObjectStore
from utilities.staging import json_tokens
from utilities.staging.byte_streams import CHUNK_BYTES, ChunkFile, Tally, plain_chunks
from utilities.staging.formats import FileKind
from utilities.staging.json_duplicates import has_each_key_once, repeated_key
from utilities.staging.misfit import shown
from utilities.staging.names import Naming
from utilities.staging.text_arrays import text_array_with_nulls

LINE_LIMIT_BYTES = 16 << 20
"""Longer lines are refused, so that a file without line ends does not fill the memory."""

_Object = dict[str, bytes]


class JsonRows:
    """The rows of a JSON lines file. Blank lines are no rows; keys may appear at any line."""

    observe = staticmethod(json_tokens.observe)
    convert = staticmethod(json_tokens.convert)

    def __init__(self, source: str, store: ObjectStore, kind: FileKind, naming: Naming) -> None:
        self.notes: tuple[str, ...] = ()
        self._source, self._store, self._kind = source, store, kind
        self._decode = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
        self.naming = naming
        self.tally = Tally()

    def batches(self) -> Iterator[pa.RecordBatch]:
        self.tally = Tally()
        objects: list[_Object] = []
        size_bytes, is_empty = 0, True
        for number, line in self._lines(self.tally):
            objects.append(self._read(number, line))
            size_bytes += len(line)
            if size_bytes >= CHUNK_BYTES:
                yield self._batch(objects)
                objects, size_bytes, is_empty = [], 0, False
        if objects:
            yield self._batch(objects)
        if (is_empty and not objects) or not self.naming.source_names:
            found = "objects without a key" if objects else "no objects"
            raise FileUnreadable(
                f"{self._source}: the file has {found}. Expected at least one JSON object with a "
                "key. Nothing was loaded. Check the export that made it."
            )

    def place(self, row: int) -> str:
        for count, (number, _) in enumerate(self._lines(Tally())):
            if count == row:
                return f"line {number}"
        return f"row {row + 1}"

    def _lines(self, tally: Tally) -> Iterator[tuple[int, bytes]]:
        """Yield the lines that are not blank, with their numbers from 1."""
        chunks = plain_chunks(self._source, self._store, self._kind.compression, tally)
        file = io.BufferedReader(ChunkFile(chunks), CHUNK_BYTES)
        number = 0
        while line := file.readline(LINE_LIMIT_BYTES + 1):
            number += 1
            if len(line) > LINE_LIMIT_BYTES:
                raise FileUnreadable(
                    f"{self._source}: line {number} has more than {LINE_LIMIT_BYTES:,} bytes. "
                    "Expected one JSON object a line. Nothing was loaded. Write each object on a "
                    "line of its own."
                )
            line = line.strip()
            if line:
                yield number, line

    def _read(self, number: int, line: bytes) -> _Object:
        try:
            if not line.isascii():
                line.decode()
            compact = msgspec.json.format(line, indent=-1) if b'": ' in line else line
            read = self._decode(compact)
        except UnicodeDecodeError as error:
            raise FileUnreadable(
                f"{self._source}: line {number}, byte {error.start + 1}: "
                f"0x{line[error.start]:02X} is not UTF-8. Nothing was loaded. Save the file as "
                "UTF-8; this byte is common in Latin-1 and Windows-1252."
            ) from None
        except msgspec.DecodeError as error:
            raise FileUnreadable(
                f"{self._source}: line {number} is not a JSON object: "
                f"{shown(line.decode())} ({error}). Expected one object a line. Nothing was "
                "loaded. Correct the line."
            ) from None
        members = {key: bytes(raw) for key, raw in read.items()}
        if not has_each_key_once(compact, members):
            key = repeated_key(compact)
            if key is not None:
                raise FileUnreadable(
                    f'{self._source}: line {number} has the key "{key}" twice in one object. '
                    "Expected each key once. Nothing was loaded. Remove one of them."
                )
        return members

    def _batch(self, objects: list[_Object]) -> pa.RecordBatch:
        keys = dict.fromkeys(key for read in objects for key in read)
        columns = [
            text_array_with_nulls([_token(read.get(key)) for read in objects]) for key in keys
        ]
        return pa.RecordBatch.from_arrays(
            columns or [pa.nulls(len(objects), pa.string())],
            names=[self.naming.find_or_add(key) for key in keys] or [""],
        )


def _token(token: bytes | None) -> bytes:
    """Return a token, nothing for null and for a missing key; no token is empty."""
    return b"" if token is None or token == b"null" else token
