"""One client's session: what it sends is passed on, translated, carried out or refused."""

import asyncio
import logging
from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from infrastructure.local.redshift import names, protocol
from infrastructure.local.redshift.answers import error_message, rewrite_answer
from infrastructure.local.redshift.backend import Backend
from infrastructure.local.redshift.client import Client, ClientGone
from infrastructure.local.redshift.errors import BackendError, FrontError
from infrastructure.local.redshift.extended import Extended
from infrastructure.local.redshift.greeting import AMAZON_PROTOCOL, worded_greeting
from infrastructure.local.redshift.link import Link, connection_lost_error, open_link
from infrastructure.local.redshift.refusals import refusal_sql
from infrastructure.local.redshift.relay import QUERY, Relay
from infrastructure.local.redshift.statements import plan
from infrastructure.local.redshift.steps import Action, Forward, Settings, Step

log = logging.getLogger("redshift")
PATIENCE_SECONDS = 3.0
"""What a statement gets to finish when its client has gone."""


class StatementFailed(Exception):
    """The client has been told; what is left of its query string is not run."""


@dataclass(frozen=True)
class Place:
    """Where the PostgreSQL behind the front listens."""

    socket_dir: Path
    port: int = 5432

    @property
    def socket_path(self) -> str:
        return str(self.socket_dir / f".s.PGSQL.{self.port}")


