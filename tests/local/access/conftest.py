"""What the tests of access share."""

import http.server
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from infrastructure.local.stack import Stack
from tests import keys
from tests.local.warehouse import Ask, ask, settings, stage, stage_files
from utilities.objects import Credentials

__all__ = ["Ask", "ask", "settings", "stage", "stage_files"]


@pytest.fixture(scope="session")
def temporary_keys(stack: Stack) -> Credentials:
    """Keys that the stack's STS has issued; S3 accepts them."""
    issued = keys.temporary_keys(stack)
    return Credentials(
        issued["AWS_ACCESS_KEY_ID"], issued["AWS_SECRET_ACCESS_KEY"], issued["AWS_SESSION_TOKEN"]
    )


@pytest.fixture
def container(
    temporary_keys: Credentials, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[], int]]:
    """A container's service that hands out the task role's keys, as ECS has it, and nothing else
    in the environment; a function says how often it was asked.

    https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
    """
    answer = {
        "AccessKeyId": temporary_keys.access_key_id,
        "SecretAccessKey": temporary_keys.secret_access_key,
        "Token": temporary_keys.session_token,
        "Expiration": "2099-01-01T00:00:00Z",
    }
    for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN", "PROFILE"):
        monkeypatch.delenv(f"AWS_{name}", raising=False)
    with _served(json.dumps(answer).encode()) as (address, asked):
        monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", address)
        yield lambda: len(asked)


@contextmanager
def _served(answer: bytes) -> Iterator[tuple[str, list[str]]]:
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: Any) -> None:
            """Stay silent."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/role", asked
    finally:
        server.shutdown()
        server.server_close()
