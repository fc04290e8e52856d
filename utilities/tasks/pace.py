"""Send at a rate that several runs share, wherever they are.

Each run reserves a block of slots of one limit on Prefect's server. Blocks stand one behind the
other: the reserved slots that have not decayed yet are the requests of others that come before.
So a block is a stretch of time that belongs to one run, and is spent evenly in it; the next is
reserved when half of this one is spent.
"""

import random
import threading
import weakref
from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass
from functools import lru_cache

from utilities.concurrency import Timing
from utilities.errors import PrefectUnavailable
from utilities.everyaction import Pace, Patience
from utilities.settings import Settings
from utilities.tasks.prefect_limits import Limit, LimitState, PrefectLimit

EVERYACTION = "everyaction"

BLOCK_SHARE = 0.8
"""How much of a limit's slots is one block. The rest is how far ahead the next one can be
reserved: it hides the time that reserving takes, and is too little for a second block."""

CATCH_UP_SECONDS = 0.02
"""How much of a delay is made up for by sending closer together."""

LONGEST_JITTER_SECONDS = 0.02

UNREACHABLE_SECONDS = 60.0
"""How long Prefect's server may be away. Nothing is sent meanwhile."""

PATIENCE = Patience(longest_pause_seconds=10.0)


@dataclass
class _Block:
    """Turns that were reserved.

    Attributes:
        start, end: the time that is theirs.
        size: turns in all.
        turns: those that are left.
        interval_seconds: between two of them.
    """

    start: float
    end: float
    size: int
    turns: int
    interval_seconds: float

    def is_late(self, now: float) -> bool:
        """Say whether its time is over, by more than what is usual."""
        return now > self.end + 2 * max(self.interval_seconds, CATCH_UP_SECONDS)


class SharedPace:
    """Turns from a limit that is shared. Safe to use from several threads."""

    def __init__(self, limit: Limit, timing: Timing = Timing()) -> None:
        """Reserve nothing yet.

        Args:
            limit: which all runs reserve from.
            timing: the clock.
        """
        self._limit = limit
        self._timing = timing
        self._blocks: deque[_Block] = deque()
        self._next_turn = 0.0
        self._reservation: Future[None] | None = None
        self._lock = threading.Lock()
        # One waits for the next turn at a time: turns given out ahead would all be late together.
        self._turnstile = threading.Lock()

    def __call__(self) -> None:
        """Return when a request may be sent.

        Raises:
            LimitMissing, PrefectUnavailable, AccessDenied: as `PrefectLimit` does.
        """
        while True:
            with self._turnstile:
                taken = self._take()
                if not isinstance(taken, Future):
                    self._wait_until(taken)
                    return
            taken.result()

    def _take(self) -> float | Future[None]:
        """Return when the next turn is; without a block, the reservation to wait for."""
        with self._lock:
            now = self._timing.now()
            self._forget(now)
            if not self._blocks:
                return self._reserve_ahead()
            block = self._blocks[0]
            turn = max(now, self._next_turn, block.start)
            self._next_turn = turn + block.interval_seconds
            block.turns -= 1
            # Not before: who sends little would take time from others.
            if block.turns <= block.size // 2 and len(self._blocks) == 1:
                self._reserve_ahead()
            if not block.turns:
                self._blocks.popleft()
            return turn

    def _wait_until(self, turn: float) -> None:
        """Return when a turn has come; a delay beyond what can be made up for moves the next."""
        seconds = turn - self._timing.now()
        if seconds > 0:
            self._timing.sleep(seconds)
        late_seconds = self._timing.now() - turn - CATCH_UP_SECONDS
        if late_seconds > 0:
            with self._lock:
                self._next_turn += late_seconds

    def _forget(self, now: float) -> None:
        """Give up turns whose time is over: it is somebody else's, and both together would exceed
        the limit. One answer 429 makes everybody late, so that lateness must not be made up for."""
        while self._blocks and self._blocks[0].is_late(max(now, self._next_turn)):
            self._blocks.popleft()

    def _reserve_ahead(self) -> Future[None]:
        """Begin to reserve a block, unless that is under way."""
        if self._reservation is None or self._reservation.done():
            self._reservation = Future()
            threading.Thread(
                target=self._run, args=(self._reservation,), name="pace", daemon=True
            ).start()
        return self._reservation

    def _run(self, reservation: Future[None]) -> None:
        try:
            block = self._reserve()
        except BaseException as error:
            reservation.set_exception(error)
            return
        with self._lock:
            self._blocks.append(block)
        reservation.set_result(None)

    def _reserve(self) -> _Block:
        """Reserve a block; a server that is being restarted is waited for."""
        now = self._timing.now
        give_up, failures = now() + UNREACHABLE_SECONDS, 0
        while True:
            try:
                return self._reserve_once()
            except PrefectUnavailable:
                failures += 1
                pause = PATIENCE.pause_seconds(failures, None)
                if now() + pause > give_up:
                    raise
                self._timing.sleep(pause)

    def _reserve_once(self) -> _Block:
        while True:
            asked = self._timing.now()
            state = self._limit.read()
            turns = max(1, int(state.slots * BLOCK_SHARE))
            missing = state.reserved + turns - state.slots
            if missing > 0:
                jitter = random.uniform(0, LONGEST_JITTER_SECONDS)
                self._timing.sleep(missing / state.slots_per_second + jitter)
            elif self._limit.reserve(turns):
                return self._block(asked, state, turns)

    def _block(self, asked: float, before: LimitState, turns: int) -> _Block:
        """Return what was reserved, behind the slots that were reserved before.

        Its time began when the server was asked: what has passed of it meanwhile is lost.
        """
        interval = 1 / before.slots_per_second
        start = asked + before.reserved * interval
        passed = max(0, int((self._timing.now() - start) / interval))
        end = start + turns * interval
        return _Block(start, end, turns, max(1, turns - passed), interval)


def prefect_pace(settings: Settings) -> Pace:
    """Return the pace of EveryAction requests of this process, shared with all other runs.

    The limit is made by `python -m blocks apply`, from VAN_REQUESTS_PER_SECOND.
    """
    from prefect.settings import get_current_settings

    return _pace(EVERYACTION, str(get_current_settings().api.url))


@lru_cache(maxsize=4)
def _pace(limit: str, api_url: str) -> SharedPace:
    """Return the pace of a server's limit: the same one for every task of this process."""
    from prefect.client.orchestration import get_client

    client = get_client(sync_client=True).__enter__()
    pace = SharedPace(PrefectLimit(limit, client))
    weakref.finalize(pace, client.__exit__, None, None, None)
    return pace
