"""Ask a server that refused a login why, by its error code.

libpq tells of a failed login in words only, and they are the same class of error whether the
password is wrong or the cluster is restarting. A server that cannot take logins says so, with a
code, before it asks for a password; so the first message of a login is sent once more.
https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-START-UP
"""

import socket
import ssl
import struct

SSL_REQUEST = struct.pack(">II", 8, 80877103)
PROTOCOL_3_0 = 196608

ASKS_FOR_PASSWORD = ""
"""Instead of a code: the server takes logins."""


def first_answer(
    address: tuple[str, int],
    user: str,
    database: str,
    *,
    bundle: str | None,
    timeout_seconds: float,
) -> str | None:
    """Return how a server answers the first message of a login.

    Args:
        address: host and port.
        user, database: as in a login.
        bundle: file of the authorities that may vouch for the server; None: without TLS.
        timeout_seconds: for each step.

    Returns:
        The SQLSTATE of its refusal, ASKS_FOR_PASSWORD, or None: there is no answer.
    """
    try:
        with socket.create_connection(address, timeout_seconds) as plain:
            if bundle is None:
                return _code(plain, user, database)
            plain.sendall(SSL_REQUEST)
            if plain.recv(1) != b"S":
                return ASKS_FOR_PASSWORD
            context = ssl.create_default_context(cafile=bundle)
            with context.wrap_socket(plain, server_hostname=address[0]) as secured:
                return _code(secured, user, database)
    except ssl.SSLCertVerificationError:
        # It answers; that it is not the right one is what libpq has said already.
        return ASKS_FOR_PASSWORD
    except OSError:
        return None


def _code(connection: socket.socket, user: str, database: str) -> str | None:
    names = {"user": user, "database": database}
    words = b"".join(f"{name}\0{value}\0".encode() for name, value in names.items()) + b"\0"
    connection.sendall(struct.pack(">II", len(words) + 8, PROTOCOL_3_0) + words)
    with connection.makefile("rb") as answer:
        head = answer.read(5)
        if len(head) < 5:
            return None
        if head[:1] != b"E":
            return ASKS_FOR_PASSWORD
        fields = answer.read(struct.unpack(">I", head[1:])[0] - 4).split(b"\0")
    codes = [field[1:].decode("ascii", "replace") for field in fields if field[:1] == b"C"]
    return codes[0] if codes else ASKS_FOR_PASSWORD
