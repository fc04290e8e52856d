"""A private host, a gateway that translates addresses, and a host outside, on one machine.

Each is a network namespace of its own, joined by virtual cables, with addresses that are reserved
for examples; nothing of the machine's own network is touched, and nothing is left of them.

    private 10.77.0.2 ─── 10.77.0.1 gateway 198.51.100.7 or .8 ─── 198.51.100.100 outside
"""

import ctypes
import os
import shutil
import socket
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults.connections import CHUNK_BYTES, close

REPOSITORY = Path(__file__).parents[2]
LIMIT_SECONDS = 120.0

PRIVATE, INNER = "10.77.0.2", "10.77.0.1"
DECLARED, OTHER, OUTSIDE = "198.51.100.7", "198.51.100.8", "198.51.100.100"
PORT = 8000
SERVICES = tuple(f"{OUTSIDE}:{PORT}/{name}" for name in ("my-address", "my-address.json"))

NETWORK_NAMESPACE = 0x40000000
"""CLONE_NEWNET: https://man7.org/linux/man-pages/man2/setns.2.html"""

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
    """The three hosts, by the names of their namespaces."""

    private: str
    gateway: str
    outside: str

    def translate(self, address: str | None) -> None:
        """Let what leaves the gateway come from an address; None: from where it came."""
        rules = "table ip egress\ndelete table ip egress\n"
        rules += TRANSLATION.format(address=address) if address else ""
        _run(["nft", "-f", "-"], inside=self.gateway, text=rules)

    def run(self, *command: str, environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
        """Run a command on the private host."""
        return subprocess.run(
            ["ip", "netns", "exec", self.private, *command],
            cwd=REPOSITORY,
            env=environment,
            capture_output=True,
            text=True,
            timeout=LIMIT_SECONDS,
        )


def require_tools() -> None:
    """Skip the test where networks cannot be built, before anything is started for it."""
    if os.geteuid() != 0:
        pytest.skip("only root may make network namespaces")
    for tool in ("ip", "nft"):
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} is not installed")


@contextmanager
def fixed_egress_network(ports: Iterable[int]) -> Iterator[Network]:
    """Build the three hosts, with what-is-my-address services on the outer one.

    Skips the test where the machine does not allow it.

    Args:
        ports: of this machine's loopback that the private host is to find on its own.
    """
    mark = uuid.uuid4().hex[:8]
    built = Network(f"private-{mark}", f"gateway-{mark}", f"outside-{mark}")
    with ExitStack() as undone:
        for name in (built.private, built.gateway, built.outside):
            _require_possible(["ip", "netns", "add", name])
            undone.callback(_run, ["ip", "netns", "delete", name])
        _lay_cables(built)
        _require_translation(built)
        undone.enter_context(_serving(built.outside))
        for port in ports:
            undone.callback(close, _forward(built.private, port))
        yield built


def _lay_cables(network: Network) -> None:
    for near, near_host, far, far_host in (
        ("private", network.private, "inner", network.gateway),
        ("outer", network.gateway, "outside", network.outside),
    ):
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


@contextmanager
def _serving(host: str) -> Iterator[None]:
    process = subprocess.Popen(
        ["ip", "netns", "exec", host, sys.executable, "-c", SERVER],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "listening\n"
        yield
    finally:
        process.terminate()
        process.communicate(timeout=LIMIT_SECONDS)


def _forward(host: str, port: int) -> socket.socket:
    """Let a port of a host's loopback lead to the same port of this machine's.

    A socket belongs to the network in which it was made, whoever uses it.
    """
    with ThreadPoolExecutor(1) as visitor:
        listener = visitor.submit(_listen_on, host, port).result()

    def accept() -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", port))
            for source, target in ((client, server), (server, client)):
                threading.Thread(target=_pump, args=(source, target), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return listener


def _listen_on(host: str, port: int) -> socket.socket:
    """Listen on a host's loopback. Moves the thread that runs it there for good."""
    with Path("/run/netns", host).open() as namespace:
        if ctypes.CDLL(None, use_errno=True).setns(namespace.fileno(), NETWORK_NAMESPACE):
            raise OSError(ctypes.get_errno(), f"cannot enter {host}")
    return socket.create_server(("127.0.0.1", port))


def _pump(source: socket.socket, target: socket.socket) -> None:
    try:
        while chunk := source.recv(CHUNK_BYTES):
            target.sendall(chunk)
    except OSError:
        pass
    close(source, target)


def _require_possible(command: list[str]) -> None:
    """Skip the test where the machine does not allow what only some machines allow."""
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"this machine does not allow {' '.join(command[:3])}: {done.stderr.strip()}")


def _run(command: list[str], inside: str | None = None, text: str | None = None) -> None:
    prefix = ["ip", "netns", "exec", inside] if inside else []
    subprocess.run([*prefix, *command], input=text, text=True, check=True, capture_output=True)
