"""Requests prove who asks as those of Prefect's own client do."""

import base64

import pytest

from deployments.live.api import PrefectApi
from tests.local.deployments.live.conftest import AUTH_STRING, KEY, Connect
from tests.scripted_server import Answer, ScriptedServer
from utilities.errors import AccessDenied

FORBIDDEN = Answer(403, {"detail": "Missing CSRF token."})


def test_a_key_is_sent_as_a_bearer(api: PrefectApi, server: ScriptedServer) -> None:
    """That is how Prefect Cloud knows it."""
    api.request("GET", "/health")
    assert server.seen[0].headers["Authorization"] == f"Bearer {KEY}"


def test_an_auth_string_goes_before_a_key(connect: Connect, server: ScriptedServer) -> None:
    """A server of one's own knows user and password, and has no keys."""
    connect(key=KEY, auth_string=AUTH_STRING).request("GET", "/health")
    encoded = base64.b64encode(AUTH_STRING.encode()).decode()
    assert server.seen[0].headers["Authorization"] == f"Basic {encoded}"


def test_nothing_is_proved_without_a_credential(connect: Connect, server: ScriptedServer) -> None:
    """A laptop's server has none."""
    connect().request("GET", "/health")
    assert "Authorization" not in server.seen[0].headers


def test_a_token_is_fetched_when_the_server_wants_one(
    api: PrefectApi, server: ScriptedServer
) -> None:
    """A write that is forbidden for want of a token is sent again with one; later ones have it."""
    server.script(FORBIDDEN, Answer(200, {"token": "t1"}), Answer(204), Answer(204))
    api.request("PATCH", "/deployments/1", {})
    api.request("PATCH", "/deployments/2", {})
    assert [method for method, _ in server.calls] == ["PATCH", "GET", "PATCH", "PATCH"]
    tokens = [seen.headers.get("Prefect-Csrf-Token") for seen in server.seen]
    assert tokens == [None, None, "t1", "t1"]
    client = server.seen[1].path.partition("?client=")[2]
    assert server.seen[2].headers["Prefect-Csrf-Client"] == client


def test_a_token_that_is_too_old_is_fetched_anew(api: PrefectApi, server: ScriptedServer) -> None:
    """Tokens end after an hour; a command that takes longer goes on."""
    server.script(FORBIDDEN, Answer(200, {"token": "t1"}), Answer(204))
    api.request("PATCH", "/deployments/1", {})
    server.script(FORBIDDEN, Answer(200, {"token": "t2"}), Answer(204))
    api.request("DELETE", "/deployments/2")
    assert server.seen[-1].headers["Prefect-Csrf-Token"] == "t2"


@pytest.mark.parametrize("status", [404, 422])
def test_a_write_that_is_really_forbidden_is_told(
    api: PrefectApi, server: ScriptedServer, status: int
) -> None:
    """A server that gives no tokens meant what it said."""
    server.script(Answer(403, {"detail": "Forbidden"}), Answer(status))
    with pytest.raises(AccessDenied, match="403: Forbidden"):
        api.request("POST", "/flows/", {})
    assert len(server.seen) == 2
