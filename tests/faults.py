"""Faults made for real: a proxy on loopback that breaks a connection at a chosen statement."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

When = Literal["before", "after"]


@dataclass
class CuttingProxy:
    """Passes bytes on until the client sends `pattern` for the first time; then it cuts.

    `before`: the server never sees the statement. `after`: the server gets it and carries it out;
    the client never sees the answer.
    """

    host: str
    port: int
    pattern: bytes
    when: When
    cuts: int = 0
    listener: socket.socket = field(default_factory=socket.socket)

    @property
    def address(self) -> tuple[str, int]:
        """Where clients connect."""
        name: tuple[str, int] = self.listener.getsockname()
        return name

    def start(self) -> None:
        """Listen on a free port of loopback."""
        self.listener.bind(("127.0.0.1", 0))
        self.listener.listen()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            server = socket.create_connection((self.host, self.port))
            threading.Thread(target=self._upstream, args=(client, server), daemon=True).start()
            threading.Thread(target=_pass_on, args=(server, client), daemon=True).start()

    def _upstream(self, client: socket.socket, server: socket.socket) -> None:
        try:
            while data := client.recv(1 << 16):
                if self.cuts or self.pattern not in data:
                    server.sendall(data)
                    continue
                self.cuts += 1
                _close(client)
                if self.when == "after":
                    server.sendall(data)
                    server.shutdown(socket.SHUT_WR)
                    while server.recv(1 << 16):
                        pass
                _close(server)
                return
        except OSError:
            pass
        _close(server)


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(1 << 16):
            target.sendall(data)
    except OSError:
        pass
    _close(target)


def _close(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    connection.close()


@contextmanager
def cutting_proxy(host: str, port: int, pattern: bytes, when: When) -> Iterator[CuttingProxy]:
    """Run a proxy before a server for the length of the block."""
    proxy = CuttingProxy(host, port, pattern, when)
    proxy.start()
    try:
        yield proxy
    finally:
        proxy.listener.close()
