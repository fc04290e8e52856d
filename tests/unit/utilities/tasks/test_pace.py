"""Turns from a limit that several processes share."""

import threading
from dataclasses import dataclass, field

import pytest

from tests.manual_time import ManualTime
from utilities.concurrency import Timing
from utilities.errors import LimitMissing, PrefectUnavailable
from utilities.tasks.pace import CATCH_UP_SECONDS, SharedPace
from utilities.tasks.prefect_limits import LimitState


@dataclass
class ServerLimit:
    """A limit that decays as Prefect's server lets it: whole slots, from the last change on.

    Attributes:
        time: the clock.
        slots, slots_per_second: of the limit.
        refusals: how often there was no room.
        troubles: raised by the next reads.
    """

    time: ManualTime
    slots: int = 20
    slots_per_second: float = 19.0
    refusals: int = 0
    troubles: list[Exception] = field(default_factory=list)
    _reserved: int = 0
    _changed: float = 0.0

    def read(self) -> LimitState:
        """Return the limit as it is now."""
        if self.troubles:
            raise self.troubles.pop(0)
        return LimitState(self.slots, self._decayed(), self.slots_per_second)

    def reserve(self, slots: int) -> bool:
        """Reserve slots; a refusal starts the decay anew."""
        left = self._decayed()
        has_room = left + slots <= self.slots
        if has_room:
            self._reserved = left + slots
        else:
            self.refusals += 1
        self._changed = self.time.now()
        return has_room

    def _decayed(self) -> int:
        gone = int(self.slots_per_second * (self.time.now() - self._changed))
        return max(0, self._reserved - gone)


@dataclass
class OneBlock(ServerLimit):
    """A limit that gives one block; who asks for another waits until the test ends.

    Attributes:
        answer_seconds: how long it takes to answer.
        is_asked_again: somebody waits.
        end: lets them go.
    """

    answer_seconds: float = 0.0
    is_asked_again: threading.Event = field(default_factory=threading.Event)
    end: threading.Event = field(default_factory=threading.Event)

    def read(self) -> LimitState:
        """Return the limit as it is now."""
        if self._reserved:
            self.is_asked_again.set()
            self.end.wait(10)
        self.time.seconds += self.answer_seconds
        return super().read()


def take(pace: SharedPace, time: ManualTime) -> float:
    """Take a turn and return how far away it was; reserving ahead has ended by then."""
    before = time.now()
    pace()
    for thread in threading.enumerate():
        if thread.name == "pace":
            thread.join(10)
    return time.now() - before


def test_turns_of_a_block_are_evenly_spaced() -> None:
    """The first turn is at once, the others follow at the limit's own rate."""
    time = ManualTime()
    limit = OneBlock(time)
    pace = SharedPace(limit, time.timing)
    moments = []
    for _ in range(16):
        pace()
        moments.append(time.now() - 1000)
    limit.end.set()
    assert moments == pytest.approx([number / 19 for number in range(16)])


def test_the_next_block_is_reserved_while_this_one_is_spent() -> None:
    """Half of a block is spent when the next one is asked for, and not before."""
    time = ManualTime()
    limit = OneBlock(time)
    pace = SharedPace(limit, time.timing)
    for _ in range(7):
        pace()
    assert not [thread for thread in threading.enumerate() if thread.name == "pace"]
    pace()
    assert limit.is_asked_again.wait(10)
    limit.end.set()


def test_a_block_begins_behind_those_of_others() -> None:
    """Slots that somebody else has reserved a moment before come first."""
    time = ManualTime()
    limit = ServerLimit(time)
    limit.reserve(3)
    assert take(SharedPace(limit, time.timing), time) == pytest.approx(3 / 19)


def test_turns_that_nobody_wanted_are_given_up() -> None:
    """After an idle time, what was left of a block is not sent as a burst beside others' blocks."""
    time = ManualTime()
    limit = ServerLimit(time)
    pace = SharedPace(limit, time.timing)
    take(pace, time)
    time.seconds += 4
    before = limit._changed
    take(pace, time)
    assert limit._changed > before


def test_a_delay_is_not_made_up_for_by_a_burst() -> None:
    """After a thread was stopped for a while, turns go on at the limit's rate."""
    time = ManualTime()
    limit = OneBlock(time)

    def oversleep(seconds: float) -> None:
        time.sleep(seconds + 0.3 * (len(time.slept) == 2))

    pace = SharedPace(limit, Timing(time.now, oversleep))
    moments = []
    for _ in range(8):
        pace()
        moments.append(time.now())
    limit.end.set()
    gaps = [later - earlier for earlier, later in zip(moments, moments[1:])]
    assert min(gaps) >= 1 / 19 - CATCH_UP_SECONDS - 1e-9
    assert sum(gaps) >= 7 / 19 + 0.3 - CATCH_UP_SECONDS - 1e-9


def test_turns_whose_time_is_over_are_given_up() -> None:
    """A stretch of time that has passed is somebody else's by now: another one is reserved."""
    time = ManualTime()
    limit = ServerLimit(time)
    pace = SharedPace(limit, time.timing)
    for _ in range(3):
        take(pace, time)
    time.seconds += 1
    before = limit._changed
    take(pace, time)
    assert limit._changed > before


def test_slow_work_stays_within_its_time() -> None:
    """Who sends one request after the other, each slow, sends none in time that is not reserved."""
    time = ManualTime()
    limit = ServerLimit(time)
    pace = SharedPace(limit, time.timing)
    for _ in range(16):
        take(pace, time)
        block = pace._blocks[0]
        assert time.now() <= block.end + 2 * block.interval_seconds
        time.seconds += 0.2


def test_time_that_reserving_took_is_not_sent_in() -> None:
    """A block whose answer came late has fewer turns, since its time has begun long ago."""
    time = ManualTime()
    limit = OneBlock(time, answer_seconds=0.5)
    pace = SharedPace(limit, time.timing)
    pace()
    assert pace._blocks[0].turns == 16 - 9 - 1
    limit.end.set()


@pytest.mark.parametrize("error", [LimitMissing("no limit"), ValueError("a fault")])
def test_an_error_reaches_everybody_who_waits(error: Exception) -> None:
    """Nothing is sent without a limit, and nobody waits for ever."""
    time = ManualTime()
    limit = ServerLimit(time, troubles=[error] * 3)
    pace = SharedPace(limit, time.timing)
    for _ in range(3):
        with pytest.raises(type(error), match=str(error)):
            pace()
    pace()


def test_a_server_that_is_restarted_is_waited_for() -> None:
    """For a while, with growing pauses; nothing is sent meanwhile."""
    time = ManualTime()
    limit = ServerLimit(time, troubles=[PrefectUnavailable("away")] * 4)
    SharedPace(limit, time.timing)()
    assert 4 < time.now() - 1000 < 20


def test_a_server_that_stays_away_is_an_error() -> None:
    """After a minute the error says so."""
    time = ManualTime()
    limit = ServerLimit(time, troubles=[PrefectUnavailable("away")] * 100)
    with pytest.raises(PrefectUnavailable, match="away"):
        SharedPace(limit, time.timing)()
    assert 40 < time.now() - 1000 <= 60
