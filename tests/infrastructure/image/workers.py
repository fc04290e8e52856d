"""Whether a worker works: Prefect has heard of it, and it answers for its health."""

import socket
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

from infrastructure.local.stack import Stack
from tests.clients import ask_prefect

LIMIT_SECONDS = 60
PAUSE_SECONDS = 0.2


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def wait_for_worker(
    process: "subprocess.Popen[bytes]", server: Stack, pool: str, port: int, said: Path
) -> None:
    """Return when a worker is online at Prefect and answers that it is well.

    Args:
        process: that becomes the worker.
        server: with Prefect.
        pool: that it works for.
        port: where it tells of its health.
        said: file with its words.

    Raises:
        AssertionError: it ended, or took too long; the message is what it said.
    """
    for _ in range(int(LIMIT_SECONDS / PAUSE_SECONDS)):
        if _is_online(server, pool) and _is_well(port):
            return
        try:
            process.wait(PAUSE_SECONDS)
        except subprocess.TimeoutExpired:
            continue
        break
    raise AssertionError(said.read_text())


def _is_online(server: Stack, pool: str) -> bool:
    try:
        workers = ask_prefect(server, f"/work_pools/{pool}/workers/filter", {})
    except urllib.error.HTTPError:
        return False  # The worker has not made its pool yet.
    return [worker["status"] for worker in workers] == ["ONLINE"]


def _is_well(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=3) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError):
        return False
