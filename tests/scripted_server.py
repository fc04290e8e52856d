"""An HTTP server on loopback that answers as it was told, also in ways that no server should."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Answer:
    """One answer.

    Attributes:
        status: of HTTP.
        content: sent as JSON, unless it is bytes.
        headers: besides Content-Length.
        claimed_bytes: what Content-Length says, when that is not the truth.
    """

    status: int = 200
    content: Any = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    claimed_bytes: int | None = None


class Drop:
    """The request is read, then the connection is closed without an answer."""


class Silence:
    """The request is read, and never answered."""


Step = Answer | Drop | Silence


@dataclass(frozen=True)
class Seen:
    """A request that came in."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class ScriptedServer:
    """What the server is to do, and what it has seen.

    Attributes:
        url: its address, with a slash at its end.
        steps: the next answers, in order; when they are used up, every answer is `{}`.
        seen: requests, in order.
        connections: how many were opened.
    """

    url: str = ""
    steps: list[Step] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    connections: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)
    closing: threading.Event = field(default_factory=threading.Event)

    def script(self, *steps: Step) -> None:
        """Say what the next answers are."""
        self.steps.extend(steps)

    @property
    def calls(self) -> list[tuple[str, str]]:
        """Method and path of the requests, in order."""
        return [(seen.method, seen.path) for seen in self.seen]


@contextmanager
def scripted_server() -> Iterator[ScriptedServer]:
    """Run a server until the block ends."""
    script = ScriptedServer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def setup(self) -> None:
            super().setup()
            with script.lock:
                script.connections += 1

        def log_message(self, format: str, *args: Any) -> None:
            pass

        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            with script.lock:
                script.seen.append(Seen(self.command, self.path, dict(self.headers), body))
                step = script.steps.pop(0) if script.steps else Answer()
            if isinstance(step, Answer):
                with suppress(ConnectionError):
                    self._answer(step)
                return
            if isinstance(step, Silence):
                script.closing.wait()
            self.close_connection = True

        def _answer(self, answer: Answer) -> None:
            content = answer.content
            body = content if isinstance(content, bytes) else json.dumps(content).encode()
            if answer.status == 204:
                body = b""
            claimed = len(body) if answer.claimed_bytes is None else answer.claimed_bytes
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(claimed))
            self.end_headers()
            self.wfile.write(body)
            self.close_connection = claimed != len(body)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 128

        def shutdown_request(self, request: Any) -> None:
            with suppress(OSError):
                request.shutdown(socket.SHUT_RDWR)
            self.close_request(request)

    server = Server(("127.0.0.1", 0), Handler)
    script.url = f"http://127.0.0.1:{server.server_address[1]}/v4/"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield script
    finally:
        script.closing.set()
        server.shutdown()
        thread.join()
        server.server_close()
