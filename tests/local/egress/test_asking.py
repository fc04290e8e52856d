"""Services that answer, fail and lie, over real connections."""

import socket
from collections.abc import Iterator

import pytest

from infrastructure.local.stack import Stack
from tests.scripted_server import Answer, Drop, ScriptedServer, Silence, scripted_server
from utilities.egress import Patience, ask_services, read_services

IMPATIENT = Patience(attempts=1, answer_seconds=5.0)
ADDRESS = Answer(content=b"203.0.113.7\n")


@pytest.fixture
def servers() -> Iterator[list[ScriptedServer]]:
    """Three servers that do as they are told."""
    with scripted_server() as first, scripted_server() as second, scripted_server() as third:
        yield [first, second, third]


def test_all_are_asked_at_once_and_told_in_their_order(servers: list[ScriptedServer]) -> None:
    """Text, JSON and a service that is down: each answer is one of the whole."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        dead = f"http://127.0.0.1:{listener.getsockname()[1]}"
        servers[0].script(ADDRESS)
        servers[1].script(Answer(content={"ip": "2001:db8::7"}))
        found = ask_services([dead, servers[0].url, servers[1].url], IMPATIENT)
    assert [sighting.address for sighting in found] == [None, "203.0.113.7", "2001:db8::7"]
    assert found[0].problem == "the connection was refused"


@pytest.mark.parametrize(
    ("step", "problem"),
    [
        (Answer(503), "answered 503"),
        (Answer(content=b"<html>"), "answered '<html>', which is no address"),
        (Answer(content=b"7" * 5000), "answered with more than 1,024 bytes, expected an address"),
        (Answer(content=b"203.0.113.7", claimed_bytes=100), "the connection was lost"),
        (Drop(), "the connection was lost"),
    ],
)
def test_what_a_service_does_wrong_is_told(
    servers: list[ScriptedServer], step: Answer | Drop, problem: str
) -> None:
    """And is no error: it does not decide."""
    servers[0].script(step)
    (found,) = ask_services([servers[0].url], IMPATIENT)
    assert (found.address, found.problem) == (None, problem)


def test_a_service_that_says_nothing_holds_nobody_up(servers: list[ScriptedServer]) -> None:
    """The time allowed is for the whole answer; the other one counts."""
    servers[0].script(Silence())
    servers[1].script(ADDRESS)
    found = ask_services([servers[0].url, servers[1].url], Patience(attempts=1, answer_seconds=0.3))
    assert found[0].address is None
    assert found[0].problem.startswith("no ")
    assert found[1].address == "203.0.113.7"


def test_those_that_failed_are_asked_again_while_too_few_have_answered(
    servers: list[ScriptedServer],
) -> None:
    """Not one that has answered, and none once half of them have."""
    servers[0].script(ADDRESS)
    servers[1].script(Answer(503), ADDRESS)
    servers[2].script(Answer(503), Answer(503))
    patience = Patience(attempts=3, pause_seconds=0.01)
    found = ask_services([server.url for server in servers], patience)
    assert [sighting.address for sighting in found] == ["203.0.113.7", "203.0.113.7", None]
    assert [len(server.calls) for server in servers] == [1, 2, 2]


def test_a_proxy_of_the_environment_is_not_used(
    servers: list[ScriptedServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its address would be seen, and it does not stand before a warehouse."""
    monkeypatch.setenv("http_proxy", servers[1].url)
    monkeypatch.delenv("no_proxy", raising=False)
    servers[0].script(ADDRESS)
    (found,) = ask_services([servers[0].url], IMPATIENT)
    assert found.address == "203.0.113.7"
    assert servers[1].calls == []


def test_the_local_stack_has_two_services(stack: Stack) -> None:
    """One answers with text, one with JSON; both see this machine, which is what is declared."""
    services = read_services(stack.variables["EGRESS_SERVICES"])
    assert len(services) == 2
    found = ask_services(services, IMPATIENT)
    assert {sighting.address for sighting in found} == {stack.variables["EGRESS_ADDRESSES"]}
