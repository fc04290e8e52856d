"""The extended query protocol: Parse, Bind, Describe, Execute, Close, Flush, Sync.

An own action stands in PostgreSQL as an empty statement, so that PostgreSQL keeps the books on
names, order and errors; only its Execute is taken out and carried out here.

Source: https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY
"""

from typing import TYPE_CHECKING

from infrastructure.local.redshift import protocol
from infrastructure.local.redshift.answers import error_message
from infrastructure.local.redshift.errors import FrontError
from infrastructure.local.redshift.relay import SYNC
from infrastructure.local.redshift.steps import Action, Forward

if TYPE_CHECKING:
    from infrastructure.local.redshift.session import Session

FLUSH = protocol.message(b"H")


class Extended:
    """What one session has prepared, as far as it is the front's own to carry out."""

    def __init__(self, session: "Session") -> None:
        self._session = session
        self._statements: dict[bytes, Action] = {}
        self._portals: dict[bytes, Action] = {}
        self._skipping = False

    async def handle(self, kind: int, raw: bytes) -> None:
        """Take one message of the protocol."""
        session = self._session
        body = raw[protocol.HEADER_BYTES :]
        if kind == ord("S"):
            self._skipping = False
            await session.pass_on(SYNC, raw)
        elif self._skipping:
            return
        elif kind == ord("H"):
            await session.pass_on(b"", raw)
        elif kind == ord("P"):
            await session.pass_on(b"P", await self._parse(raw, body))
        elif kind == ord("E"):
            await self._execute(raw, body)
        else:
            if kind == ord("B"):
                self._bind(body)
            elif kind == ord("C"):
                self._close(body)
            await session.pass_on(bytes([kind]), raw)

    async def _parse(self, raw: bytes, body: bytes) -> bytes:
        name, rest = protocol.split_cstring(body)
        sql, types = protocol.split_cstring(rest)
        steps = await self._session.read(sql)
        self._statements.pop(name, None)
        step = steps[0]
        if len(steps) > 1 or isinstance(step, Forward) and step.sql is sql:
            return raw  # PostgreSQL itself refuses several statements in one Parse
        if isinstance(step, Action):
            self._statements[name] = step
            return protocol.message(b"P", name + b"\0\0" + types)
        return protocol.message(b"P", name + b"\0" + step.sql + b"\0" + types)

    def _bind(self, body: bytes) -> None:
        portal, rest = protocol.split_cstring(body)
        name, _ = protocol.split_cstring(rest)
        self._portals.pop(portal, None)
        if name in self._statements:
            self._portals[portal] = self._statements[name]

    def _close(self, body: bytes) -> None:
        name, _ = protocol.split_cstring(body[1:])
        (self._statements if body[:1] == b"S" else self._portals).pop(name, None)

    async def _execute(self, raw: bytes, body: bytes) -> None:
        portal, _ = protocol.split_cstring(body)
        action = self._portals.get(portal)
        if action is None:
            await self._session.pass_on(b"E", raw)
            return
        session = self._session
        await session.pass_on(b"", FLUSH)
        await session.backend.idle()
        if session.relay.skipping:
            return
        try:
            tag = await session.carry_out(action)
        except FrontError as error:
            self._skipping = True
            session.client.write(error_message(error))
            return
        session.client.write(protocol.command_complete(tag))
