"""Declared addresses: single ones and networks, and what is refused."""

import pytest

from utilities.egress import read_declared
from utilities.errors import SettingsInvalid


def test_addresses_and_networks_are_read() -> None:
    """Separated by commas, spaces do not matter, both versions of the protocol."""
    declared = read_declared(" 203.0.113.7, 198.51.100.0/29,2001:db8::/48 ,")
    inside = ("203.0.113.7", "198.51.100.0", "198.51.100.7", "2001:db8::1")
    outside = ("203.0.113.8", "198.51.100.8", "2001:db9::1")
    assert [address in declared for address in (*inside, *outside)] == [True] * 4 + [False] * 3
    assert str(declared) == "203.0.113.7, 198.51.100.0/29, 2001:db8::/48"


def test_nothing_declared_is_nothing() -> None:
    """An empty variable declares no address, and no address is one of them."""
    for text in ("", " , "):
        declared = read_declared(text)
        assert not declared
        assert "203.0.113.7" not in declared


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("203.0.113.300", "'203.0.113.300'; expected an address as 203.0.113.7 or a network"),
        ("nat.example.org", "'nat.example.org'; expected an address"),
        ("203.0.113.7/28", "'203.0.113.7/28' is an address within 203.0.113.0/28"),
        ("0.0.0.0/0", "holds 4,294,967,296 addresses; expected at most a /16"),
        ("10.0.0.0/8", "holds 16,777,216 addresses; expected at most a /16"),
        ("::/0", "expected at most a /32"),
    ],
)
def test_what_would_prove_nothing_is_refused(text: str, told: str) -> None:
    """What is no address, is not clear, or holds a good part of the internet; the message says
    what was found and what was expected."""
    with pytest.raises(SettingsInvalid) as caught:
        read_declared(f"203.0.113.1,{text}")
    assert str(caught.value).startswith("EGRESS_ADDRESSES: ")
    assert told in str(caught.value)
