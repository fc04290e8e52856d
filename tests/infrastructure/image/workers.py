"""Whether a worker works: Prefect has heard of it, it answers for its health, and runs end well."""

import socket
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from infrastructure.local.stack import Stack
from tests.clients import ask_prefect
from tests.infrastructure.image.made import Made

LIMIT_SECONDS = 60
PAUSE_SECONDS = 0.2
LOOKS = int(LIMIT_SECONDS / PAUSE_SECONDS)
LAST_STATES = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}


@dataclass(frozen=True)
class Worker:
    """A worker that runs.

    Attributes:
        process: that it is.
        port: where it answers for its health.
    """

    process: "subprocess.Popen[bytes]"
    port: int


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def working(
    made: Made, server: Stack, pool: str, command: Sequence[str], variables: Mapping[str, str]
) -> Iterator[Worker]:
    """Run a worker of the image during the block; SIGTERM ends it after that, with status 0.

    The block begins when it is online at Prefect and answers that it is well.

    Args:
        made: the image.
        server: with Prefect.
        pool: that it works for.
        command: that starts it.
        variables: beside those of the image.
    """
    port = free_port()
    own = {"PREFECT_WORKER_WEBSERVER_PORT": str(port), "PREFECT_WORKER_QUERY_SECONDS": "1"}
    with made.running("worker", command, {**variables, **own}) as process:
        for _ in range(LOOKS):
            if _is_online(server, pool) and _is_well(port):
                break
            assert is_alive(process), made.said("worker")
        else:
            raise AssertionError(made.said("worker"))
        yield Worker(process, port)
        process.terminate()
        assert process.wait(LIMIT_SECONDS) == 0, made.said("worker")


def is_alive(process: "subprocess.Popen[bytes]") -> bool:
    """Return after a moment whether a process still runs, at once when it does not."""
    with suppress(subprocess.TimeoutExpired):
        process.wait(PAUSE_SECONDS)
    return process.poll() is None


def run_once(worker: Worker, server: Stack, pool: str, entrypoint: str, folder: Path) -> str:
    """Let a worker run a flow with its default parameters; return the type of its last state.

    Args:
        worker: that runs it.
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
    for _ in range(LOOKS):
        (found,) = ask_prefect(server, "/flow_runs/filter", wanted)
        state = found["state_type"]
        if state in LAST_STATES or not is_alive(worker.process):
            break
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
