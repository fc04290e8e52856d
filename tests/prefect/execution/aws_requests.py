"""An HTTP proxy before the AWS server that keeps the body of every request."""

import http.client
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

LIMIT_SECONDS = 120
OF_ONE_HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length"})


@dataclass(frozen=True)
class AwsRequest:
    """A request that came by.

    Attributes:
        operation: of AWS's JSON protocols, such as RunTask; empty for others.
        body: as it was sent.
    """

    operation: str
    body: bytes

    @property
    def content(self) -> dict[str, Any]:
        """The body as JSON."""
        found: dict[str, Any] = json.loads(self.body)
        return found


@dataclass
class AwsRequests:
    """What came by.

    Attributes:
        url: where clients reach AWS through it.
        seen: all, in order.
    """

    url: str = ""
    seen: list[AwsRequest] = field(default_factory=list)

    def of(self, operation: str) -> list[dict[str, Any]]:
        """Return the contents of all requests of one operation."""
        return [request.content for request in self.seen if request.operation == operation]


@contextmanager
def recorded(upstream_url: str) -> Iterator[AwsRequests]:
    """Run a proxy until the block ends."""
    requests = AwsRequests()
    upstream = urlsplit(upstream_url).netloc

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            operation = self.headers.get("X-Amz-Target", "").rpartition(".")[2]
            requests.seen.append(AwsRequest(operation, body))
            onward = http.client.HTTPConnection(upstream, timeout=LIMIT_SECONDS)
            headers = {k: v for k, v in self.headers.items() if k.lower() not in OF_ONE_HOP}
            try:
                onward.request(self.command, self.path, body, headers)
                answer = onward.getresponse()
                content = answer.read()
            except OSError:
                # The AWS server ends while somebody waits for a message of a queue.
                self.close_connection = True
                return
            finally:
                onward.close()
            self.send_response_only(answer.status, answer.reason)
            for name, value in answer.getheaders():
                if name.lower() not in OF_ONE_HOP:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    requests.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield requests
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
