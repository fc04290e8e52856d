"""Notice quotes in CSV that a reader would drop or misplace in silence.

A reader that meets `"ab"c` gives `abc`. In RFC 4180 a quote either opens a field (after a
delimiter or a line's end), closes it (before one), or is doubled inside it. Whether that holds for
every quote can be told from the quotes' positions alone, far cheaper than by a second parse.
https://www.rfc-editor.org/rfc/rfc4180#section-2
"""

import numpy as np

_QUOTE = ord('"')
_LINE_ENDS = b"\r\n"


class QuoteWatch:
    """Judges the quotes of a file chunk by chunk."""

    def __init__(self, delimiter: str) -> None:
        self._is_border = np.zeros(256, dtype=bool)
        self._is_border[list(_LINE_ENDS + delimiter.encode() + b'"')] = True
        self._quotes_seen = 0
        self._carried = b"\n"

    def is_regular(self, chunk: bytes) -> bool:
        """Say whether the quotes of a chunk are where they should be.

        A quote is judged by the bytes before and after it, so the last byte of a chunk is judged
        with the next chunk, or by `is_closed`.
        """
        joined = self._carried + chunk
        self._carried = joined[-2:]
        if b'"' not in joined:
            return True
        data = np.frombuffer(joined, dtype=np.uint8)
        quotes = np.flatnonzero(data[1:-1] == _QUOTE) + 1
        first_opens = self._quotes_seen % 2
        self._quotes_seen += len(quotes)
        opening, closing = quotes[first_opens::2], quotes[1 - first_opens :: 2]
        before, after = data[opening - 1], data[closing + 1]
        return bool(self._is_border[before].all() and self._is_border[after].all())

    def is_closed(self) -> bool:
        """Say whether the file may end here: its last quote is in place and closes a field."""
        return self.is_regular(b"\n") and self._quotes_seen % 2 == 0
