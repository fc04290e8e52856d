"""A file that is read in blocks gives every byte, and keeps the two characters of a line break."""

from collections.abc import Iterator
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from utilities.staging.byte_streams import ChunkFile


def in_chunks(data: bytes, size: int) -> Iterator[bytes]:
    """Yield bytes in pieces."""
    return (data[start : start + size] for start in range(0, len(data), size))


@given(st.text("\r\nx").map(str.encode), st.integers(1, 9), st.integers(2, 9))
def test_no_byte_is_lost(data: bytes, chunk: int, size: int) -> None:
    """Whatever the chunks and the reads: all bytes in order, and no line break is cut in two."""
    file = ChunkFile(in_chunks(data, chunk))
    reads = [found or b"" for found in iter(lambda: file.read(size), b"")]
    assert b"".join(reads) == data
    assert not any(
        one.endswith(b"\r") and other.startswith(b"\n") for one, other in pairwise(reads)
    )


@given(st.binary(min_size=1).filter(lambda data: b"\r" not in data), st.integers(1, 9))
def test_reads_are_filled(data: bytes, chunk: int) -> None:
    """Borders of blocks do not depend on how the bytes arrive."""
    file = ChunkFile(in_chunks(data, chunk))
    assert file.read(len(data)) == data
