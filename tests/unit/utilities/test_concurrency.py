"""Limits on how many calls run at once, and on how many begin in a second."""

import asyncio
import threading
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.manual_time import ManualTime
from utilities.concurrency import Places, Timing, Turns, limit_concurrency, limit_rate


@given(
    rate=st.floats(0.1, 500),
    delays=st.lists(st.floats(0, 3), min_size=1, max_size=60),
)
def test_turns_are_never_closer_than_the_rate_allows(rate: float, delays: list[float]) -> None:
    """However unevenly turns are asked for, they lie at least an interval apart, in order."""
    time = ManualTime()
    turns = Turns(rate, time.timing)
    given_out = []
    for delay in delays:
        time.seconds += delay
        given_out.append(time.seconds + turns.reserve())
    gaps = [later - earlier for earlier, later in zip(given_out, given_out[1:])]
    assert all(gap >= 1 / rate * (1 - 1e-9) for gap in gaps)


def test_no_turn_is_lost_while_there_is_demand() -> None:
    """A caller that is always a little late still gets the whole rate."""
    time = ManualTime(seconds=0.0)
    turns = Turns(10, time.timing)
    for _ in range(100):
        turns.wait()
        time.seconds += 0.09
    assert time.seconds == pytest.approx(10, abs=0.1)


def test_turns_of_an_idle_time_are_not_saved_up() -> None:
    """After a pause the first call is at once, and the next ones are not a burst."""
    time = ManualTime()
    turns = Turns(2, time.timing)
    turns.reserve()
    time.seconds += 60
    assert [turns.reserve() for _ in range(3)] == [0.0, 0.5, 1.0]


def test_threads_get_turns_of_their_own() -> None:
    """No turn is given to two threads."""
    time = ManualTime()
    turns = Turns(10, time.timing)
    got: list[float] = []
    threads = [
        threading.Thread(target=lambda: got.extend(turns.reserve() for _ in range(50)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == pytest.approx([number / 10 for number in range(400)])


def test_functions_and_coroutines_share_a_rate() -> None:
    """What one limit decorates counts together, whether it is awaited or called."""
    time = ManualTime()
    limit = limit_rate(4, time.timing)

    @limit
    def plain(number: int) -> float:
        """Say when."""
        return time.now() + number

    @limit
    async def awaited() -> float:
        return time.now()

    start = time.now()
    moments = [plain(0), asyncio.run(awaited()), plain(number=0), asyncio.run(awaited())]
    assert [moment - start for moment in moments] == [0, 0.25, 0.5, 0.75]
    assert (plain.__name__, plain.__doc__) == ("plain", "Say when.")


@pytest.mark.parametrize("rate", [0, -1, float("nan")])
def test_a_rate_has_to_be_above_zero(rate: float) -> None:
    """A limit that would never let anything through, or everything, is refused."""
    with pytest.raises(ValueError, match="above 0"):
        limit_rate(rate)


def test_at_most_so_many_threads_are_inside() -> None:
    """With two places, two threads are inside at once: never three, and not always one."""
    together = threading.Barrier(2)
    inside: list[int] = []
    counts: list[int] = []
    lock = threading.Lock()

    @limit_concurrency(2)
    def work() -> None:
        with lock:
            inside.append(1)
            counts.append(len(inside))
        together.wait(timeout=10)
        with lock:
            inside.pop()

    threads = [threading.Thread(target=work) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert max(counts) == 2
    assert len(counts) == 10


def test_at_most_so_many_coroutines_are_inside() -> None:
    """The same for coroutines, which leave the loop free while they wait."""
    counts: list[int] = []
    inside: list[int] = []

    @limit_concurrency(3)
    async def work(number: int) -> int:
        inside.append(number)
        counts.append(len(inside))
        await asyncio.sleep(0)
        inside.remove(number)
        return number

    async def everything() -> list[int]:
        return await asyncio.gather(*(work(number) for number in range(20)))

    assert asyncio.run(everything()) == list(range(20))
    assert max(counts) == 3


def test_a_place_is_given_back_after_an_error() -> None:
    """A call that fails does not keep its place."""

    @limit_concurrency(1)
    def fail() -> None:
        raise LookupError("mine")

    for _ in range(3):
        with pytest.raises(LookupError, match="mine"):
            fail()


def test_who_waits_longest_is_next() -> None:
    """Places are handed on in the order of asking."""
    places = Places(1)
    places.take()
    waiting = [places.take() for _ in range(3)]
    for number in range(3):
        places.give_back()
        assert [place.done() for place in waiting] == [index <= number for index in range(3)]


def test_a_cancelled_wait_takes_no_place() -> None:
    """A coroutine that is cancelled while it waits is passed over."""

    async def scenario() -> None:
        places = Places(1)
        await places.take_async()
        first = asyncio.create_task(places.take_async())
        second = asyncio.create_task(places.take_async())
        await asyncio.sleep(0)
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        places.give_back()
        await asyncio.wait_for(second, 10)

    asyncio.run(scenario())


def test_a_place_is_not_lost_when_it_comes_too_late() -> None:
    """A coroutine that is cancelled just when its place comes hands it on."""

    async def scenario() -> None:
        places = Places(1)
        await places.take_async()
        waiting = asyncio.create_task(places.take_async())
        await asyncio.sleep(0)
        places.give_back()
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        await asyncio.wait_for(places.take_async(), 10)

    asyncio.run(scenario())


@pytest.mark.parametrize("decorate", [limit_rate(1, Timing()), limit_concurrency(1)])
def test_generators_are_refused(decorate: Callable[..., object]) -> None:
    """A generator does its work after the call, where no limit would hold."""

    def numbers() -> Iterator[int]:
        yield 1

    with pytest.raises(TypeError, match="numbers is a generator"):
        decorate(numbers)


def test_no_worker_at_all_is_refused() -> None:
    """A limit of none would wait for ever."""
    with pytest.raises(ValueError, match="at least 1"):
        limit_concurrency(0)
