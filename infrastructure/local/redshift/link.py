"""One raw connection to PostgreSQL over its unix socket."""

import asyncio
from collections.abc import Callable
from typing import cast

from infrastructure.local.redshift import protocol
from infrastructure.local.redshift.errors import FrontError

HIGH_WATER_BYTES = 4 * 1024 * 1024
"""Answers to the front's own statements that may wait unread before PostgreSQL is held back."""

Message = tuple[int, bytes]


def connection_lost_error() -> FrontError:
    """What a client reads when the PostgreSQL behind the front went away."""
    return FrontError(
        "terminating connection: the PostgreSQL server behind the local Redshift went away",
        sqlstate="57P01",
        hint="Connect again; `python -m infrastructure.local status` tells whether it runs.",
    )


class Link(asyncio.Protocol):
    """Bytes to and from PostgreSQL: either relayed as they come, or kept as whole messages."""

    def __init__(self, on_lost: Callable[[], None]) -> None:
        self._on_lost = on_lost
        self.relay: Callable[[bytes], None] | None = None
        self.transport: asyncio.Transport
        self.lost = False
        self._kept = bytearray()
        self._paused = False
        self._arrived = asyncio.Event()
        self._writable = asyncio.Event()
        self._writable.set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.transport.set_write_buffer_limits(high=HIGH_WATER_BYTES)

    def data_received(self, data: bytes) -> None:
        if self.relay is not None:
            self.relay(data)
            return
        self._kept += data
        self._arrived.set()
        if len(self._kept) > HIGH_WATER_BYTES and not self._paused:
            self._paused = True
            self.transport.pause_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        self.lost = True
        self._arrived.set()
        self._writable.set()
        self._on_lost()

    def pause_writing(self) -> None:
        self._writable.clear()

    def resume_writing(self) -> None:
        self._writable.set()

    @property
    def has_answer(self) -> bool:
        """Whether PostgreSQL said something that was not read yet."""
        return bool(self._kept) or self.lost

    def write(self, data: bytes | memoryview) -> None:
        """Send; the caller holds back by `drain` when it sends much."""
        self.transport.write(data)

    async def drain(self) -> None:
        """Wait until PostgreSQL takes more."""
        await self._writable.wait()
        if self.lost:
            raise connection_lost_error()

    async def messages(self) -> list[Message]:
        """The whole messages that have come, at least one; (type, payload) each."""
        while True:
            if found := self._take():
                return found
            if self.lost:
                raise connection_lost_error()
            self._arrived.clear()
            if self._paused:
                self._paused = False
                self.transport.resume_reading()
            await self._arrived.wait()

    def _take(self) -> list[Message]:
        data = bytes(self._kept)
        found: list[Message] = []
        position, end = 0, len(data)
        while position + protocol.HEADER_BYTES <= end:
            stop: int = position + 1 + protocol.read_int32(data, position + 1)[0]
            if stop > end:
                break
            found.append((data[position], data[position + protocol.HEADER_BYTES : stop]))
            position = stop
        del self._kept[:position]
        return found


async def open_link(
    socket_path: str, parameters: dict[str, str], on_lost: Callable[[], None]
) -> tuple[Link, list[Message]]:
    """Connect and wait until PostgreSQL is ready.

    Returns:
        The link, and the messages of the greeting (parameters, key) that a client wants as well.

    Raises:
        OSError: nothing listens on the socket.
        FrontError: PostgreSQL refused; its own message is the first of the greeting.
    """
    loop = asyncio.get_running_loop()
    _, link = await loop.create_unix_connection(lambda: Link(on_lost), socket_path)
    link.write(protocol.startup_message(parameters))
    greeting: list[Message] = []
    while not greeting or greeting[-1][0] not in b"ZE":
        greeting += await link.messages()
    return link, greeting
