"""The first messages of a connection: TLS request, protocol version, who it is."""

import hmac
import os
import struct
from collections.abc import Iterable
from dataclasses import dataclass

from infrastructure.local.redshift import protocol
from infrastructure.local.redshift.client import Client, ClientGone
from infrastructure.local.redshift.errors import FrontError

PASSED_PARAMETERS = frozenset(
    "client_encoding application_name options datestyle timezone extra_float_digits geqo".split()
)
"""What PostgreSQL understands; Redshift's drivers send more (driver_version, os_version, ...)."""

AMAZON_PROTOCOL = "client_protocol_version"
"""Amazon's own drivers send it, and expect Redshift's version in return."""


@dataclass(frozen=True)
class Identity:
    """Who may connect, and to which database."""

    user: str
    password: str
    database: str


@dataclass(frozen=True)
class CancelRequest:
    """A connection whose only purpose is to stop what another one is doing."""

    session_id: int
    secret: int


async def greet(client: Client, identity: Identity) -> dict[str, str] | CancelRequest:
    """Answer a new connection until it is known who it is.

    Returns:
        The parameters for PostgreSQL's own startup message, and `client_protocol_version` if it
        was sent; or the request to cancel.

    Raises:
        FrontError: refused; the connection ends.
        ClientGone: closed before it said who it is.
    """
    code, payload = await client.startup()
    while code in (protocol.SSL_REQUEST, protocol.GSS_REQUEST):
        client.write(b"N")
        code, payload = await client.startup()
    if code == protocol.CANCEL_REQUEST:
        if len(payload) != 8:
            raise ClientGone("a cancel request of the wrong length")
        return CancelRequest(*struct.unpack(">II", payload))
    if code >> 16 != 3:
        raise FrontError(
            f"unsupported frontend protocol {code >> 16}.{code & 0xFFFF}: server supports 3.0",
            sqlstate="0A000",
        )
    asked = protocol.read_startup_parameters(payload)
    extensions = [name for name in asked if name.startswith("_pq_.")]
    if code != protocol.VERSION_3_0 or extensions:
        client.write(_negotiate(extensions))
    await _authenticate(client, asked, identity)
    wanted = PASSED_PARAMETERS | {AMAZON_PROTOCOL}
    passed = {name: value for name, value in asked.items() if name.lower() in wanted}
    return passed | {"user": identity.user, "database": identity.database}


def worded_greeting(greeting: Iterable[tuple[int, bytes]], *, amazon: bool) -> bytes:
    """PostgreSQL's greeting as the client reads it; for a driver of Amazon's, as Redshift's.

    By the version redshift_connector decides whether COPY's answer holds a count, and by the
    protocol whether rows come as text:
    https://github.com/aws/amazon-redshift-python-driver/blob/master/redshift_connector/core.py
    """
    said = [protocol.message(bytes([kind]), payload) for kind, payload in greeting]
    if amazon and said[-1][:1] == b"Z":
        told = {"server_version": "8.0.2", "server_protocol_version": "0"}
        pairs = (protocol.text(name) + protocol.text(value) for name, value in told.items())
        said[-1:-1] = [protocol.message(b"S", pair) for pair in pairs]
    return b"".join(said)


async def _authenticate(client: Client, asked: dict[str, str], identity: Identity) -> None:
    """Ask for the password the way Redshift does, and for the database that is served."""
    user = asked.get("user", "")
    salt = os.urandom(4)
    client.write(protocol.message(b"R", struct.pack(">I", 5) + salt))
    kind, raw = await client.message()
    if kind != ord("p"):
        raise ClientGone("no answer to the question for a password")
    answer, _ = protocol.split_cstring(raw[protocol.HEADER_BYTES :])
    expected = protocol.md5_answer(user, identity.password, salt)
    if not hmac.compare_digest(answer, expected) or user != identity.user:
        raise FrontError(f'password authentication failed for user "{user}"', sqlstate="28P01")
    database = asked.get("database", user)
    if database != identity.database:
        raise FrontError(
            f'database "{database}" does not exist',
            sqlstate="3D000",
            hint=f'The local Redshift serves the database "{identity.database}".',
        )


def _negotiate(extensions: list[str]) -> bytes:
    """Tell a newer client that version 3.0 is spoken, without extensions."""
    names = b"".join(protocol.text(name) for name in extensions)
    return protocol.message(b"v", struct.pack(">II", protocol.VERSION_3_0, len(extensions)) + names)
