"""Passes PostgreSQL's answers on to the client, jumping from header to header.

Rows are never taken apart: a chunk goes on as it came, and only the few messages that tell the
front something (ready, error, a column list, the end of a step) are looked at.
"""

from collections import deque
from collections.abc import Callable

from infrastructure.local.redshift import protocol

DATA_ROW, COPY_DATA = ord("D"), ord("d")
STEP_ENDS = frozenset(b"123nCIsT")
"""Replies that end one message of the extended protocol (T ends a Describe only)."""

QUERY, SYNC, DESCRIBE = b"Q", b"S", b"D"

Rewrite = Callable[[int, bytes], bytes]
"""Takes the type and the whole message of an error, a notice or a column list; gives it anew."""


class Relay:
    """What is on its way back from PostgreSQL to one client.

    `expected` holds one entry per message whose answer has not come yet, so that the front knows
    when the connection is free for a statement of its own.
    """

    def __init__(self, write: Callable[[bytes], None], rewrite: Rewrite) -> None:
        self._write = write
        self._rewrite = rewrite
        self._tail = b""
        self._skip = 0
        self.expected: deque[bytes] = deque()
        self.status = b"I"
        self.skipping = False
        self.failed = False
        self.hide_ready = False
        self.on_step: Callable[[], None] = lambda: None

    def expect(self, kind: bytes) -> None:
        """Remember that a message of this type was sent to PostgreSQL."""
        if kind in (QUERY, SYNC):
            self.skipping = False
            self.failed = False
        elif self.skipping:
            return
        self.expected.append(kind)

    def feed(self, data: bytes) -> None:
        """Pass one chunk on."""
        if self._tail:
            data, self._tail = self._tail + data, b""
        end = len(data)
        position = self._skip
        if position >= end:
            self._skip = position - end
            self._write(data)
            return
        limit = end - 4
        start = 0
        pieces: list[bytes] = []
        read_int32 = protocol.read_int32
        while position < limit:
            kind = data[position]
            stop: int = position + 1 + read_int32(data, position + 1)[0]
            if kind != DATA_ROW and kind != COPY_DATA:
                if stop > end:
                    break
                original = data[position:stop]
                passed = self._notice(kind, original)
                if passed is not original:
                    pieces += (data[start:position], passed)
                    start = stop
            position = stop
        self._skip = max(position - end, 0)
        held = min(position, end)
        self._tail = data[held:]
        pieces.append(data[start:held])
        if chunk := b"".join(pieces):
            self._write(chunk)

    def _notice(self, kind: int, raw: bytes) -> bytes:
        """Look at one message that is no row; returns what goes to the client."""
        head = self.expected[0] if self.expected else b""
        passed = raw
        if kind == ord("Z"):
            passed = self._ready(raw)
        elif kind == ord("E"):
            passed = self._rewrite(kind, raw)
            self.failed = True
            if head != QUERY:
                self.skipping = SYNC not in self.expected
                while self.expected and self.expected[0] != SYNC:
                    self.expected.popleft()
        elif kind == ord("T") or kind == ord("N"):
            passed = self._rewrite(kind, raw)
            if kind == ord("T") and head == DESCRIBE:
                self.expected.popleft()
        elif kind in STEP_ENDS and head and head not in (QUERY, SYNC):
            self.expected.popleft()
        elif kind == ord("G") and head not in (QUERY, b"") and SYNC in self.expected:
            # PostgreSQL ignores the Sync that came before the rows of a COPY FROM STDIN.
            self.expected.remove(SYNC)
        self.on_step()
        return passed

    def _ready(self, raw: bytes) -> bytes:
        if self.expected:
            self.expected.popleft()
        self.status = raw[5:6]
        if self.hide_ready:
            self.hide_ready = False
            return b""
        return raw
