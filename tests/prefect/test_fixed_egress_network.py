"""A fixed egress address as a network: a private host, a gateway that translates, a host outside.

Each is a network namespace of its own, joined by virtual cables, with addresses that are reserved
for examples; nothing of the machine's own network is touched. The private host has a whole local
stack, and nobody but the host outside tells it how it is seen.

    private 10.77.0.2 ─── 10.77.0.1 gateway 198.51.100.7 or .8 ─── 198.51.100.100 outside
"""

import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
LIMIT_SECONDS = 120.0

PRIVATE, INNER = "10.77.0.2", "10.77.0.1"
DECLARED, OTHER, OUTSIDE = "198.51.100.7", "198.51.100.8", "198.51.100.100"
PORT = 8000

SERVER = f"""
from http.server import ThreadingHTTPServer
from infrastructure.local.feeds.__main__ import Newsstand
server = ThreadingHTTPServer(("{OUTSIDE}", {PORT}), Newsstand)
print("listening", flush=True)
server.serve_forever()
"""

TRANSLATION = """
table ip egress {{
    chain leaving {{
        type nat hook postrouting priority srcnat
        oifname "outer" snat to {address}
    }}
}}
"""


@dataclass(frozen=True)
class Network:
    """Three hosts, by the names of their namespaces."""

    private: str
    gateway: str
    outside: str
    root: Path

    def translate(self, address: str | None) -> None:
        """Let what leaves the gateway come from an address; None: from where it came."""
        rules = "table ip egress\ndelete table ip egress\n"
        rules += TRANSLATION.format(address=address) if address else ""
        _run(["nft", "-f", "-"], inside=self.gateway, text=rules)

    def egress_check(self) -> "subprocess.CompletedProcess[str]":
        """Run the flow on the private host, as a person would."""
        services = ",".join(
            f"http://{OUTSIDE}:{PORT}/{name}" for name in ("my-address", "my-address.json")
        )
        changed = [f"EGRESS_SERVICES={services}", f"EGRESS_ADDRESSES={DECLARED}", "COLUMNS=200"]
        flow = ["env", *changed, sys.executable, "-m", "flows.egress_check"]
        return self.stack("join", "--", *flow)

    def stack(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Run a command of the private host's local stack."""
        command = [sys.executable, "-m", "infrastructure.local", "--root", str(self.root), *words]
        return subprocess.run(
            ["ip", "netns", "exec", self.private, *command],
            cwd=REPOSITORY,
            env={name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
            capture_output=True,
            text=True,
            timeout=LIMIT_SECONDS,
        )


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    """The three hosts, a server on the outer one, a stack on the private one."""
    if os.geteuid() != 0:
        pytest.skip("only root may make network namespaces")
    for tool in ("ip", "nft"):
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} is not installed")
    mark = uuid.uuid4().hex[:8]
    root = tmp_path_factory.mktemp("private") / "stack"
    built = Network(f"private-{mark}", f"gateway-{mark}", f"outside-{mark}", root)
    with ExitStack() as undone:
        for name in (built.private, built.gateway, built.outside):
            _require_possible(["ip", "netns", "add", name])
            undone.callback(_run, ["ip", "netns", "delete", name])
        _lay_cables(built)
        _require_translation(built)
        undone.enter_context(_serving(built.outside))
        undone.callback(built.stack, "reset", "--yes")
        started = built.stack("up")
        assert started.returncode == 0, started.stderr
        yield built


def test_a_run_behind_the_declared_address_passes(network: Network) -> None:
    """The host outside sees the gateway's address, which is the declared one."""
    network.translate(DECLARED)
    done = network.egress_check()
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"This run reaches others from {DECLARED}" in done.stdout


@pytest.mark.parametrize("seen", [OTHER, None], ids=["another address", "no translation"])
def test_a_run_that_leaves_by_another_address_fails(network: Network, seen: str | None) -> None:
    """The gateway was given another address, or translates nothing: the run fails, and says which
    address was seen, by whom, and what was declared. The warehouse beside it answers."""
    network.translate(seen)
    done = network.egress_check()
    assert done.returncode == 1, done.stdout + done.stderr
    last = done.stderr.strip().splitlines()
    assert last[-2].startswith(
        f"EgressMismatch: This run reaches others from {seen or PRIVATE} (seen by {OUTSIDE}:{PORT}/"
    )
    assert f"declared in EGRESS_ADDRESSES: {DECLARED}." in last[-2]
    assert last[-1].endswith("answers nevertheless.")


def _lay_cables(network: Network) -> None:
    for ends in (
        ("private", network.private, "inner", network.gateway),
        ("outer", network.gateway, "outside", network.outside),
    ):
        near, near_host, far, far_host = ends
        cable = ["type", "veth", "peer", "name", far, "netns", far_host]
        _require_possible(["ip", "link", "add", near, "netns", near_host, *cable])
    for host, card, addresses in (
        (network.private, "private", [PRIVATE]),
        (network.gateway, "inner", [INNER]),
        (network.gateway, "outer", [DECLARED, OTHER]),
        (network.outside, "outside", [OUTSIDE]),
    ):
        for address in addresses:
            _run(["ip", "-n", host, "address", "add", f"{address}/24", "dev", card])
        _run(["ip", "-n", host, "link", "set", card, "up"])
        _run(["ip", "-n", host, "link", "set", "lo", "up"])
    _run(["ip", "-n", network.private, "route", "add", "default", "via", INNER])
    # So that an address that is not translated can be answered too, and be seen.
    _run(["ip", "-n", network.outside, "route", "add", f"{PRIVATE}/32", "via", DECLARED])
    forwarding = "echo 1 > /proc/sys/net/ipv4/ip_forward"
    _require_possible(["ip", "netns", "exec", network.gateway, "sh", "-c", forwarding])


def _require_translation(network: Network) -> None:
    try:
        network.translate(DECLARED)
    except subprocess.CalledProcessError as error:
        pytest.skip(f"this machine does not translate addresses: {error.stderr.strip()}")


def _serving(host: str) -> "_Server":
    command = ["ip", "netns", "exec", host, sys.executable, "-c", SERVER]
    return _Server(command)


class _Server:
    """A process that says when it listens, and ends with the block."""

    def __init__(self, command: list[str]) -> None:
        self._command = command

    def __enter__(self) -> None:
        self._process = subprocess.Popen(
            self._command,
            cwd=REPOSITORY,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "listening\n"

    def __exit__(self, *ended: object) -> None:
        self._process.terminate()
        self._process.communicate(timeout=LIMIT_SECONDS)


def _require_possible(command: list[str]) -> None:
    """Skip the test where the machine does not allow what only some machines allow."""
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"this machine does not allow {' '.join(command[:3])}: {done.stderr.strip()}")


def _run(command: list[str], inside: str | None = None, text: str | None = None) -> None:
    prefix = ["ip", "netns", "exec", inside] if inside else []
    subprocess.run([*prefix, *command], input=text, text=True, check=True, capture_output=True)
