"""Each pair once, across killed runs and runs at the same time."""

from collections.abc import Callable

from tests.faults import start, until
from tests.local.deliveries.jobs import deliver_codes
from tests.local.deliveries.orders import EveryAction
from utilities.settings import Settings

PAIRS = 600
RUNS = 3
KILLS = 4


def test_no_pair_is_lost_or_doubled(
    everyaction: EveryAction,
    settings: Settings,
    channel: str,
    code_id: int,
    pairs: Callable[[int], str],
    states: Callable[[], dict[str, int]],
) -> None:
    """Three runs at once; again and again one is killed and another one started: every pair
    is applied once, and every one is written down as done."""
    work = (deliver_codes, channel, pairs(PAIRS), settings)
    jobs = [start(*work) for _ in range(RUNS)]
    for number in range(KILLS):
        wanted = PAIRS * (number + 1) // (KILLS + 2)
        until(lambda: len(everyaction.applied(code_id)) >= wanted, f"{wanted} applied")
        jobs.pop(0).kill()
        jobs.append(start(*work))
    delivered = [job.result() for job in jobs]
    assert everyaction.applied(code_id) == dict.fromkeys(range(1, PAIRS + 1), 1)
    assert states() == {"done": PAIRS}
    assert {each.left for each in delivered} == {0}


def test_what_a_killed_run_may_have_sent_is_looked_up(
    everyaction: EveryAction,
    settings: Settings,
    channel: str,
    code_id: int,
    pairs: Callable[[int], str],
) -> None:
    """A run that takes over asks for each person whose claim was let lapse, and sends what the
    person has not."""
    everyaction.fault("late_answer", r"^POST /v4/people/7/codes$", seconds=0.4)
    job = start(deliver_codes, channel, pairs(12), settings)
    until(lambda: 7 in everyaction.applied(code_id), "the code of person 7 applied")
    job.kill()
    before = everyaction.last_call()
    start(deliver_codes, channel, pairs(12), settings).result()
    calls = everyaction.calls(before)
    looked = {call["path"] for call in calls if call["method"] == "GET"}
    sent = [call["path"] for call in calls if call["method"] == "POST"]
    assert "/v4/people/7" in looked
    assert "/v4/people/7/codes" not in sent
    assert everyaction.applied(code_id) == dict.fromkeys(range(1, 13), 1)
