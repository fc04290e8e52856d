"""When nobody uses a stack: connections are real, the clock is an argument."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from infrastructure.local.folder import Folder
from infrastructure.local.idle import Idleness, Listener

SERVE = """
import socket, sys
with socket.create_server(("127.0.0.1", 0)) as listener:
    print(listener.getsockname()[1], flush=True)
    while True:
        client, _ = listener.accept()
        client.sendall(b"!")
        client.recv(1)
        client.close()
        print("left", flush=True)
"""


@pytest.fixture
def server() -> Iterator[tuple[Listener, "subprocess.Popen[str]"]]:
    """Another process that serves one client after the other, and says when one has left."""
    with subprocess.Popen([sys.executable, "-c", SERVE], stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        yield Listener(run.pid, int(run.stdout.readline())), run
        run.kill()


def connect(listener: Listener) -> socket.socket:
    """A connection that the server has accepted."""
    client = socket.create_connection(("127.0.0.1", listener.port))
    assert client.recv(1) == b"!"
    return client


def test_a_connected_client_keeps_the_stack(
    server: tuple[Listener, "subprocess.Popen[str]"], tmp_path: Path
) -> None:
    """The time without a client begins when the last one leaves."""
    listener, run = server
    idleness = Idleness(Folder(tmp_path), 3600, 0)
    with connect(listener):
        assert not idleness.over([listener], 9_000)
    assert run.stdout is not None and run.stdout.readline() == "left\n"
    assert not idleness.over([listener], 12_599)
    assert idleness.over([listener], 12_600)


def test_a_connection_between_parts_is_no_client(
    server: tuple[Listener, "subprocess.Popen[str]"], tmp_path: Path
) -> None:
    """Parts that keep connections to each other do not keep the stack."""
    listener, _ = server
    idleness = Idleness(Folder(tmp_path), 3600, 0)
    with connect(listener):
        assert idleness.over([listener, Listener(os.getpid(), 1)], 3600)


def test_joining_counts_as_use(tmp_path: Path) -> None:
    """A client that joined, and has no connection at the moment, has used the stack."""
    folder = Folder(tmp_path)
    idleness = Idleness(folder, 3600, 0)
    folder.last_used.touch()
    assert not idleness.over([], 3600)
    assert idleness.over([], 7200)


def test_a_kept_stack_never_ends(tmp_path: Path) -> None:
    """After `up` the stack stays, however long nobody comes."""
    folder = Folder(tmp_path)
    folder.kept.touch()
    assert not Idleness(folder, 3600, 0).over([], 1e9)
