"""A proxy before S3 that fails as S3 does: errors, silence, bodies that end early."""

import http.client
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast
from urllib.parse import unquote, urlsplit

from utilities.settings import Settings

BOUND_SECONDS = 60.0
TRICKLE_BYTES = 1000
NOT_PASSED_ON = {"connection", "transfer-encoding", "content-length", "expect"}


@dataclass(frozen=True)
class Call:
    """One request: the method, the path with its query as a person reads it, and which one it is
    of those with this method, from 1."""

    method: str
    path: str
    number: int


@dataclass(frozen=True)
class Answer:
    """S3 answers with an error, or with a text.
    https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html"""

    status: int
    code: str
    text: str = ""


@dataclass(frozen=True)
class Cut:
    """The body ends, and the connection, after so many of its bytes."""

    after_bytes: int


@dataclass(frozen=True)
class Stall:
    """Nothing comes after the headers until the client gives up."""


@dataclass(frozen=True)
class Trickle:
    """The body comes in many small pieces."""


@dataclass(frozen=True)
class Hold:
    """The request is held, before S3 sees it or before the client gets its answer, until
    `release`; at the end of the block it is dropped."""

    before: bool


Fault = Answer | Cut | Stall | Trickle | Hold
Rule = Callable[[Call], Fault | None]


class StorageProxy(ThreadingHTTPServer):
    """Passes requests on to S3, and fails those that the rule names."""

    daemon_threads = True

    def __init__(self, endpoint: str, rule: Rule) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        upstream = urlsplit(endpoint)
        self.upstream = (cast(str, upstream.hostname), cast(int, upstream.port))
        self.rule = rule
        self.calls: list[Call] = []
        self.faults: list[Call] = []
        self.reached = threading.Event()
        self.let_go = threading.Event()
        self.dropped = False
        self.lock = threading.Lock()

    @property
    def endpoint(self) -> str:
        """What AWS_ENDPOINT_URL has to be."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def settings(self, settings: Settings) -> Settings:
        """Return the same settings, with the way to S3 through this proxy."""
        return settings.model_copy(update={"aws_endpoint_url": self.endpoint})

    def release(self) -> None:
        """Let go what is held."""
        self.let_go.set()

    def drop(self) -> None:
        """Forget what is held."""
        self.dropped = True
        self.let_go.set()

    def fault_for(self, method: str, path: str) -> Fault | None:
        """Write a request down and return how it is to fail."""
        with self.lock:
            number = sum(call.method == method for call in self.calls) + 1
            call = Call(method, path, number)
            self.calls.append(call)
            fault = self.rule(call)
            if fault is not None:
                self.faults.append(call)
        return fault

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that is gone is no fault of a proxy."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: StorageProxy

    def log_message(self, format: str, *args: Any) -> None:
        """Stay silent."""

    def handle_one_request(self) -> None:
        self.do_GET = self.do_PUT = self.do_POST = self.do_DELETE = self.do_HEAD = self._serve
        super().handle_one_request()

    def _serve(self) -> None:
        size = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(size)
        if len(body) < size:
            # The client has died. S3 keeps nothing of a body that is not whole.
            raise ConnectionAbortedError
        fault = self.server.fault_for(self.command, unquote(self.path))
        if isinstance(fault, Answer):
            text = (
                fault.text
                or f"<Error><Code>{fault.code}</Code><Message>as ordered</Message></Error>"
            )
            self._reply(fault.status, [("Content-Type", "application/xml")], text.encode(), None)
            return
        if isinstance(fault, Hold) and fault.before:
            self._hold()
        status, headers, content = self._ask(body)
        if isinstance(fault, Hold) and not fault.before:
            self._hold()
        self._reply(status, headers, content, fault)

    def _hold(self) -> None:
        self.server.reached.set()
        self.server.let_go.wait(BOUND_SECONDS)
        if self.server.dropped:
            raise ConnectionAbortedError

    def _ask(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        connection = http.client.HTTPConnection(*self.server.upstream, timeout=BOUND_SECONDS)
        try:
            headers = {
                name: value
                for name, value in self.headers.items()
                if name.lower() not in NOT_PASSED_ON
            }
            connection.request(self.command, self.path, body, headers)
            answer = connection.getresponse()
            content = answer.read()
            kept = [pair for pair in answer.getheaders() if pair[0].lower() not in NOT_PASSED_ON]
            if self.command == "HEAD":
                kept.append(("Content-Length", answer.headers.get("Content-Length", "0")))
            return answer.status, kept, content
        finally:
            connection.close()

    def _reply(
        self, status: int, headers: list[tuple[str, str]], content: bytes, fault: Fault | None
    ) -> None:
        self.send_response_only(status)
        for name, value in headers:
            self.send_header(name, value)
        if self.command != "HEAD":
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command == "HEAD":
            return
        if isinstance(fault, Cut):
            self.wfile.write(content[: fault.after_bytes])
            self.close_connection = True
        elif isinstance(fault, Stall):
            self.wfile.flush()
            self.connection.settimeout(BOUND_SECONDS)
            self.connection.recv(1)
            self.close_connection = True
        elif isinstance(fault, Trickle):
            for start in range(0, len(content), TRICKLE_BYTES):
                self.wfile.write(content[start : start + TRICKLE_BYTES])
        else:
            self.wfile.write(content)


@contextmanager
def storage_proxy(endpoint: str, rule: Rule) -> Iterator[StorageProxy]:
    """Run a proxy before S3 for the length of the block."""
    proxy = StorageProxy(endpoint, rule)
    thread = threading.Thread(target=proxy.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        proxy.drop()
        proxy.shutdown()
        proxy.server_close()
