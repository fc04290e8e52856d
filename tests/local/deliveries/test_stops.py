"""A delivery that has to stop writes what it knows, and gives back what it has not sent."""

import os
import signal
import threading
from collections.abc import Callable
from typing import Any

import pytest

from tests.faults import start, until
from tests.local.deliveries.jobs import OPTIONS, deliver_codes
from tests.local.deliveries.orders import EveryAction
from utilities.deliveries import Channel, Target, Wanted, deliver
from utilities.errors import AccessDenied, ApiUnavailable
from utilities.settings import Settings

States = Callable[[], dict[str, int]]
PAIRS = 40


class Terminated(BaseException):
    """What the handler of a signal raises, as Prefect's does."""


def _raise(*arguments: object) -> None:
    raise Terminated


def deliver_until_terminated(*work: Any) -> bool:
    """Deliver in this process; say whether a signal ended it."""
    signal.signal(signal.SIGTERM, _raise)
    try:
        deliver_codes(*work)
    except Terminated:
        return True
    return False


def test_a_key_that_is_revoked_stops_the_run_at_once(
    everyaction: EveryAction,
    settings: Settings,
    channel: str,
    code_id: int,
    pairs: Callable[[int], str],
    states: States,
) -> None:
    """What was applied is written down, nothing stays claimed, and the next run does the rest."""
    revoking = threading.Thread(target=_revoke, args=(everyaction, code_id))
    revoking.start()
    with pytest.raises(AccessDenied, match="key was refused") as raised:
        deliver_codes(channel, pairs(1500), settings)
    revoking.join()
    assert settings.van_api_key is not None
    assert settings.van_api_key.get_secret_value() not in str(raised.value)
    applied = everyaction.applied(code_id)
    assert states() == {"done": len(applied)}
    everyaction.order("PUT", "key", {"revoked": False})
    assert deliver_codes(channel, pairs(len(applied) + 5), settings).left == 0


def _revoke(everyaction: EveryAction, code_id: int) -> None:
    until(lambda: len(everyaction.applied(code_id)) >= 20, "20 applied")
    everyaction.order("PUT", "key", {"revoked": True})


def test_a_server_that_is_down_stops_the_run(
    everyaction: EveryAction,
    settings: Settings,
    channel: str,
    code_id: int,
    pairs: Callable[[int], str],
    states: States,
) -> None:
    """After the client's patience is over, with nothing claimed; another run completes it."""
    everyaction.fault(
        "status", r"^POST /v4/people/\d+/codes$", times=1000, skip=10, status=503, retry_after=0
    )
    with pytest.raises(ApiUnavailable):
        deliver_codes(channel, pairs(PAIRS), settings)
    assert states() == {"done": 10}
    everyaction.order("DELETE", "faults")
    assert deliver_codes(channel, pairs(PAIRS), settings).done == PAIRS - 10
    assert everyaction.applied(code_id) == dict.fromkeys(range(1, PAIRS + 1), 1)


def test_sigterm_writes_what_is_known(
    everyaction: EveryAction,
    settings: Settings,
    channel: str,
    code_id: int,
    pairs: Callable[[int], str],
    states: States,
) -> None:
    """A run that is told to end leaves no claim: every item it sent is done, the others are as
    they were."""
    job = start(deliver_until_terminated, channel, pairs(1500), settings, OPTIONS)
    until(lambda: len(everyaction.applied(code_id)) >= 20, "20 applied")
    os.kill(job.pid, signal.SIGTERM)
    assert job.result() is True
    applied = everyaction.applied(code_id)
    assert 20 <= len(applied) < 1500
    assert states() == {"done": len(applied)}


def test_an_error_of_no_known_kind_leaves_its_item_to_be_looked_up(
    settings: Settings, channel: str, states: States
) -> None:
    """Nobody knows whether it was sent: it is not sent again blindly, and the rest is given back."""
    sent: list[int] = []
    looked: list[int] = []

    def send(row: Any) -> None:
        if row["number"] == 3 and row["number"] not in sent:
            sent.append(row["number"])
            raise ZeroDivisionError
        sent.append(row["number"])

    def look(row: Any) -> bool:
        looked.append(row["number"])
        return row["number"] in sent

    kind = Channel(channel, {"number": "BIGINT"}, ("number",), ("number",))
    wanted = Wanted("SELECT n AS number FROM generate_series(1, 8) AS g (n)")
    target = Target(send, look, "the list")
    with pytest.raises(ZeroDivisionError):
        deliver(kind, wanted, target, settings, OPTIONS)
    assert states()["claimed"] == 1
    assert deliver(kind, wanted, target, settings, OPTIONS).left == 0
    assert looked == [3]
    assert sorted(sent) == list(range(1, 9))
