"""Cut a file's bytes into blocks that end where a record ends, in bounded memory."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from infrastructure.local.redshift.copy.records import LONGEST_RECORD_BYTES, Dialect, scan

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
        stop, sound = _last_end(rest, line, dialect, final=False)
        if stop:
            yield Block(uri, line, rest[:stop], sound)
            line += rest.count(b"\n", 0, stop)
            rest = rest[stop:]
    if rest and not headers:
        _, sound = _last_end(rest, line, dialect, final=True)
        yield Block(uri, line, rest, sound)


def _last_end(data: bytes, line: int, dialect: Dialect, *, final: bool) -> tuple[int, bool]:
    """Return where the last whole record ends, and whether all quotes are sound."""
    options = dialect.options
    if options.escape or options.remove_quotes:
        return scan(data, line, dialect, final=final)[1], False
    if not dialect.quote or dialect.quote not in data:
        return data.rfind(b"\n") + 1, True
    codes = np.frombuffer(data, dtype=np.uint8)
    quotes = np.flatnonzero(codes == dialect.quote[0])
    if not _sound(codes, quotes, ord(options.delimiter)):
        return scan(data, line, dialect, final=final)[1], False
    newlines = np.flatnonzero(codes == _NEWLINE)
    outside = newlines[np.searchsorted(quotes, newlines) % 2 == 0]
    stop = int(outside[-1]) + 1 if len(outside) else 0
    if not stop and len(data) > LONGEST_RECORD_BYTES:
        return scan(data, line, dialect, final=final)[1], False
    return stop, not (final and len(quotes) % 2)


def _sound(codes: "np.ndarray", quotes: "np.ndarray", delimiter: int) -> bool:
    """Whether each opening quote follows a delimiter or line end, and each closing one precedes one.

    Quotes open and close in turn; a doubled quote closes and opens again at once.
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
    return bool(opens.all() and closes.all())
