"""A source file as a stream of plain bytes: counted, hashed and decompressed on the way."""

import hashlib
import io
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pyarrow as pa

from utilities.errors import FileUnreadable
from utilities.objects import ObjectStore
from utilities.staging.formats import Compression

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

CHUNK_BYTES = 1 << 20
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_RETURN = ord("\r")
_GZIP_WINDOW_BITS = 31  # the largest window, with gzip's header and checksum


class Tally:
    """How much of a source was read, and the SHA-256 of what was read.

    Attributes:
        has_bytes: false for a source that is made of objects in memory, which are not counted.
    """

    def __init__(self, *, has_bytes: bool = True) -> None:
        self.has_bytes = has_bytes
        self.bytes = 0
        self._hash = hashlib.sha256()

    def add(self, chunk: bytes) -> None:
        self.bytes += len(chunk)
        self._hash.update(chunk)

    def sha256(self) -> str:
        return self._hash.hexdigest()


class ChunkFile(io.RawIOBase):
    """Chunks of bytes as a file. Reads are filled, so that block borders are always the same.

    None ends between the two characters of a line break: Arrow's CSV reader takes it for the end of
    a row there, also inside of quotes, and drops the second one.
    https://github.com/apache/arrow/blob/main/cpp/src/arrow/csv/reader.cc (CSVBufferIterator)
    """

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = memoryview(b"")
        self._holds_return = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        target = memoryview(buffer).cast("B")
        filled = 0
        if self._holds_return and target:
            target[0], filled, self._holds_return = _RETURN, 1, False
        while filled < len(target):
            if not self._rest:
                self._rest = memoryview(next(self._chunks, b""))
                if not self._rest:
                    break
            size = min(len(self._rest), len(target) - filled)
            target[filled : filled + size] = self._rest[:size]
            self._rest = self._rest[size:]
            filled += size
        if 1 < filled == len(target) and target[filled - 1] == _RETURN:
            filled, self._holds_return = filled - 1, True
        return filled


def content_key(source: str, store: ObjectStore) -> str:
    """Return the SHA-256 of a file as stored, in hexadecimal; reads it in chunks."""
    tally = Tally()
    for _ in stored_chunks(source, store, tally):
        pass
    return tally.sha256()


def stored_chunks(source: str, store: ObjectStore, tally: Tally) -> Iterator[bytes]:
    """Yield a file as stored."""
    with store.open(source) as file:
        while chunk := file.read(CHUNK_BYTES):
            tally.add(chunk)
            yield chunk


def plain_chunks(
    source: str, store: ObjectStore, compression: Compression, tally: Tally
) -> Iterator[bytes]:
    """Yield a file decompressed and without its byte order mark.

    Raises:
        FileUnreadable: the compressed data is damaged or ends too early.
    """
    chunks = stored_chunks(source, store, tally)
    if compression is Compression.GZIP:
        chunks = _gunzipped(source, chunks)
    elif compression is Compression.ZSTD:
        chunks = _zstd_decompressed(source, chunks)
    first = next(chunks, b"")
    yield first.removeprefix(_BYTE_ORDER_MARK)
    yield from chunks


def _gunzipped(source: str, chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Decompress gzip, of one or several members."""
    member = zlib.decompressobj(_GZIP_WINDOW_BITS)
    is_inside = False
    for chunk in chunks:
        pending = chunk
        while pending:
            if member.eof:
                member = zlib.decompressobj(_GZIP_WINDOW_BITS)
            try:
                plain = member.decompress(pending, 4 * CHUNK_BYTES)
            except zlib.error as error:
                raise _damaged(source, "gzip", str(error)) from None
            pending = member.unused_data if member.eof else member.unconsumed_tail
            is_inside = not member.eof
            if plain:
                yield plain
    if is_inside:
        raise _damaged(source, "gzip", "the data ends before its end mark: the file is cut off")


def _zstd_decompressed(source: str, chunks: Iterator[bytes]) -> Iterator[bytes]:
    stored = pa.PythonFile(ChunkFile(chunks), mode="r")
    try:
        with pa.CompressedInputStream(stored, "zstd") as stream:
            while chunk := stream.read(CHUNK_BYTES):
                yield chunk
    except OSError as error:
        raise _damaged(source, "zstd", str(error)) from None


def _damaged(source: str, name: str, reason: str) -> FileUnreadable:
    return FileUnreadable(
        f"{source}: the {name} data is damaged: {reason}. Nothing was loaded. "
        "Get the file again from where it came."
    )
