"""What counts as an address, and what does not."""

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from utilities.egress.answers import NoAddress, read_address


@given(st.ip_addresses())
@example(IPv6Address("2001:db8::1"))
def test_every_address_is_read_as_text_and_as_json(address: IPv4Address | IPv6Address) -> None:
    """With a line break or without, and in its usual form, whatever form it was told in."""
    assume(not (address.is_unspecified or address.is_multicast or address.is_reserved))
    assume(isinstance(address, IPv4Address) or address.ipv4_mapped is None)
    long = address.exploded
    for answer in (
        f"{long}\n",
        f" {address}",
        f'{{"ip": "{long}"}}',
        f'{{"ip":"{address}","n":1}}',
    ):
        assert read_address(answer.encode()) == str(address)


def test_an_old_address_in_new_clothes() -> None:
    """An IPv4 address that is written as an IPv6 one is the IPv4 address."""
    assert read_address(b"::ffff:203.0.113.7") == "203.0.113.7"


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (b"", "answered '', which is no address"),
        (
            b"<!DOCTYPE html><html><head><title>Sign in",
            "answered '<!DOCTYPE html><html><head><title>Sign i...'",
        ),
        (b'{"address": "203.0.113.7"}', "JSON without a text under 'ip'"),
        (b'{"ip": 7}', "JSON without a text under 'ip'"),
        (b'{"ip": "203.0.113.7"', "JSON without a text under 'ip'"),
        (b'{"ip": "unknown"}', "answered 'unknown', which is no address"),
        (b"203.0.113.7, 10.0.0.1", "which is no address"),
        (b"0.0.0.0", "answered 0.0.0.0, which no host can have"),
        (b"\xff\xfe", "which is no address"),
        (b"7" * 1025, "answered with more than 1,024 bytes"),
    ],
)
def test_anything_else_is_no_answer(answer: bytes, told: str) -> None:
    """A page to sign in, another form of JSON, too much: told with the beginning of it."""
    with pytest.raises(NoAddress) as caught:
        read_address(answer)
    assert told in str(caught.value)


@given(st.binary(max_size=2000))
def test_no_answer_whatever_breaks_the_reader(answer: bytes) -> None:
    """It holds an address or is refused as none."""
    try:
        read_address(answer)
    except NoAddress:
        pass
