"""What is sent again after trouble, after which pause, and what never is."""

import socket
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from tests.local.everyaction.conftest import Connect, settings_for
from tests.manual_time import ManualTime
from tests.scripted_server import Answer, Drop, ScriptedServer, Silence, Step
from utilities.errors import ApiUnavailable, OutcomeUnknown
from utilities.everyaction import Patience, call, connect

WRITE = "people/100/codes"
READ_SECONDS = 0.1


@pytest.mark.parametrize(
    "trouble",
    [
        Answer(500),
        Answer(502, b"<html>Bad Gateway</html>"),
        Answer(503),
        Answer(504),
        Answer(200, b'{"half": '),
        Answer(200, b'{"items": []}', claimed_bytes=500),
        Drop(),
        Silence(),
    ],
    ids=["500", "502", "503", "504", "half-json", "truncated", "dropped", "silent"],
)
def test_a_question_is_asked_again(trouble: Step, api: ScriptedServer, connected: Connect) -> None:
    """Reading survives every passing trouble: the caller sees the answer alone."""
    api.script(trouble, trouble, Answer(200, {"codeId": 7}))
    assert call(connected(read_seconds=READ_SECONDS), "GET", "codes/7") == {"codeId": 7}
    assert len(api.seen) == 3


def test_whoever_waits_is_told_why(
    api: ScriptedServer, connected: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    """Each repetition is a warning with the request, the trouble and the pause."""
    api.script(Answer(502), Answer(429, headers={"Retry-After": "7"}), Answer(200, {}))
    call(connected(), "GET", "codes/7")
    said = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert len(said) == 2
    assert said[0].startswith("EveryAction, GET codes/7: the server answered 502; trying again in ")
    assert said[1].startswith(
        "EveryAction, GET codes/7: the server answered 429; trying again in 7."
    )


@pytest.mark.parametrize(
    "trouble",
    [
        Answer(500),
        Answer(502),
        Answer(503),
        Answer(201, b'{"vanId": 1', claimed_bytes=500),
        Answer(201, b"<html>"),
        Drop(),
        Silence(),
    ],
    ids=["500", "502", "503", "truncated", "not-json", "dropped", "silent"],
)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_write_that_may_have_happened_is_not_sent_again(
    method: str, trouble: Step, api: ScriptedServer, connected: Connect
) -> None:
    """A write whose answer is lost is sent once, and its error says that nobody knows."""
    api.script(trouble)
    with pytest.raises(OutcomeUnknown) as caught:
        call(connected(read_seconds=READ_SECONDS), method, WRITE, json={"codeId": 7})
    assert api.calls == [(method, f"/v4/{WRITE}")]
    assert f"{method} {WRITE}" in str(caught.value)
    assert "not sent again" in str(caught.value)


@pytest.mark.parametrize(
    "refusal",
    [
        Answer(429, headers={"Retry-After": "1"}),
        Answer(429),
        Answer(503, headers={"Retry-After": "2"}),
    ],
    ids=["429-with-pause", "429", "503-with-pause"],
)
def test_a_write_that_was_declined_is_sent_again(
    refusal: Answer, api: ScriptedServer, van: Any
) -> None:
    """A server that asks to come back later has done nothing, so the write is sent again."""
    api.script(refusal, refusal, Answer(204))
    assert call(van, "POST", WRITE, json={"codeId": 7}) is None
    assert [seen.body for seen in api.seen] == [b'{"codeId": 7}'] * 3


def test_a_write_to_a_closed_port_is_tried_again(time: ManualTime) -> None:
    """A refused connection is tried again, then reported as nothing having happened."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    patience = Patience(attempts=4, now=time.now, sleep=time.sleep)
    van = connect(settings_for(f"http://127.0.0.1:{port}/v4/"), lambda: None, patience)
    with pytest.raises(ApiUnavailable, match="NewConnectionError.*attempt 4 of 4.*Nothing took"):
        call(van, "POST", WRITE, json={"codeId": 7})
    assert len(time.slept) == 3


def test_a_write_that_is_known_to_be_repeatable_is_sent_again(
    api: ScriptedServer, connected: Connect
) -> None:
    """Looking for people, and asking for exports, is repeated although it is a POST."""
    van = connected(read_seconds=READ_SECONDS)
    for path in ("people/find", "people/findOrCreate", "changedEntityExportJobs", "exportJobs"):
        api.script(Drop(), Silence(), Answer(500), Answer(200, {"path": path}))
        assert call(van, "POST", path, json={}) == {"path": path}


def test_a_caller_may_say_what_is_repeatable(api: ScriptedServer, van: Any) -> None:
    """Who knows better than the table of paths says so for one call."""
    api.script(Drop(), Answer(204))
    assert call(van, "POST", WRITE, json={}, repeatable=True) is None
    api.script(Drop())
    with pytest.raises(OutcomeUnknown):
        call(van, "POST", "people/find", json={}, repeatable=False)


def test_retry_after_in_seconds_is_the_least_pause(
    api: ScriptedServer, van: Any, time: ManualTime
) -> None:
    """The server's wish is kept, with a little more so that not all come back at once."""
    api.script(Answer(429, headers={"Retry-After": "7"}))
    call(van, "GET", "codes")
    assert 7 <= sum(time.slept) < 8


def test_retry_after_may_be_a_date(
    api: ScriptedServer, connected: Connect, time: ManualTime
) -> None:
    """A moment in HTTP's form counts from now."""
    now = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)
    moment = format_datetime(now + timedelta(seconds=30), usegmt=True)
    api.script(Answer(503, headers={"Retry-After": moment}))
    call(connected(today=lambda: now), "GET", "codes")
    assert 30 <= sum(time.slept) < 31


def test_pauses_grow_and_are_uneven(api: ScriptedServer, van: Any, time: ManualTime) -> None:
    """Without a wish of the server's, each pause may be twice as long as the one before."""
    api.script(*[Answer(502)] * 5)
    call(van, "GET", "codes")
    for number, pause in enumerate(time.slept):
        assert 2**number / 2 <= pause <= 2**number
    assert len({pause / 2**number for number, pause in enumerate(time.slept)}) > 1


def test_attempts_are_bounded(api: ScriptedServer, connected: Connect) -> None:
    """After so many attempts the API counts as unavailable, and the error says how often."""
    api.script(*[Answer(502)] * 9)
    with pytest.raises(ApiUnavailable, match="answered 502.*attempt 3 of 3"):
        call(connected(attempts=3), "GET", "codes")
    assert len(api.seen) == 3


def test_the_time_is_bounded(api: ScriptedServer, connected: Connect, time: ManualTime) -> None:
    """No attempt begins after the total time, and a longer wish of the server's is not waited for."""
    api.script(Answer(429, headers={"Retry-After": "3600"}))
    with pytest.raises(ApiUnavailable, match="asks to wait: 3600"):
        call(connected(total_seconds=300), "GET", "codes")
    assert len(api.seen) == 1
    assert not time.slept


def test_the_pace_is_asked_before_each_attempt(api: ScriptedServer, time: ManualTime) -> None:
    """A repeated request counts against the limit like any other."""
    turns: list[float] = []
    patience = Patience(now=time.now, sleep=time.sleep)
    van = connect(settings_for(api.url), lambda: turns.append(time.now()), patience)
    api.script(Answer(502), Answer(429, headers={"Retry-After": "1"}), Answer(200))
    call(van, "GET", "codes")
    assert len(turns) == 3
