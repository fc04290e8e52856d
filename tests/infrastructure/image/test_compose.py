"""docker-compose.yml: the laptop's services, with the same variables, run by its very commands.

There is no Docker engine here, so a service is a process and its volume a folder.
"""

import copy
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from infrastructure.local.addresses import read_addresses
from infrastructure.local.folder import Folder
from tests.infrastructure.image.compose_rules import findings
from tests.infrastructure.image.made import copy_files
from tests.infrastructure.image.services import COMPOSE, SERVICES, check, command
from tests.infrastructure.image.workers import LIMIT_SECONDS

OF_A_SHELL = {"PATH", "PWD", "OLDPWD", "SHLVL", "_", "LC_CTYPE"}

BROKEN: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "a port for everybody": (lambda all: all["stack"]["ports"].append("4201:4201"), "port:"),
    "a password": (lambda all: all["prefect"]["environment"].update(A_PASSWORD="x"), "secret:"),
    "unasked": (lambda all: all["worker"].pop("healthcheck"), "health:"),
    "writable": (lambda all: all["worker"].update(read_only=False), "rights:"),
    "capable": (lambda all: all["prefect"].pop("cap_drop"), "rights:"),
    "no first process": (lambda all: all["stack"].pop("init"), "processes:"),
    "any version": (lambda all: all["database"].update(image="postgres"), "version:"),
    "too early": (lambda all: all["worker"]["depends_on"].pop("stack"), "order:"),
    "not well yet": (
        lambda all: all["prefect"]["depends_on"].update(database={"condition": "service_started"}),
        "order:",
    ),
    "apart": (lambda all: all["worker"].pop("network_mode"), "network:"),
}
"""What is done to the services, and the rule that says so."""


@dataclass(frozen=True)
class Running:
    """The stack of docker-compose.yml.

    Attributes:
        code: the folder that its processes start in: what the target `local` copies.
        volume: the folder that stands for its volume.
        process: that the service is.
        said: file with its words.
    """

    code: Path
    volume: Path
    process: "subprocess.Popen[bytes]"
    said: Path

    def check(self) -> int:
        """The exit status of the check of the stack's health."""
        asked = check("stack", self.volume)
        return subprocess.run(asked, cwd=self.code, env=surroundings()).returncode


def surroundings() -> dict[str, str]:
    """The variables of a process in a container of the target `local`."""
    return {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    """The service `stack`, started by its command; ready when its check passes."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o711)
    code = folder / copy_files(folder, "local").last("WORKDIR", "local").lstrip("/")
    volume = folder / "volume"
    volume.mkdir()
    with (volume / "said").open("wb") as said:
        process = subprocess.Popen(
            command("stack", volume), cwd=code, env=surroundings(), stdout=said, stderr=said
        )
    running = Running(code, volume, process, volume / "said")
    try:
        while running.check() != 0:
            assert process.poll() is None, running.said.read_text()
        yield running
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(LIMIT_SECONDS)
        shutil.rmtree(folder, ignore_errors=True)


def test_the_services_keep_their_rules() -> None:
    """Loopback ports, no credential, health, no rights, pinned versions, order, one loopback."""
    assert findings(COMPOSE) == []


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_rule_is_told(name: str) -> None:
    """Each rule finds what it is for."""
    breaking, rule = BROKEN[name]
    broken = copy.deepcopy(COMPOSE)
    breaking(broken["services"])
    assert [each for each in findings(broken) if each.startswith(rule)] != []


def test_the_worker_has_the_variables_of_the_laptop(running: Running) -> None:
    """What the stack writes down, and Prefect's address: what every flow gets on a laptop."""
    given = run_with_the_variables(running, "env")
    addresses = read_addresses(Folder(running.volume))
    laptop = addresses.variables(prefect=True)
    own = {name: str(value) for name, value in SERVICES["worker"]["environment"].items()}
    assert (given | own).keys() - OF_A_SHELL == laptop.keys()
    assert {name: given.get(name) for name in laptop.keys() - own.keys()} == addresses.variables(
        prefect=False
    )


def run_with_the_variables(running: Running, program: str) -> dict[str, str]:
    """The variables of a command that the worker's way of reading them is before."""
    *shell, script = command("worker", running.volume)
    reading = script.splitlines()[0]
    printed = subprocess.run(
        [*shell, f"{reading}\nexec {program}"],
        env={},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return dict(line.split("=", 1) for line in printed.splitlines())


def test_the_written_password_is_for_its_user_alone(running: Running) -> None:
    """Nobody else on the machine can read the variables."""
    assert (running.volume / "variables").stat().st_mode & 0o077 == 0


def test_the_address_of_prefect_is_where_it_is_published() -> None:
    """On the laptop and in the containers Prefect has one address."""
    (published,) = SERVICES["stack"]["ports"]
    address, _, inside = published.rpartition(":")
    assert SERVICES["worker"]["environment"]["PREFECT_API_URL"] == f"http://{address}/api"
    assert SERVICES["prefect"]["environment"]["PREFECT_API_URL"] == f"http://{address}/api"
    assert SERVICES["prefect"]["command"][-1] == inside


def test_the_stack_ends_when_it_is_told(running: Running) -> None:
    """`docker compose down` ends every part cleanly, and a check says so from then on."""
    running.process.send_signal(signal.SIGTERM)
    assert running.process.wait(LIMIT_SECONDS) != 0
    assert not Folder(running.volume).state.exists()
    assert running.check() != 0
    assert "The local stack has ended; its data stays." in running.said.read_text()
