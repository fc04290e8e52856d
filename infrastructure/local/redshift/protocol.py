"""Messages of PostgreSQL's frontend/backend protocol, version 3.0: built and taken apart, no I/O.

Source: https://www.postgresql.org/docs/current/protocol-message-formats.html
"""

import hashlib
import struct
from collections.abc import Mapping

SSL_REQUEST = 80877103
GSS_REQUEST = 80877104
CANCEL_REQUEST = 80877102
VERSION_3_0 = 196608
HEADER_BYTES = 5

read_int32 = struct.Struct(">I").unpack_from


def message(kind: bytes, payload: bytes = b"") -> bytes:
    """Build one message: its type, its length (the type not counted), its payload."""
    return message_head(kind, len(payload)) + payload


def message_head(kind: bytes, payload_bytes: int) -> bytes:
    """Build what goes before a payload, which need not be copied then."""
    return kind + struct.pack(">I", payload_bytes + 4)


def text(value: str) -> bytes:
    """A null-terminated string; a NUL inside would end it early, so it is left out."""
    return value.replace("\0", "").encode("utf-8", "surrogateescape") + b"\0"


def startup_message(parameters: Mapping[str, str]) -> bytes:
    """The first message of a connection; it alone has no type."""
    pairs = b"".join(text(name) + text(value) for name, value in parameters.items())
    return struct.pack(">II", len(pairs) + 9, VERSION_3_0) + pairs + b"\0"


def read_startup_parameters(payload: bytes) -> dict[str, str]:
    """The name/value pairs of a startup message, its length and version cut off."""
    parts = payload.split(b"\0")
    names, values = parts[0::2], parts[1::2]
    return {
        name.decode("utf-8", "surrogateescape"): value.decode("utf-8", "surrogateescape")
        for name, value in zip(names, values, strict=False)
        if name
    }


def query(sql: bytes) -> bytes:
    """A simple query; the text must hold no NUL."""
    return message(b"Q", sql + b"\0")


def fields_message(kind: bytes, fields: Mapping[str, str]) -> bytes:
    """An ErrorResponse (E) or NoticeResponse (N)."""
    body = b"".join(code.encode("ascii") + text(value) for code, value in fields.items())
    return message(kind, body + b"\0")


def read_fields(payload: bytes) -> dict[str, str]:
    """The fields of an ErrorResponse or NoticeResponse, by code letter."""
    parts = payload.rstrip(b"\0").split(b"\0")
    return {
        part[:1].decode("ascii"): part[1:].decode("utf-8", "surrogateescape")
        for part in parts
        if part
    }


def command_complete(tag: str) -> bytes:
    """The end of one statement's result."""
    return message(b"C", text(tag))


def ready(status: bytes) -> bytes:
    """ReadyForQuery with the transaction status: I (idle), T (in a block), E (failed block)."""
    return message(b"Z", status)


def read_row(payload: bytes) -> tuple[str | None, ...]:
    """The values of a DataRow in text format."""
    (count,) = struct.unpack_from(">H", payload)
    position = 2
    values: list[str | None] = []
    for _ in range(count):
        (length,) = struct.unpack_from(">i", payload, position)
        position += 4
        if length < 0:
            values.append(None)
            continue
        values.append(payload[position : position + length].decode("utf-8", "surrogateescape"))
        position += length
    return tuple(values)


def md5_answer(user: str, password: str, salt: bytes) -> bytes:
    """What a client answers to AuthenticationMD5Password: the way Redshift asks by default.

    Source: https://www.postgresql.org/docs/current/protocol-flow.html
    """
    inner = hashlib.md5(f"{password}{user}".encode(), usedforsecurity=False).hexdigest()
    return b"md5" + hashlib.md5(inner.encode() + salt, usedforsecurity=False).hexdigest().encode()


def split_cstring(payload: bytes) -> tuple[bytes, bytes]:
    """The null-terminated string at the start of a payload, and what follows it."""
    head, _, rest = payload.partition(b"\0")
    return head, rest
