"""Ports and password are kept, and a port is given up only when it is taken."""

import socket
import stat
from dataclasses import replace
from pathlib import Path

from infrastructure.local.addresses import choose_addresses, read_addresses
from infrastructure.local.folder import Folder


def test_addresses_stay_the_same(tmp_path: Path) -> None:
    """A restart finds the stack where it was, with the same password."""
    folder = Folder(tmp_path)
    assert choose_addresses(folder) == choose_addresses(folder) == read_addresses(folder)


def test_a_taken_port_is_chosen_anew(tmp_path: Path) -> None:
    """Only the port that another program has taken changes."""
    folder = Folder(tmp_path)
    before = choose_addresses(folder)
    with socket.create_server(("127.0.0.1", before.aws_port)):
        after = choose_addresses(folder)
    assert after.aws_port != before.aws_port
    assert after == replace(before, aws_port=after.aws_port)
    assert read_addresses(folder) == after


def test_the_password_is_for_its_owner_only(tmp_path: Path) -> None:
    """Other users of the machine cannot read the file, and the password is not guessable."""
    folder, other = Folder(tmp_path / "a"), Folder(tmp_path / "b")
    folder.root.mkdir()
    other.root.mkdir()
    assert choose_addresses(folder).password != choose_addresses(other).password
    assert stat.S_IMODE(folder.addresses.stat().st_mode) == 0o600
