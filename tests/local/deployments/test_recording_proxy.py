"""What tests assert of requests can be relied on."""

from collections.abc import Iterator

import httpx
import pytest

from tests.recording_proxy import Passed, RecordingProxy, recording_proxy
from tests.scripted_server import Answer, ScriptedServer, scripted_server


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    """The server behind the proxy."""
    with scripted_server() as running:
        yield running


@pytest.fixture
def proxy(server: ScriptedServer) -> Iterator[RecordingProxy]:
    """A proxy before it."""
    with recording_proxy(server.url.rstrip("/")) as running:
        yield running


def test_requests_and_answers_pass_unchanged(server: ScriptedServer, proxy: RecordingProxy) -> None:
    """Body, headers, query and status arrive on both sides, over one connection."""
    server.script(Answer(201, {"a": 1}, {"X-Told": "yes"}), Answer(204))
    with httpx.Client() as client:
        answer = client.post(f"{proxy.url}/flows/?a=b%2F", json={"n": 1}, headers={"X-Asked": "?"})
        assert client.delete(f"{proxy.url}/flows/1").status_code == 204
    assert (answer.status_code, answer.json(), answer.headers["X-Told"]) == (201, {"a": 1}, "yes")
    assert (server.seen[0].path, server.seen[0].body) == ("/v4/flows/?a=b%2F", b'{"n":1}')
    assert server.seen[0].headers["X-Asked"] == "?"
    assert server.connections == 1


def test_every_request_is_recorded(server: ScriptedServer, proxy: RecordingProxy) -> None:
    """Those that only read are told from those that change something."""
    server.script(Answer(), Answer(), Answer(409))
    with httpx.Client(base_url=proxy.url) as client:
        client.get("/deployments/1")
        client.post("/deployments/filter", json={})
        client.patch("/deployments/1", json={})
    assert proxy.requests[:2] == [
        Passed("GET", "/deployments/1", 200),
        Passed("POST", "/deployments/filter", 200),
    ]
    assert proxy.writes() == [Passed("PATCH", "/deployments/1", 409)]


@pytest.mark.parametrize(("after", "arrived"), [(False, 1), (True, 2)])
def test_a_write_can_be_lost(
    server: ScriptedServer, proxy: RecordingProxy, after: bool, arrived: int
) -> None:
    """The second write is cut before it arrives, or only its answer is."""
    proxy.drop_write(2, after=after)
    with httpx.Client(base_url=proxy.url) as client:
        client.post("/flows/", json={})
        client.post("/flows/filter", json={})
        with pytest.raises(httpx.RemoteProtocolError):
            client.post("/deployments/", json={})
    assert proxy.writes() == [Passed("POST", "/flows/", 200), Passed("POST", "/deployments/", 0)]
    assert [path for _, path in server.calls if not path.endswith("filter")] == [
        "/v4/flows/",
        "/v4/deployments/",
    ][:arrived]
