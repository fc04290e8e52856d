"""Notice quotes in CSV that a reader would drop or misplace in silence.

A reader that meets `"ab"c` gives `abc`. In RFC 4180 a quote either opens a field (after a
delimiter or a line's end), closes it (before one), or is doubled inside it. Whether that holds for
every quote can be told from the quotes' positions alone, far cheaper than by a second parse.
https://www.rfc-editor.org/rfc/rfc4180#section-2
"""

import numpy as np

from utilities.staging.byte_streams import CHUNK_BYTES

_QUOTE = ord('"')
_LINE_ENDS = b"\r\n"


class QuoteWatch:
    """Judges the quotes of a file chunk by chunk. A chunk is not empty."""

    def __init__(self, delimiter: str) -> None:
        self._is_border = np.zeros(256, dtype=bool)
        self._is_border[list(_LINE_ENDS + delimiter.encode() + b'"')] = True
        self._quotes_seen = 0
        self._last_byte = _LINE_ENDS[0]
        self._is_quote = np.empty(CHUNK_BYTES, dtype=bool)

    def is_regular(self, chunk: bytes) -> bool:
        """Say whether the quotes of a chunk are where they should be.

        A quote that closes a field is judged by the byte after it: at a chunk's end with the next
        chunk, or by `is_closed`.
        """
        first_fits = self._may_go_on_with(chunk[0])
        last_byte, self._last_byte = self._last_byte, chunk[-1]
        if b'"' not in chunk:
            return first_fits
        data = np.frombuffer(chunk, dtype=np.uint8)
        if len(data) > len(self._is_quote):
            self._is_quote = np.empty(len(data), dtype=bool)
        quotes = np.flatnonzero(np.equal(data, _QUOTE, out=self._is_quote[: len(data)]))
        is_inside = self._quotes_seen % 2
        self._quotes_seen += len(quotes)
        opening, closing = quotes[is_inside::2], quotes[1 - is_inside :: 2]
        before = data[opening - 1]
        if len(opening) and opening[0] == 0:
            before[0] = last_byte
        after = data[closing[closing < len(data) - 1] + 1]
        return first_fits and bool(self._is_border[before].all() and self._is_border[after].all())

    def is_closed(self) -> bool:
        """Say whether the file may end here: its last field is not open."""
        return self._quotes_seen % 2 == 0

    def _may_go_on_with(self, byte: int) -> bool:
        """Say whether a byte may follow what was read, when that ends with a closing quote."""
        is_after_closing = self._last_byte == _QUOTE and self._quotes_seen % 2 == 0
        return not is_after_closing or bool(self._is_border[byte])
