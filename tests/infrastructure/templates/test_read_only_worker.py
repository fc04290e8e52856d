"""The worker lives with what its task definition leaves it: read-only files, and a fresh /tmp."""

import os
import socket
import subprocess
import sys
import sysconfig
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from infrastructure.local.stack import Stack
from tests.infrastructure.templates.declared import REPOSITORY, variant
from tests.infrastructure.templates.proofs import NETWORK

LIMIT_SECONDS = 60
PAUSE_SECONDS = 0.3
READ_ONLY = 'mount -t tmpfs tmpfs /tmp && mount -o remount,bind,ro / && cd / && exec "$@"'
"""Files of the machine as a container of the worker has those of its image."""

NAMESPACE = ["unshare", "--mount", *([] if os.getuid() == 0 else ["--map-root-user"])]


def in_a_container(*command: str) -> list[str]:
    """A command with read-only files and a /tmp of its own."""
    return [*NAMESPACE, "sh", "-c", READ_ONLY, "sh", *command]


@pytest.fixture(scope="module")
def server(request: pytest.FixtureRequest) -> Stack:
    """A local stack with Prefect's server, where the machine lets a container be played."""
    hidden = [
        str(path) for path in (REPOSITORY, Path(sys.executable)) if path.is_relative_to("/tmp")
    ]
    if hidden:
        pytest.skip(f"{hidden[0]} is below /tmp, which the worker gets anew")
    tried = subprocess.run(in_a_container("true"), capture_output=True, text=True)
    if tried.returncode:
        pytest.skip(f"this machine makes no mount namespace: {tried.stderr.strip()}")
    stack: Stack = request.getfixturevalue("prefect_stack")
    return stack


def container() -> dict[str, Any]:
    """The worker's container, as the template defines it."""
    (task,) = variant(NETWORK, "production").of_type("AWS::ECS::TaskDefinition").values()
    (only,) = task["ContainerDefinitions"]
    return dict(only)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def is_well(server: Stack, said: Path) -> bool:
    """Whether the worker starts and its check passes; what it says goes into a file."""
    defined, port = container(), free_port()
    variables = {each["Name"]: each["Value"] for each in defined["Environment"]}
    variables |= {
        **{key: text for key, text in server.variables.items() if key.startswith("AWS_")},
        "HOME": "/tmp",
        "PATH": f"{sysconfig.get_path('scripts')}:{os.environ['PATH']}",
        "PREFECT_API_URL": server.variables["PREFECT_API_URL"],
        "PREFECT_WORKER_WEBSERVER_PORT": str(port),
    }
    own = defined["HealthCheck"]["Command"][1:]
    check = [word.replace(":8080/", f":{port}/") for word in own]
    assert check != own
    with said.open("wb") as file:
        command = in_a_container(*defined["Command"])
        worker = subprocess.Popen(command, env=variables, stdout=file, stderr=file)
    try:
        for _ in range(int(LIMIT_SECONDS / PAUSE_SECONDS)):
            if subprocess.run(check, env=variables, capture_output=True).returncode == 0:
                return True
            if worker.poll() is not None:
                break
            with suppress(subprocess.TimeoutExpired):
                worker.wait(PAUSE_SECONDS)
        return False
    finally:
        worker.terminate()
        worker.wait(LIMIT_SECONDS)


def test_the_worker_of_the_template_starts_and_is_well(server: Stack, tmp_path: Path) -> None:
    """Its command runs with its variables, and its check passes."""
    assert is_well(server, tmp_path / "said"), (tmp_path / "said").read_text()


def test_nothing_else_can_be_written(server: Stack) -> None:
    """A file beside /tmp is refused there, so that the test above proves something."""
    tried = subprocess.run(
        in_a_container("touch", "/tmp/here", "/written"), capture_output=True, text=True
    )
    assert "/written" in tried.stderr and "/tmp" not in tried.stderr
