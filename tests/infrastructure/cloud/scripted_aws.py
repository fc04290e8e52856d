"""A server in AWS's place that answers each operation as a test says, in AWS's own protocols.

For what the local AWS server does not do: replacements, change sets that fail, rollbacks, refusals.
The answers are those that the API references document.
"""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

ACCOUNT = "123456789012"


@dataclass(frozen=True)
class Refusal:
    """An error of AWS's.

    Attributes:
        code: that AWS gives it.
        message: in AWS's words.
        status: of HTTP.
    """

    code: str
    message: str = "in AWS's words"
    status: int = 400


@dataclass
class ScriptedAws:
    """What the server answers, and what it was asked.

    Attributes:
        url: its address.
        answers: to each operation, in order; the last one is given again and again.
        asked: operations with their arguments, in order.
    """

    url: str = ""
    answers: dict[str, list[Any]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def script(self, **answers: Any) -> None:
        """Say what the answers to operations are: one, or a list of them in their order."""
        for operation, answer in answers.items():
            self.answers[operation] = answer if isinstance(answer, list) else [answer]

    @property
    def operations(self) -> list[str]:
        """Names of what was asked, in order."""
        return [operation for operation, _ in self.asked]

    def arguments(self, operation: str) -> list[dict[str, Any]]:
        """Return what an operation was asked with, each time."""
        return [arguments for name, arguments in self.asked if name == operation]

    def answer(self, operation: str, arguments: dict[str, Any]) -> Any:
        """Return the next answer to an operation."""
        with self.lock:
            self.asked.append((operation, arguments))
            left = self.answers.get(operation, [{}])
            return left.pop(0) if len(left) > 1 else left[0]


@contextmanager
def scripted_aws(given: ScriptedAws | None = None) -> Iterator[ScriptedAws]:
    """Run a server until the block ends."""
    script = given or ScriptedAws()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def log_message(self, format: str, *args: Any) -> None:
            pass

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            target = self.headers.get("X-Amz-Target")
            if target is not None:
                operation = target.rpartition(".")[2]
                answer = script.answer(operation, json.loads(body))
                status, content = _json(answer)
            else:
                query = {name: values[0] for name, values in parse_qs(body.decode()).items()}
                operation = query["Action"]
                answer = script.answer(operation, query)
                status, content = _xml(operation, answer)
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    script.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield script
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _json(answer: Any) -> tuple[int, bytes]:
    if isinstance(answer, Refusal):
        content = {"__type": answer.code, "message": answer.message}
        return answer.status, json.dumps(content).encode()
    return 200, json.dumps(answer).encode()


def _xml(operation: str, answer: Any) -> tuple[int, bytes]:
    if isinstance(answer, Refusal):
        inside = f"<Code>{answer.code}</Code><Message>{escape(answer.message)}</Message>"
        return answer.status, f"<ErrorResponse><Error>{inside}</Error></ErrorResponse>".encode()
    result = _elements(answer)
    name = f"{operation}Result"
    return 200, f"<{operation}Response><{name}>{result}</{name}></{operation}Response>".encode()


def _elements(value: Any) -> str:
    if isinstance(value, Mapping):
        return "".join(f"<{name}>{_elements(each)}</{name}>" for name, each in value.items())
    if isinstance(value, list):
        return "".join(f"<member>{_elements(each)}</member>" for each in value)
    if isinstance(value, bool):
        return str(value).lower()
    return escape(str(value))
