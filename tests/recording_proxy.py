"""An HTTP proxy on loopback that remembers every request, and can be slow or lose connections."""

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

READS = ("/filter", "/count", "/paginate")
"""How the path of a POST ends that changes nothing at Prefect."""

OF_ONE_HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length", "host"})
LIMIT_SECONDS = 120


@dataclass(frozen=True)
class Passed:
    """A request that came by.

    Attributes:
        method: of HTTP.
        path: below the upstream address.
        status: of the answer; 0 when none was passed on.
    """

    method: str
    path: str
    status: int

    @property
    def is_write(self) -> bool:
        """Whether it changes something."""
        return self.method != "GET" and not self.path.partition("?")[0].endswith(READS)


@dataclass
class RecordingProxy:
    """What came by, and what is to happen to what comes.

    Attributes:
        url: where clients reach the upstream address through it.
        delay_seconds: how long each request takes longer.
        requests: all, in the order of their answers.
    """

    url: str = ""
    delay_seconds: float = 0.0
    requests: list[Passed] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _closing: threading.Event = field(default_factory=threading.Event)
    _writes_left: int = 0
    _drops_answer: bool = False

    def writes(self) -> list[Passed]:
        """Return the requests that change something."""
        return [request for request in self.requests if request.is_write]

    def clear(self) -> None:
        """Forget what came by."""
        self.requests.clear()

    def drop_write(self, number: int, after: bool = False) -> None:
        """Close the connection of one write to come, as a network does that fails.

        Args:
            number: 1 for the next write.
            after: it is carried out, and only its answer is lost.
        """
        with self._lock:
            self._writes_left, self._drops_answer = number, after

    def _is_dropped(self, request: Passed) -> bool:
        """Count a write that begins."""
        with self._lock:
            if self._writes_left == 0 or not request.is_write:
                return False
            self._writes_left -= 1
            return self._writes_left == 0


@contextmanager
def recording_proxy(upstream_url: str, delay_seconds: float = 0.0) -> Iterator[RecordingProxy]:
    """Run a proxy until the block ends.

    Args:
        upstream_url: where requests go, as `http://127.0.0.1:4200/api`.
        delay_seconds: how long each request takes longer: the network's round trip.
    """
    upstream = urlsplit(upstream_url)
    proxy = RecordingProxy(delay_seconds=delay_seconds)

    class Handler(_Handler):
        record = proxy
        host = upstream.netloc
        base = upstream.path

    server = _Server(("127.0.0.1", 0), Handler)
    proxy.url = f"http://127.0.0.1:{server.server_address[1]}{upstream.path}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield proxy
    finally:
        proxy._closing.set()
        server.shutdown()
        thread.join()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


class _Handler(BaseHTTPRequestHandler):
    """One client's connection, and the one that goes on from it."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    record: RecordingProxy
    host: str
    base: str

    def setup(self) -> None:
        super().setup()
        self._onward = http.client.HTTPConnection(self.host, timeout=LIMIT_SECONDS)

    def finish(self) -> None:
        self._onward.close()
        with suppress(OSError):
            super().finish()

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = self.path.removeprefix(self.base)
        if self.record.delay_seconds:
            self.record._closing.wait(self.record.delay_seconds)
        is_dropped = self.record._is_dropped(Passed(self.command, path, 0))
        try:
            if is_dropped and not self.record._drops_answer:
                raise ConnectionError
            answer = self._pass_on(body)
            content = answer.read()
            if is_dropped:
                raise ConnectionError
        except (OSError, http.client.HTTPException):
            self.record.requests.append(Passed(self.command, path, 0))
            self.close_connection = True
            return
        self.record.requests.append(Passed(self.command, path, answer.status))
        with suppress(ConnectionError):
            self._answer(answer, content)

    def _pass_on(self, body: bytes) -> http.client.HTTPResponse:
        """Send the request on; once more when the connection was an old one that had ended."""
        headers = {k: v for k, v in self.headers.items() if k.lower() not in OF_ONE_HOP}
        is_old = self._onward.sock is not None
        try:
            self._onward.request(self.command, self.path, body or None, headers)
            return self._onward.getresponse()
        except (ConnectionError, http.client.HTTPException):
            self._onward.close()
            if not is_old:
                raise
        self._onward.request(self.command, self.path, body or None, headers)
        return self._onward.getresponse()

    def _answer(self, answer: http.client.HTTPResponse, content: bytes) -> None:
        self.send_response_only(answer.status, answer.reason)
        for name, value in answer.getheaders():
            if name.lower() not in OF_ONE_HOP:
                self.send_header(name, value)
        if answer.status != 204:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve
