"""The client's side of one session: its messages in order, and what goes back to it."""

import asyncio
from collections.abc import Callable
from typing import cast

from infrastructure.local.redshift import protocol

PENDING_HIGH_BYTES = 4 * 1024 * 1024
"""What a client may send ahead before it is held back."""

LONGEST_STARTUP_BYTES = 10_000
"""PostgreSQL's own limit, https://github.com/postgres/postgres (MAX_STARTUP_PACKET_LENGTH)."""


class ClientGone(Exception):
    """The client closed its connection, or broke the protocol."""


class Client(asyncio.Protocol):
    """Bytes of one client, cut into messages."""

    def __init__(self, started: Callable[["Client"], None]) -> None:
        self._started = started
        self.transport: asyncio.Transport
        self.gone = False
        self.on_gone: Callable[[], None] = lambda: None
        self.on_full: Callable[[], None] = lambda: None
        self.on_free: Callable[[], None] = lambda: None
        self._buffer = bytearray()
        self._paused = False
        self._arrived = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self._started(self)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        self._arrived.set()
        if len(self._buffer) > PENDING_HIGH_BYTES and not self._paused:
            self._paused = True
            self.transport.pause_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        self.gone = True
        self._arrived.set()
        self.on_gone()

    def pause_writing(self) -> None:
        self.on_full()

    def resume_writing(self) -> None:
        self.on_free()

    def write(self, data: bytes) -> None:
        """Send to the client, as long as it is there."""
        if not self.gone:
            self.transport.write(data)

    async def message(self) -> tuple[int, bytes]:
        """The next message: its type, and all of its bytes.

        Raises:
            ClientGone: there will be none.
        """
        await self._have(protocol.HEADER_BYTES)
        end: int = 1 + protocol.read_int32(self._buffer, 1)[0]
        if end < protocol.HEADER_BYTES:
            raise ClientGone("a message shorter than its own header")
        await self._have(end)
        raw = bytes(self._buffer[:end])
        del self._buffer[:end]
        return raw[0], raw

    async def startup(self) -> tuple[int, bytes]:
        """The first message, which has no type: its version or request code, and its payload."""
        await self._have(8)
        (length,) = protocol.read_int32(self._buffer)
        if not 8 <= length <= LONGEST_STARTUP_BYTES:
            raise ClientGone("no startup message of the PostgreSQL protocol")
        await self._have(length)
        (code,) = protocol.read_int32(self._buffer, 4)
        payload = bytes(self._buffer[8:length])
        del self._buffer[:length]
        return code, payload

    async def _have(self, count: int) -> None:
        while len(self._buffer) < count:
            if self.gone:
                raise ClientGone("the connection was closed")
            self._arrived.clear()
            if self._paused:
                self._paused = False
                self.transport.resume_reading()
            await self._arrived.wait()
