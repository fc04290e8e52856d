"""Connections that the server can break off, as a network does."""

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

Address = tuple[str, int]

open_connections: dict[Address, asyncio.Transport] = {}
"""Each client's connection, by the client's address."""


class BreakableProtocol(H11Protocol):
    """uvicorn's HTTP, which remembers its connection while it is open."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        open_connections[transport.get_extra_info("peername")[:2]] = transport

    def connection_lost(self, exc: Exception | None) -> None:
        open_connections.pop(self.client or ("", 0), None)
        super().connection_lost(exc)


async def break_off(scope: Any, receive: Any) -> None:
    """Close a request's connection, after what was sent; returns when it is closed."""
    transport = open_connections.get(tuple(scope["client"]))
    if transport is not None:
        transport.close()
    while (await receive())["type"] != "http.disconnect":
        pass
