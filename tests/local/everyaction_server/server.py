"""One local EveryAction as a process, and plain HTTP to it."""

import base64
import csv
import http.client
import io
import json
import os
import signal
import socket
import subprocess
import sys
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.local.stack.clients import until

KEY = "6a8f0d3e-0000-4000-8000-7e57c1e47000"


@dataclass
class Reply:
    """Status, headers and body of an answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body, read as JSON."""
        return json.loads(self.body)


@dataclass
class Server:
    """A server on a folder; `start` and `kill` may take turns.

    Attributes:
        folder: where it keeps what it remembers.
        port: where it listens.
    """

    folder: Path
    port: int = field(default_factory=lambda: free_port())
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Address of the API, as parsons wants it."""
        return f"http://127.0.0.1:{self.port}/v4/"

    def start(self) -> None:
        """Start the process and wait until it answers."""
        command = [sys.executable, "-m", "infrastructure.local.everyaction"]
        self.process = subprocess.Popen(
            [*command, "--port", str(self.port), "--data", str(self.folder)],
            env={**os.environ, "LOCAL_API_KEY": KEY},
            cwd=Path(__file__).parents[3],
        )
        until(self._answers, "the server answers")

    def kill(self) -> None:
        """End the process as a power cut would end it."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait(10)
            self.process = None

    def send(
        self,
        method: str,
        path: str,
        content: Any = None,
        *,
        password: str | None = f"{KEY}|1",
        timeout_seconds: float = 30.0,
    ) -> Reply:
        """Send a request: to the API, or to a whole address without credentials."""
        address = urllib.parse.urlsplit(path)
        target = f"{address.path}?{address.query}" if address.netloc else f"/v4/{path}"
        headers = {"Content-Type": "application/json"}
        if password is not None and not address.netloc:
            text = base64.b64encode(f"default:{password}".encode()).decode()
            headers["Authorization"] = f"Basic {text}"
        return self._exchange(method, target, content, headers, timeout_seconds)

    def order(self, method: str, path: str, content: Any = None) -> Any:
        """Order something of the server, or ask it, below /_local; returns the JSON answer."""
        found = self._exchange(method, f"/_local/{path}", content, {}, 60.0)
        assert found.status == 200, found.body
        return found.json

    def fault(self, kind: str, *, path: str | None = None, **more: Any) -> None:
        """Order one fault; `times` and `skip` are of the order, the rest is of the fault."""
        order = {name: more.pop(name) for name in ("times", "skip") if name in more}
        self.order("POST", "faults", {"fault": {"kind": kind, **more}, "path": path, **order})

    def table(self, fields: str = "all") -> list[dict[str, str]]:
        """Return the people that are not suppressed, as an export would give them."""
        found = self._exchange("GET", f"/_local/people?fields={fields}", None, {}, 60.0)
        return read_csv(found.body)

    def _exchange(
        self, method: str, target: str, content: Any, headers: dict[str, str], seconds: float
    ) -> Reply:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=seconds)
        try:
            body = None if content is None else json.dumps(content)
            connection.request(method, target, body, headers)
            answer = connection.getresponse()
            named = {name.lower(): value for name, value in answer.getheaders()}
            return Reply(answer.status, named, answer.read())
        finally:
            connection.close()

    def _answers(self) -> bool:
        try:
            return self._exchange("GET", "/_local/health", None, {}, 2.0).status == 200
        except OSError:
            return False


def read_csv(content: bytes, delimiter: str = ",") -> list[dict[str, str]]:
    """Read a file with a header; a byte order mark is passed over."""
    text = io.StringIO(content.decode("utf-8-sig"), newline="")
    return list(csv.DictReader(text, delimiter=delimiter))


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def running(folder: Path) -> Iterator[Server]:
    """A server on a folder, ended afterwards."""
    server = Server(folder)
    server.start()
    try:
        yield server
    finally:
        server.kill()
