"""Turns from a limit that several processes share."""

import threading
from dataclasses import dataclass, field

import pytest

from tests.manual_time import ManualTime
from utilities.errors import LimitMissing, PrefectUnavailable
from utilities.tasks.pace import FORGET_SECONDS, SharedPace
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
        is_asked_again: somebody waits.
        end: lets them go.
    """

    is_asked_again: threading.Event = field(default_factory=threading.Event)
    end: threading.Event = field(default_factory=threading.Event)

    def read(self) -> LimitState:
        """Return the limit as it is now."""
        if self._reserved:
            self.is_asked_again.set()
            self.end.wait(10)
        return super().read()


def take(pace: SharedPace) -> float:
    """Take a turn and return how far away it is; reserving ahead has ended by then."""
    seconds = pace._take()
    for thread in threading.enumerate():
        if thread.name == "pace":
            thread.join(10)
    return seconds


def test_turns_of_a_block_are_evenly_spaced() -> None:
    """The first turn is at once, the others follow at the limit's own rate."""
    time = ManualTime()
    limit = OneBlock(time)
    pace = SharedPace(limit, time.timing)
    turns = [pace._take() for _ in range(16)]
    limit.end.set()
    assert turns == pytest.approx([number / 19 for number in range(16)])


def test_the_next_block_is_reserved_while_this_one_is_spent() -> None:
    """The first turn of a block already asks for the next one."""
    time = ManualTime()
    limit = OneBlock(time)
    SharedPace(limit, time.timing)._take()
    assert limit.is_asked_again.wait(10)
    limit.end.set()


def test_a_block_begins_behind_those_of_others() -> None:
    """Slots that somebody else has reserved a moment before come first."""
    time = ManualTime()
    limit = ServerLimit(time)
    limit.reserve(3)
    assert take(SharedPace(limit, time.timing)) == pytest.approx(3 / 19)


def test_turns_that_nobody_wanted_are_given_up() -> None:
    """After an idle time, what was left of a block is not sent as a burst beside others' blocks."""
    time = ManualTime()
    limit = ServerLimit(time)
    pace = SharedPace(limit, time.timing)
    take(pace)
    time.seconds += 2 * FORGET_SECONDS
    before = limit._changed
    take(pace)
    assert limit._changed > before


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
