"""Answers pass through unchanged, however the network cuts them."""

import struct

from hypothesis import given
from hypothesis import strategies as st

from infrastructure.local.redshift import protocol
from infrastructure.local.redshift.answers import rewrite_answer
from infrastructure.local.redshift.relay import Relay

ROW = st.binary(max_size=60).map(lambda body: protocol.message(b"D", body))
OTHER = st.sampled_from(
    [
        protocol.command_complete("SELECT 1"),
        protocol.message(b"T", struct.pack(">H", 1) + b"name\0" + b"\0" * 18),
        protocol.message(b"S", b"TimeZone\0UTC\0"),
        protocol.fields_message(b"N", {"S": "NOTICE", "M": "hello"}),
        protocol.fields_message(b"E", {"S": "ERROR", "C": "42P01", "M": "nowhere"}),
        protocol.message(b"d", b"a row of COPY\n"),
    ]
)
STREAM = st.lists(ROW | OTHER, max_size=20).map(b"".join)


@given(STREAM, st.lists(st.integers(1, 40), min_size=1), st.sampled_from([b"I", b"T", b"E"]))
def test_any_cut_gives_the_same_bytes(stream: bytes, cuts: list[int], status: bytes) -> None:
    """Chunks of any size add up to what was sent, and the end is noticed."""
    whole = stream + protocol.ready(status)
    passed: list[bytes] = []
    relay = Relay(passed.append, rewrite_answer)
    relay.expect(b"Q")
    position, turn = 0, 0
    while position < len(whole):
        size = cuts[turn % len(cuts)]
        relay.feed(whole[position : position + size])
        position, turn = position + size, turn + 1
    assert b"".join(passed) == whole
    assert relay.status == status
    assert not relay.expected


def test_the_steps_of_the_extended_protocol_are_counted() -> None:
    """One answer for each message; a failed step takes the rest up to Sync with it."""
    relay = Relay(lambda data: None, rewrite_answer)
    for kind in (b"P", b"B", b"D", b"E", b"S"):
        relay.expect(kind)
    relay.feed(protocol.message(b"1") + protocol.message(b"2") + protocol.message(b"n"))
    assert list(relay.expected) == [b"E", b"S"]
    relay.feed(protocol.fields_message(b"E", {"S": "ERROR", "C": "22012", "M": "zero"}))
    assert list(relay.expected) == [b"S"]
    relay.feed(protocol.ready(b"I"))
    assert not relay.expected


def test_a_closing_message_can_be_held_back() -> None:
    """Between two parts of one query string the client must not hear that it is its turn."""
    passed: list[bytes] = []
    relay = Relay(passed.append, rewrite_answer)
    relay.hide_ready = True
    relay.expect(b"Q")
    relay.feed(protocol.command_complete("SELECT 1") + protocol.ready(b"T"))
    assert b"".join(passed) == protocol.command_complete("SELECT 1")
    assert relay.status == b"T"
