"""Whether a worker works: Prefect has heard of it, it answers for its health, and runs end well."""

import socket
import subprocess
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

from infrastructure.local.stack import Stack
from tests.clients import ask_prefect

LIMIT_SECONDS = 60
PAUSE_SECONDS = 0.2
LAST_STATES = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}


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


def run_once(
    process: "subprocess.Popen[bytes]", server: Stack, pool: str, entrypoint: str, folder: Path
) -> str:
    """Let a worker run a flow with its default parameters; return the type of its last state.

    Args:
        process: that the worker is.
        server: with Prefect.
        pool: that it works for.
        entrypoint: of the flow, as in prefect.yaml.
        folder: that the pull step of prefect.yaml sets.
    """
    flow = ask_prefect(server, "/flows/", {"name": entrypoint.rpartition(":")[2]})
    step = {"prefect.deployments.steps.set_working_directory": {"directory": str(folder)}}
    deployment = {
        "name": pool,
        "flow_id": flow["id"],
        "entrypoint": entrypoint,
        "pull_steps": [step],
        "work_pool_name": pool,
    }
    made = ask_prefect(server, "/deployments/", deployment)
    run = ask_prefect(server, f"/deployments/{made['id']}/create_flow_run", {})
    wanted = {"flow_runs": {"id": {"any_": [run["id"]]}}}
    state = ""
    for _ in range(int(LIMIT_SECONDS / PAUSE_SECONDS)):
        (found,) = ask_prefect(server, "/flow_runs/filter", wanted)
        state = found["state_type"]
        if state in LAST_STATES or process.poll() is not None:
            break
        with suppress(subprocess.TimeoutExpired):
            process.wait(PAUSE_SECONDS)
    return state


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
