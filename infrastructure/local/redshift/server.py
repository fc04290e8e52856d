"""Listens for clients and runs a session for each."""

import asyncio
import logging

from infrastructure.local.redshift import protocol
from infrastructure.local.redshift.client import Client, ClientGone
from infrastructure.local.redshift.errors import FrontError
from infrastructure.local.redshift.greeting import CancelRequest, Identity, greet
from infrastructure.local.redshift.session import Place, Session

log = logging.getLogger("redshift")

LOOPBACK = "127.0.0.1"


class Front:
    """All sessions of one server."""

    def __init__(self, place: Place, identity: Identity) -> None:
        self._place = place
        self._identity = identity
        self._sessions: dict[tuple[int, int], Session] = {}
        self._running: set[asyncio.Task[None]] = set()

    async def listen(self, port: int) -> asyncio.Server:
        """Accept clients on the loopback address."""
        loop = asyncio.get_running_loop()
        return await loop.create_server(lambda: Client(self._start), LOOPBACK, port)

    def _start(self, client: Client) -> None:
        task = asyncio.create_task(self._serve(client))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _serve(self, client: Client) -> None:
        """One connection from its first byte to its last; its faults end here."""
        try:
            parameters = await greet(client, self._identity)
            if isinstance(parameters, CancelRequest):
                await self._cancel(parameters)
            else:
                await self._run(client, parameters)
        except ClientGone:
            pass
        except FrontError as error:
            _say_farewell(client, error)
        except Exception as error:
            log.exception("a session broke")
            kind = type(error).__name__
            _say_farewell(client, FrontError(f"the local Redshift failed: {kind}: {error}"))
        finally:
            client.transport.close()

    async def _run(self, client: Client, parameters: dict[str, str]) -> None:
        session = Session(client, self._place)
        await session.connect(parameters)
        self._sessions[session.key] = session
        try:
            await session.run()
        finally:
            del self._sessions[session.key]
            await session.end()

    async def _cancel(self, request: CancelRequest) -> None:
        session = self._sessions.get((request.session_id, request.secret))
        if session is not None:
            await session.cancel()


def _say_farewell(client: Client, error: FrontError) -> None:
    fields = error.fields | {"S": "FATAL", "V": "FATAL"}
    client.write(protocol.fields_message(b"E", fields))
