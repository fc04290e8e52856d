"""The PostgreSQL connection that stands behind one client.

Most traffic is relayed (relay.py). This is the other half: statements of the front's own, run on
the same connection and so inside the client's transaction.
"""

import asyncio
import struct
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager

from infrastructure.local.redshift import protocol
from infrastructure.local.redshift.errors import BackendError
from infrastructure.local.redshift.link import Link
from infrastructure.local.redshift.relay import QUERY, Relay

Row = tuple[str | None, ...]

COPY_CHUNK_BYTES = 256 * 1024


class Backend:
    """Runs statements for the front on the client's own connection.

    Attributes:
        session_id: PostgreSQL's process id of this connection, as pg_backend_pid() tells it.
        user, database: who is connected, and to what.
        dsn: for side connections (psycopg2), outside of the client's transaction.
    """

    def __init__(
        self, link: Link, relay: Relay, key: tuple[int, int], names: tuple[str, str], dsn: str
    ) -> None:
        self._link = link
        self._relay = relay
        self._key = key
        self.user, self.database = names
        self.dsn = dsn
        self._own_block = False
        self._awaiting_ready = False
        self._sending_rows = False
        self._failure: BackendError | None = None
        self._rows_out: AsyncGenerator[bytes] | None = None
        self._freed = asyncio.Event()
        self._send_to_client: Callable[[bytes], None] = lambda data: None
        relay.on_step = self._step_done
        link.relay = relay.feed

    def connect_client(self, write: Callable[[bytes], None]) -> None:
        """Say where notices of own statements go."""
        self._send_to_client = write

    @property
    def session_id(self) -> int:
        """PostgreSQL's process id of this connection."""
        return self._key[0]

    @property
    def status(self) -> bytes:
        """Transaction status of the connection: I, T or E."""
        return self._relay.status

    @property
    def in_transaction(self) -> bool:
        """Whether the client itself opened the transaction block that is open."""
        return self._relay.status != b"I" and not self._own_block

    async def idle(self) -> None:
        """Wait until every answer that is under way has come."""
        while self._relay.expected and not self._link.lost:
            self._freed.clear()
            await self._freed.wait()

    async def query(self, sql: str) -> list[Row]:
        """Run statements and return the rows of all of them, as text.

        Raises:
            BackendError: PostgreSQL refused; an open transaction block is failed then.
        """
        async with self._exchange(protocol.query(sql.encode("utf-8", "surrogateescape"))):
            rows: list[Row] = []
            async for kind, payload in self._answer():
                if kind == ord("D"):
                    rows.append(protocol.read_row(payload))
            return rows

    async def command(self, sql: str) -> str:
        """Run statements and return the command tag of the last.

        Raises:
            BackendError: PostgreSQL refused; an open transaction block is failed then.
        """
        async with self._exchange(protocol.query(sql.encode("utf-8", "surrogateescape"))):
            tag = b""
            async for kind, payload in self._answer():
                if kind == ord("C"):
                    tag = payload
            return tag.rstrip(b"\0").decode("ascii")

    async def copy_in(self, sql: str, chunks: AsyncIterator[bytes]) -> int:
        """Run COPY ... FROM STDIN with these bytes; returns the rows that it loaded.

        When `chunks` raises, the COPY is undone and the exception goes on.

        Raises:
            BackendError: PostgreSQL refused the statement or a row.
        """
        async with self._exchange(protocol.query(sql.encode("utf-8", "surrogateescape"))):
            tag = b""
            async for kind, payload in self._answer():
                if kind == ord("G"):
                    await self._send_rows(chunks)
                elif kind == ord("C"):
                    tag = payload
            return int(tag.rstrip(b"\0").split()[-1]) if tag else 0

    def copy_out(self, sql: str) -> AsyncIterator[bytes]:
        """Run COPY ... TO STDOUT; yields whole rows, many to a chunk.

        Raises:
            BackendError: PostgreSQL refused, or failed on the way.
        """
        self._rows_out = self._copy_out(protocol.query(sql.encode("utf-8", "surrogateescape")))
        return self._rows_out

    async def _copy_out(self, request: bytes) -> AsyncGenerator[bytes]:
        async with self._exchange(request):
            while self._awaiting_ready:
                messages = await self._link.messages()
                if rows := b"".join(payload for kind, payload in messages if kind == ord("d")):
                    yield rows
                for kind, payload in messages:
                    self._look(kind, payload)
            self._raise_failure()

    async def settle(self) -> None:
        """End a COPY ... TO STDOUT whose reader stopped before the last row."""
        rows_out, self._rows_out = self._rows_out, None
        if rows_out is not None:
            await rows_out.aclose()

    async def notice(self, message: str) -> None:
        """Tell the client something that is no error."""
        fields = {"S": "INFO", "V": "INFO", "C": "00000", "M": message}
        self._send_to_client(protocol.fields_message(b"N", fields))

    @asynccontextmanager
    async def atomic(self) -> AsyncIterator[None]:
        """All own statements inside happen or none; inside the client's block when one is open."""
        if self._relay.status != b"I":
            yield
            return
        await self.query("BEGIN")
        self._own_block = True
        try:
            yield
        except BaseException:
            await asyncio.shield(self._end_block("ROLLBACK"))
            raise
        await self._end_block("COMMIT")

    async def _end_block(self, sql: str) -> None:
        self._own_block = False
        if not self._link.lost:
            await self.query(sql)

    async def relay_statements(self, sql: bytes) -> bool:
        """Let PostgreSQL answer the client itself, but for the closing ReadyForQuery.

        Returns whether all of them succeeded.
        """
        self._relay.hide_ready = True
        self._relay.expect(QUERY)
        self._link.write(protocol.query(sql))
        await self.idle()
        return not self._relay.failed

    async def cancel(self) -> None:
        """Ask PostgreSQL to give up what this connection is doing; returns when it was told."""
        path = self._link.transport.get_extra_info("peername")
        reader, writer = await asyncio.open_unix_connection(path)
        writer.write(struct.pack(">IIII", 16, protocol.CANCEL_REQUEST, *self._key))
        await reader.read()
        writer.close()

    def _step_done(self) -> None:
        if not self._relay.expected or self._link.lost:
            self._freed.set()

    @asynccontextmanager
    async def _exchange(self, request: bytes) -> AsyncIterator[None]:
        """Take the connection from the relay for one own statement."""
        await self.idle()
        self._link.relay = None
        self._awaiting_ready = True
        self._failure = None
        self._link.write(request)
        try:
            yield
        except BaseException:
            await asyncio.shield(self._abandon())
            raise
        finally:
            self._link.relay = self._relay.feed

    async def _abandon(self) -> None:
        """Bring the connection back to rest after an own statement was given up."""
        if not self._awaiting_ready or self._link.lost:
            return
        if self._sending_rows:
            self._sending_rows = False
            self._link.write(protocol.message(b"f", protocol.text("given up")))
        else:
            await self.cancel()
        while self._awaiting_ready:
            for kind, payload in await self._link.messages():
                self._look(kind, payload)

    async def _answer(self) -> AsyncIterator[tuple[int, bytes]]:
        """The messages of an own statement; its error is raised when the connection is at rest."""
        while self._awaiting_ready:
            for kind, payload in await self._link.messages():
                self._look(kind, payload)
                if self._failure is None:
                    yield kind, payload
        self._raise_failure()

    def _raise_failure(self) -> None:
        if self._failure is not None:
            raise self._failure

    def _look(self, kind: int, payload: bytes) -> None:
        if kind == ord("Z"):
            self._relay.status = payload[:1]
            self._awaiting_ready = False
        elif kind == ord("E"):
            self._failure = BackendError(protocol.read_fields(payload))
        elif kind == ord("N") or kind == ord("S"):
            self._send_to_client(protocol.message(bytes([kind]), payload))

    async def _send_rows(self, chunks: AsyncIterator[bytes]) -> None:
        """Send the rows of a COPY, as long as PostgreSQL has not refused one."""
        self._sending_rows = True
        async for chunk in chunks:
            view = memoryview(chunk)
            for start in range(0, len(chunk), COPY_CHUNK_BYTES):
                piece = view[start : start + COPY_CHUNK_BYTES]
                self._link.write(protocol.message_head(b"d", len(piece)))
                self._link.write(piece)
                await self._link.drain()
            while self._link.has_answer:
                for kind, payload in await self._link.messages():
                    self._look(kind, payload)
                if self._failure is not None:
                    self._sending_rows = False
                    return
        self._sending_rows = False
        self._link.write(protocol.message(b"c"))
