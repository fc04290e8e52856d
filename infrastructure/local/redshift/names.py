"""Names of 64 to 127 bytes, which Redshift has and PostgreSQL cuts off.

PostgreSQL gets a name of at most 63 bytes that ends in a hash of the whole one; the client sees
the whole one again. Which is which is kept in a table, so that it outlives the front.

Source: https://docs.aws.amazon.com/redshift/latest/dg/r_names.html
"""

import hashlib
import re
import struct
from contextlib import closing

import psycopg2

from infrastructure.local.redshift import protocol
from infrastructure.local.redshift.errors import FrontError

POSTGRES_LIMIT_BYTES = 63
REDSHIFT_LIMIT_BYTES = 127
MARK = "~"
HASH_DIGITS = 10
SHORTENED = re.compile(rb"~[0-9a-f]{10}\Z")

full_names: dict[str, str] = {}
"""Shortened name to whole name, for every database of the PostgreSQL server."""

unsaved: dict[str, str] = {}
"""Those of them that are not in the table yet."""


def shorten(name: str) -> str:
    """The name under which PostgreSQL knows it.

    Raises:
        FrontError: longer than Redshift allows.
    """
    encoded = name.encode("utf-8", "surrogateescape")
    if len(encoded) <= POSTGRES_LIMIT_BYTES:
        return name
    if len(encoded) > REDSHIFT_LIMIT_BYTES:
        raise FrontError(
            f'identifier "{name}" is {len(encoded)} bytes, the maximum is {REDSHIFT_LIMIT_BYTES}',
            sqlstate="42622",
        )
    digest = hashlib.sha256(encoded).hexdigest()[:HASH_DIGITS]
    kept = encoded[: POSTGRES_LIMIT_BYTES - HASH_DIGITS - len(MARK)]
    short = kept.decode("utf-8", "ignore") + MARK + digest
    if short not in full_names:
        full_names[short] = name
        unsaved[short] = name
    return short


def restore_in_columns(raw: bytes) -> bytes:
    """Put whole names back into a RowDescription."""
    if MARK.encode() not in raw:
        return raw
    (count,) = struct.unpack_from(">H", raw, protocol.HEADER_BYTES)
    position = protocol.HEADER_BYTES + 2
    pieces: list[bytes] = []
    for _ in range(count):
        end = raw.index(b"\0", position)
        name = raw[position:end]
        if SHORTENED.search(name):
            name = full_names.get(name.decode("utf-8"), name.decode("utf-8")).encode("utf-8")
        pieces.append(name + raw[end : end + 19])
        position = end + 19
    return protocol.message(b"T", struct.pack(">H", count) + b"".join(pieces))


def save(dsn: str) -> None:
    """Write new names into their table, outside of any client's transaction.

    Raises:
        psycopg2.Error: they could not be written; they are tried again with the next statement.
    """
    new = dict(unsaved)
    with closing(psycopg2.connect(dsn)) as connection, connection, connection.cursor() as cursor:
        for short, whole in new.items():
            cursor.execute(
                "INSERT INTO redshift_catalog.names VALUES (%s, %s) ON CONFLICT DO NOTHING",
                [short, whole],
            )
    for short in new:
        unsaved.pop(short, None)
