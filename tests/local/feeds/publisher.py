"""A publisher on loopback that sends whatever it is told to, and remembers what it was asked."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Sent:
    """One answer.

    Attributes:
        content: the body.
        status: of the answer.
        headers: beside Content-Length.
        missing_bytes: how many more are announced than are sent, before the connection closes.
        hangs_up: closes the connection without an answer.
        waits: says nothing until the publisher closes.
    """

    content: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    missing_bytes: int = 0
    hangs_up: bool = False
    waits: bool = False


class Publisher:
    """Answers each path with what was put there; a list of answers is used up but for the last."""

    def __init__(self, port: int) -> None:
        self.address = f"http://{LOOPBACK}:{port}"
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.closing = threading.Event()
        self._answers: dict[str, list[Sent]] = {}

    def put(self, path: str, *answers: Sent | bytes) -> str:
        """Say what a path answers, and return its address."""
        self._answers[path] = [Sent(each) if isinstance(each, bytes) else each for each in answers]
        return self.address + path

    def answer(self, path: str, headers: Mapping[str, str]) -> Sent:
        """Return what comes next; a version that the client has is 304."""
        self.asked.append((path, {name.lower(): value for name, value in headers.items()}))
        answers = self._answers.get(path, [Sent(status=404)])
        sent = answers.pop(0) if len(answers) > 1 else answers[0]
        etag, modified = sent.headers.get("ETag"), sent.headers.get("Last-Modified")
        has_etag = etag is not None and headers.get("If-None-Match") == etag
        has_time = modified is not None and headers.get("If-Modified-Since") == modified
        if has_etag or has_time and "If-None-Match" not in headers:
            return Sent(status=304, headers=sent.headers)
        return sent


@contextmanager
def publishing() -> Iterator[Publisher]:
    """Run a publisher until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            sent = publisher.answer(self.path, dict(self.headers))
            if sent.waits:
                publisher.closing.wait()
            if sent.hangs_up or sent.waits:
                self.close_connection = True
                return
            self.send_response(sent.status)
            for name, value in sent.headers.items():
                self.send_header(name, value)
            if sent.status != 304:
                self.send_header("Content-Length", str(len(sent.content) + sent.missing_bytes))
            self.end_headers()
            self.wfile.write(sent.content)
            self.close_connection = bool(sent.missing_bytes)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: Any, client_address: Any) -> None:
            """Say nothing of clients that have seen enough."""

    server = Server((LOOPBACK, 0), Handler)
    publisher = Publisher(server.server_port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield publisher
    finally:
        publisher.closing.set()
        server.shutdown()
        thread.join()
        server.server_close()
