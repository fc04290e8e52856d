"""Connections are kept open between requests, but not until the server has closed them."""

import threading
from pathlib import Path
from typing import Any

import pytest

from tests.manual_time import ManualTime
from tests.scripted_server import Answer, ScriptedServer
from utilities.everyaction import call
from utilities.everyaction.sessions import IDLE_SECONDS, POOL_SIZE, make_session


def test_requests_share_a_connection(api: ScriptedServer, van: Any) -> None:
    """One connection carries one request after the other, reads and writes."""
    for _ in range(5):
        call(van, "GET", "codes")
        call(van, "POST", "people/1/codes", json={"codeId": 1})
    assert api.connections == 1


def test_a_connection_that_was_idle_is_not_used_again(
    api: ScriptedServer, van: Any, time: ManualTime
) -> None:
    """A server may close it at any moment; a write that met that moment would be in doubt."""
    call(van, "POST", "people/1/codes", json={"codeId": 1})
    time.sleep(IDLE_SECONDS * 0.9)
    call(van, "POST", "people/2/codes", json={"codeId": 1})
    assert api.connections == 1
    time.sleep(IDLE_SECONDS * 1.1)
    call(van, "POST", "people/3/codes", json={"codeId": 1})
    assert api.connections == 2


def test_many_threads_share_one_van(api: ScriptedServer, van: Any) -> None:
    """Every thread gets its own answers, and no connection is thrown away for lack of room."""
    wrong: list[Any] = []
    start = threading.Barrier(POOL_SIZE)
    answers = [Answer(200, {"n": number}) for number in range(POOL_SIZE * 4)]
    api.script(*answers)
    got: list[int] = []

    def work() -> None:
        start.wait()
        for _ in range(4):
            found = call(van, "GET", "codes")
            (got if "n" in found else wrong).append(found.get("n"))

    threads = [threading.Thread(target=work) for _ in range(POOL_SIZE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == list(range(POOL_SIZE * 4))
    assert not wrong
    assert api.connections <= POOL_SIZE


def test_no_credentials_of_the_machine_are_sent(
    api: ScriptedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A session without credentials stays so, whatever ~/.netrc says."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password something\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with make_session() as session:
        session.get(api.url, timeout=5)
    assert "Authorization" not in api.seen[0].headers


def test_cookies_are_not_kept(api: ScriptedServer) -> None:
    """One answer has no effect on the next request."""
    api.script(Answer(200, headers={"Set-Cookie": "seen=1"}))
    with make_session() as session:
        session.get(api.url, timeout=5)
        session.get(api.url, timeout=5)
    assert "Cookie" not in api.seen[1].headers
