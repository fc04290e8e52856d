"""What the proxies share: a listener on loopback, and pairs of sockets that end together."""

import socket
import threading
from collections.abc import Callable

CHUNK_BYTES = 1 << 16


def listen(serve: Callable[[socket.socket], None]) -> socket.socket:
    """Listen on a free port; each connection is served by a thread of its own."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()

    def accept() -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=serve, args=(client,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return listener


def close(*connections: socket.socket) -> None:
    """End connections in both directions, also for a thread that waits on one."""
    for connection in connections:
        try:
            connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        connection.close()


def read_exactly(connection: socket.socket, size: int) -> bytes:
    """Return so many bytes.

    Raises:
        ConnectionError: the other side has closed.
    """
    found = b""
    while len(found) < size:
        chunk = connection.recv(min(size - len(found), CHUNK_BYTES))
        if not chunk:
            raise ConnectionError("closed")
        found += chunk
    return found