class Session:
    """Everything between one client and its own PostgreSQL connection."""

    def __init__(self, client: Client, place: Place) -> None:
        self.client = client
        self.place = place
        self.settings = Settings()
        self.key = (0, 0)
        self.link: Link
        self.backend: Backend
        self.relay = Relay(client.write, rewrite_answer)
        self._action: asyncio.Task[str] | None = None
        self._overdue: asyncio.TimerHandle | None = None
        self._stopping: asyncio.Task[None] | None = None

    async def connect(self, parameters: dict[str, str]) -> None:
        """Open the connection to PostgreSQL, and pass its greeting on.

        Raises:
            FrontError: PostgreSQL is not there.
            ClientGone: PostgreSQL refused, and told the client so.
        """
        amazon = AMAZON_PROTOCOL in parameters
        parameters = {name: value for name, value in parameters.items() if name != AMAZON_PROTOCOL}
        try:
            link, greeting = await open_link(self.place.socket_path, parameters, self._lost)
        except OSError as error:
            raise FrontError(
                "the PostgreSQL server behind the local Redshift does not answer: "
                f"{error.strerror or type(error).__name__}",
                sqlstate="57P03",
                hint="It may be starting; try again in a moment.",
            ) from error
        self.link = link
        for kind, payload in greeting:
            if kind == ord("K"):
                self.key = (protocol.read_int32(payload)[0], protocol.read_int32(payload, 4)[0])
        dsn = (
            f"host={self.place.socket_dir} port={self.place.port} "
            f"user={parameters['user']} dbname={parameters['database']}"
        )
        known = (parameters["user"], parameters["database"])
        self.backend = Backend(link, self.relay, self.key, known, dsn)
        self.backend.connect_client(self.client.write)
        self.client.on_full = link.transport.pause_reading
        self.client.on_free = link.transport.resume_reading
        self.client.on_gone = self._client_gone
        self.client.write(worded_greeting(greeting, amazon=amazon))
        if greeting[-1][0] == ord("E"):
            raise ClientGone("PostgreSQL refused the connection")

    async def run(self) -> None:
        """Serve the client until it goes.

        Raises:
            ClientGone: the client closed the connection.
        """
        extended = Extended(self)
        while True:
            kind, raw = await self.client.message()
            if kind == ord("Q"):
                await self._simple(raw)
            elif kind == ord("X"):
                await self.backend.idle()
                return
            elif kind in b"PBDECSH":
                await extended.handle(kind, raw)
            elif kind in b"dcf":
                await self.pass_on(b"", raw)
            else:
                await self.pass_on(QUERY, raw)

    async def read(self, sql: bytes) -> list[Step]:
        """The steps for a query string; new long names are written down first."""
        steps = plan(sql, self.settings)
        if names.unsaved:
            await asyncio.to_thread(names.save, self.backend.dsn)
        return steps

    async def pass_on(self, expected: bytes, raw: bytes) -> None:
        """Send a client's message to PostgreSQL as it is."""
        if expected:
            self.relay.expect(expected)
        self.link.write(raw)
        await self.link.drain()

    async def cancel(self) -> None:
        """Stop what the session is doing, on a cancel request."""
        if self._action is not None:
            self._action.cancel()
        else:
            with suppress(OSError):
                await self.backend.cancel()

    async def end(self) -> None:
        """Let PostgreSQL finish what it was told, then let go of it."""
        await self.backend.idle()
        if self._overdue is not None:
            self._overdue.cancel()
        self.link.transport.abort()

    def _client_gone(self) -> None:
        """What was sent is carried out, as PostgreSQL does, but not for ever."""
        self.link.transport.resume_reading()
        loop = asyncio.get_running_loop()
        self._overdue = loop.call_later(PATIENCE_SECONDS, self._stop)

    def _stop(self) -> None:
        self._stopping = asyncio.create_task(self.cancel())

    async def carry_out(self, action: Action) -> str:
        """Run an action of the front's own; returns its command tag.

        Raises:
            FrontError: it failed; a transaction block that was open is failed now.
        """
        self._action = asyncio.create_task(self._run_action(action.run(action.sql, self.backend)))
        try:
            return await self._action
        except asyncio.CancelledError:
            error = FrontError("Query cancelled on user's request", sqlstate="57014")
        except FrontError as caught:
            error = caught
        except Exception as caught:
            log.exception("%s failed", action.run.__name__)
            error = FrontError(f"the local Redshift failed: {type(caught).__name__}: {caught}")
        finally:
            self._action = None
        raise await self._fail_block(error)

    async def _run_action(self, running: Awaitable[str]) -> str:
        try:
            return await running
        finally:
            await self.backend.settle()

    async def _fail_block(self, error: FrontError) -> FrontError:
        """Make an open transaction block failed, as PostgreSQL does on an error of its own."""
        if self.backend.status == b"T":
            try:
                await self.backend.query(refusal_sql(error))
            except BackendError:
                return error
        return error

    def _lost(self) -> None:
        """PostgreSQL went away: tell the client, and end the session."""
        self.relay.on_step()
        if not self.client.gone:
            fields = connection_lost_error().fields | {"S": "FATAL", "V": "FATAL"}
            self.client.write(protocol.fields_message(b"E", fields))
            self.client.transport.close()

    async def _simple(self, raw: bytes) -> None:
        """Answer a simple query: one or more statements in one string."""
        sql = raw[protocol.HEADER_BYTES : -1]
        steps = await self.read(sql)
        if len(steps) == 1 and isinstance(steps[0], Forward):
            unchanged = steps[0].sql is sql
            await self.pass_on(QUERY, raw if unchanged else protocol.query(steps[0].sql))
            return
        await self.backend.idle()
        try:
            if len(steps) > 1 and not any(step.alone for step in steps):
                async with self.backend.atomic():
                    await self._run_steps(steps)
            else:
                await self._run_steps(steps)
        except StatementFailed:
            pass
        self.client.write(protocol.ready(self.backend.status))

    async def _run_steps(self, steps: list[Step]) -> None:
        """Run the statements of one string until the first that fails; its error is told."""
        for step in steps:
            if isinstance(step, Forward):
                if not await self.backend.relay_statements(step.sql):
                    raise StatementFailed
                continue
            try:
                tag = await self.carry_out(step)
            except FrontError as error:
                self.client.write(error_message(error))
                raise StatementFailed from error
            self.client.write(protocol.command_complete(tag))
