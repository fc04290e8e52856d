"""A server that is busy or away for a moment does not end a command."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from deployments.live.address import Address
from deployments.live.api import PrefectApi
from deployments.live.connections import CONNECTIONS
from deployments.live.patience import Patience
from tests.manual_time import ManualTime
from tests.scripted_server import Answer, Drop, ScriptedServer, Step, scripted_server
from utilities.errors import PrefectUnavailable


@pytest.mark.parametrize(
    "step",
    [Drop(), *(Answer(status) for status in (408, 429, 502, 503, 504))],
    ids=["dropped", "408", "429", "502", "503", "504"],
)
@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "DELETE"])
def test_a_failure_of_the_moment_is_passed_over(
    api: PrefectApi, server: ScriptedServer, time: ManualTime, step: Step, method: str
) -> None:
    """A lost connection, or an answer that asks for patience, is met by sending again what was
    sent, after a pause."""
    server.script(step, step, Answer(content={"id": 1}))
    assert api.request(method, "/deployments/", {"name": "x"}) == {"id": 1}
    assert len(time.slept) == 2
    assert {(seen.method, seen.path, seen.body) for seen in server.seen} == {
        (method, "/v4/deployments/", b'{"name":"x"}')
    }


def test_the_pause_is_the_one_the_server_asks_for(
    api: PrefectApi, server: ScriptedServer, time: ManualTime
) -> None:
    """Retry-After is kept to."""
    server.script(Answer(429, headers={"Retry-After": "17"}), Answer())
    api.request("GET", "/health")
    assert time.slept == [17]


def test_a_server_that_stays_away_is_given_up(
    api: PrefectApi, server: ScriptedServer, time: ManualTime
) -> None:
    """After six attempts the error says what was asked, what came back and what to do."""
    server.script(*[Answer(503)] * 6)
    with pytest.raises(PrefectUnavailable) as raised:
        api.request("POST", "/deployments/filter", {})
    assert str(raised.value) == (
        f"Prefect at {api.address.url}: 503 was the answer to POST /deployments/filter, attempts: "
        "6. Look whether the server runs and PREFECT_API_URL is its address, then run the command "
        "again: it goes on where it stopped."
    )
    assert len(time.slept) == 5


def test_a_server_that_was_never_there_is_asked_once() -> None:
    """A wrong address or a server that is not running is told at once, without pauses."""
    with scripted_server() as ended:
        url = ended.url
    time = ManualTime()
    with PrefectApi(Address(url), Patience(sleep=time.sleep)) as api:
        with pytest.raises(PrefectUnavailable, match="ConnectError.* to GET /health, attempts: 1"):
            api.request("GET", "/health")
    assert time.slept == []


def test_a_server_that_starts_again_is_waited_for() -> None:
    """A server that has answered before is asked several times; once given up, it is asked once,
    so that of two hundred requests not each waits for it."""
    time = ManualTime()
    with scripted_server() as ended:
        api = PrefectApi(Address(ended.url), Patience(sleep=time.sleep))
        api.request("GET", "/health")
        ended.script(Drop())
    with api:
        with pytest.raises(PrefectUnavailable, match="attempts: 6"):
            api.request("GET", "/health")
        with pytest.raises(PrefectUnavailable, match="attempts: 1"):
            api.request("GET", "/health")
    assert len(time.slept) == 5


def test_threads_share_connections(api: PrefectApi, server: ScriptedServer) -> None:
    """Many requests from many threads use a few connections, again and again. One may be opened a
    second time: on a busy machine the server closes it while nobody comes."""
    with ThreadPoolExecutor(32) as threads:
        assert list(threads.map(lambda _: api.request("GET", "/health"), range(200))) == [{}] * 200
    assert server.connections < 2 * CONNECTIONS
