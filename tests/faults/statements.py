"""A proxy before Redshift that knows where one statement ends and the next begins.

It speaks PostgreSQL's protocol just far enough for that:
https://www.postgresql.org/docs/current/protocol-message-formats.html
"""

import re
import socket
import struct
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

from tests.faults.connections import CHUNK_BYTES, close, listen, read_exactly
from utilities.settings import Settings

When = Literal["before", "after"]

BOUND_SECONDS = 60.0
STARTUP_VERSION = 3
STATEMENT = b"Q"


@dataclass(frozen=True)
class Moment:
    """A point between client and server.

    Attributes:
        statement: its number, from 0, over all connections; or a pattern that its text begins with.
        when: `before`: the server has not seen it. `after`: it was carried out, and the client
            does not know.
        then: `cut` the connection, or `hold` everything until `release` or `drop`.
        occurrence: which of the statements that begin with the pattern it is, from 1.
    """

    statement: int | str
    when: When
    then: Literal["cut", "hold"] = "cut"
    occurrence: int = 1

    def is_now(self, statements: Sequence[str]) -> bool:
        """Whether the last of these statements is the one."""
        if isinstance(self.statement, int):
            return len(statements) == self.statement + 1
        if not re.match(self.statement, statements[-1]):
            return False
        pattern = self.statement
        return sum(re.match(pattern, text) is not None for text in statements) == self.occurrence


@dataclass
class StatementProxy:
    """Passes statements and answers on; writes the statements down; stops at one moment, once."""

    host: str
    port: int
    moment: Moment | None = None
    statements: list[str] = field(default_factory=list)
    reached: threading.Event = field(default_factory=threading.Event)
    _let_go: threading.Event = field(default_factory=threading.Event)
    _withheld: threading.Event = field(default_factory=threading.Event)
    _dropped: bool = False

    def __post_init__(self) -> None:
        self.listener = listen(self._serve)
        self._lock = threading.Lock()

    def settings(self, settings: Settings) -> Settings:
        """Return the same settings, with the way to Redshift through this proxy."""
        host, port = self.listener.getsockname()
        return settings.model_copy(update={"redshift_host": host, "redshift_port": port})

    def release(self) -> None:
        """Let go what is held, as if nothing had been."""
        self._let_go.set()

    def drop(self) -> None:
        """Let go of what is held by closing both sides."""
        self._dropped = True
        self._let_go.set()

    def _serve(self, client: socket.socket) -> None:
        try:
            server = socket.create_connection((self.host, self.port))
        except OSError:
            close(client)
            return
        quiet = threading.Event()
        threading.Thread(target=self._answers, args=(server, client, quiet), daemon=True).start()
        try:
            self._start(client, server)
            while True:
                head = read_exactly(client, 5)
                body = read_exactly(client, struct.unpack(">I", head[1:])[0] - 4)
                if head[:1] != STATEMENT or not self._is_the_moment(body):
                    server.sendall(head + body)
                elif not self._stop(client, server, head + body, quiet):
                    break
        except OSError:
            pass
        close(client, server)

    def _start(self, client: socket.socket, server: socket.socket) -> None:
        """Pass on the messages without a type: a wish for TLS, and the startup itself."""
        while True:
            size = read_exactly(client, 4)
            body = read_exactly(client, struct.unpack(">I", size)[0] - 4)
            server.sendall(size + body)
            if struct.unpack(">H", body[:2])[0] == STARTUP_VERSION:
                return

    def _is_the_moment(self, body: bytes) -> bool:
        text = body.rstrip(b"\0").decode(errors="replace").strip()
        with self._lock:
            self.statements.append(text)
            if self.moment is None or self.reached.is_set():
                return False
            return self.moment.is_now(self.statements)

    def _note(self) -> None:
        """Tell that the moment has come, and that nothing is held."""
        self._let_go.set()
        self.reached.set()

    def _stop(
        self, client: socket.socket, server: socket.socket, message: bytes, quiet: threading.Event
    ) -> bool:
        """Do what the moment says; whether the connection goes on afterwards."""
        moment = self.moment
        assert moment is not None
        if moment.then == "cut":
            if moment.when == "before":
                # First: the client may look as soon as it sees the end.
                self._note()
                close(client)
                return False
            close(client)
            server.sendall(message)
            server.shutdown(socket.SHUT_WR)
            quiet.wait(BOUND_SECONDS)
            self._note()
            return False
        if moment.when == "after":
            self._withheld.set()
            server.sendall(message)
            return True
        self._hold()
        if not self._dropped:
            server.sendall(message)
        return not self._dropped

    def _hold(self) -> None:
        self.reached.set()
        self._let_go.wait(BOUND_SECONDS)

    def _answers(
        self, server: socket.socket, client: socket.socket, quiet: threading.Event
    ) -> None:
        """Pass answers on until the server has closed, also when nobody hears them any more."""
        is_heard = True
        try:
            while data := server.recv(CHUNK_BYTES):
                if self._withheld.is_set():
                    self._hold()
                if self._dropped:
                    break
                try:
                    if is_heard:
                        client.sendall(data)
                except OSError:
                    is_heard = False
        except OSError:
            pass
        quiet.set()
        if self.reached.is_set():
            self._let_go.wait(BOUND_SECONDS)
        close(server, client)


@contextmanager
def statement_proxy(settings: Settings, moment: Moment | None = None) -> Iterator[StatementProxy]:
    """Run a proxy before the warehouse of these settings for the length of the block."""
    proxy = StatementProxy(settings.redshift_host, settings.redshift_port, moment)
    try:
        yield proxy
    finally:
        proxy.drop()
        close(proxy.listener)
