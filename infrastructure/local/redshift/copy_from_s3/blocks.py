"""Cut a file's bytes into blocks that end where a record ends, in bounded memory."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from infrastructure.local.redshift.copy_from_s3.records import LONGEST_RECORD_BYTES, Dialect, scan

Codes = NDArray[np.integer[Any]]

EXACT_BYTES = 256 * 1024
"""Bytes that are read record by record after a fault, before the fast way is tried again."""

_NEWLINE, _RETURN = 10, 13


@dataclass(frozen=True)
class Block:
    """Whole records of one file.

    Attributes:
        first_line: line number in the file of the block's first line, from 1.
        sound: every quote stands where CSV allows it, so that the fast parser can be trusted.
    """

    uri: str
    first_line: int
    data: bytes
    sound: bool = True


def cut_blocks(uri: str, pieces: Iterator[bytes], dialect: Dialect) -> Iterator[Block]:
    """Yield a file's blocks, about as long as its pieces, without its header lines."""
    line, rest = 1, b""
    headers = dialect.options.ignore_header
    for piece in pieces:
        rest += piece
        while headers and (newline := rest.find(b"\n")) >= 0:
            rest, line, headers = rest[newline + 1 :], line + 1, headers - 1
        if headers:
            # A header line that never ends is not kept: only its end matters.
            rest = b"" if len(rest) > LONGEST_RECORD_BYTES else rest
            continue
        stop, sound = _next_block(rest, dialect, final=False)
        while stop:
            yield Block(uri, line, rest[:stop], sound)
            line += rest.count(b"\n", 0, stop)
            rest = rest[stop:]
            stop, sound = _next_block(rest, dialect, final=False)
    while rest and not headers:
        stop, sound = _next_block(rest, dialect, final=True)
        yield Block(uri, line, rest[:stop], sound)
        line += rest.count(b"\n", 0, stop)
        rest = rest[stop:]


def _next_block(data: bytes, dialect: Dialect, *, final: bool) -> tuple[int, bool]:
    """Return where the next block ends, and whether its quotes are sound; 0 when more is needed."""
    stop, sound = _sound_end(data, dialect, final=final)
    if stop or not data:
        return stop, sound
    if not sound:
        window = min(len(data), EXACT_BYTES)
        while window:
            whole = final and window == len(data)
            stop = scan(data[:window], 1, dialect, final=whole)[1]
            if stop or window == len(data):
                break
            window = min(len(data), 4 * window)
    if not stop and (final or len(data) > LONGEST_RECORD_BYTES):
        # A quote that never closes: the record is given up at the end of its first line.
        stop = data.find(b"\n") + 1 or len(data)
    return stop, False


def _sound_end(data: bytes, dialect: Dialect, *, final: bool) -> tuple[int, bool]:
    """Return where the last record before any fault ends, and whether the fast way is open.

    0 and true: more bytes are needed. 0 and false: the first record has a fault.
    """
    options = dialect.options
    everything = len(data) if final else data.rfind(b"\n") + 1
    if options.escape:
        return _unescaped_end(data, final=final), True
    if not dialect.quote or dialect.quote not in data:
        return everything, True
    codes = np.frombuffer(data, dtype=np.uint8)
    quotes = np.flatnonzero(codes == dialect.quote[0])
    fault = _first_fault(codes, quotes, ord(options.delimiter))
    if fault is None and final and len(quotes) % 2 == 0:
        return everything, True
    newlines = np.flatnonzero(codes[:fault] == _NEWLINE)
    outside = newlines[np.searchsorted(quotes, newlines) % 2 == 0]
    stop = int(outside[-1]) + 1 if len(outside) else 0
    return stop, bool(stop) or fault is None


def _unescaped_end(data: bytes, *, final: bool) -> int:
    """Return where the last line ends that no backslash continues."""
    if final:
        return len(data)
    end = data.rfind(b"\n")
    while end > 0 and data[end - 1] == ord("\\"):
        end = data.rfind(b"\n", 0, end)
    return end + 1


def _first_fault(codes: Codes, quotes: Codes, delimiter: int) -> int | None:
    """Return the place of the first quote that stands where CSV does not allow it.

    Quotes open and close in turn; a doubled quote closes and opens again at once. An opening one
    follows a delimiter or a line end, a closing one precedes it.
    """
    opening, closing = quotes[0::2], quotes[1::2]
    doubled = closing[: len(opening[1:])] + 1 == opening[1:][: len(closing)]
    before = codes[opening - 1]
    opens = (before == delimiter) | (before == _NEWLINE) | (opening == 0)
    opens[1 : 1 + len(doubled)] |= doubled
    last = len(codes) - 1
    after = codes[np.minimum(closing + 1, last)]
    closes = (after == delimiter) | (after == _NEWLINE) | (after == _RETURN) | (closing == last)
    closes[: len(doubled)] |= doubled
    faults = np.concatenate([opening[~opens], closing[~closes]])
    return int(faults.min()) if len(faults) else None
