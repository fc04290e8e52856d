"""Ask for a job again and again until it has ended, but not for ever."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from utilities.errors import ApiUnavailable


@dataclass(frozen=True)
class Polling:
    """How a job is waited for.

    Attributes:
        limit_seconds: how long it may take.
        first_pause_seconds, longest_pause_seconds: between two questions; each pause is half as
            long again as the one before.
        now, sleep: the clock, and the way to let time pass.
    """

    limit_seconds: float = 3600.0
    first_pause_seconds: float = 1.0
    longest_pause_seconds: float = 30.0
    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


def poll(
    name: str,
    ask: Callable[[], dict[str, Any]],
    has_ended: Callable[[dict[str, Any]], bool],
    polling: Polling,
) -> dict[str, Any]:
    """Return a job as it is when it has ended.

    Args:
        name: of the job, for a person.
        ask: returns the job as it is now.
        has_ended: says whether that is its last state.
        polling: how long and how often.

    Raises:
        ApiUnavailable: it has not ended within the limit.
    """
    deadline = polling.now() + polling.limit_seconds
    pause = polling.first_pause_seconds
    while True:
        job = ask()
        if has_ended(job):
            return job
        if polling.now() + pause > deadline:
            raise ApiUnavailable(
                f"{name} is {job.get('status')!r} after {polling.limit_seconds:,.0f} seconds; expected "
                "it to have ended. It goes on at EveryAction: run again later, with more time."
            )
        polling.sleep(pause)
        pause = min(pause * 1.5, polling.longest_pause_seconds)
