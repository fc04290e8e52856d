"""Bound how many calls run at once, and how many begin in a second, of any function or coroutine.

Both are decorators. The object that `limit_rate(5)` returns can decorate several functions, plain
ones and coroutines alike: they share its limit, which holds within one process.
"""

import asyncio
import inspect
import time
from collections import deque
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from dataclasses import dataclass
from functools import wraps
from threading import Lock
from typing import Any, ParamSpec, TypeVar, cast

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class Timing:
    """The clock that limits go by, in seconds, and the ways to let time pass."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    sleep_async: Callable[[float], Awaitable[None]] = asyncio.sleep


class Turns:
    """Moments that lie evenly spaced, each given out once, in the order of asking.

    Evenly: a burst of five in the first tenth of a second is refused by a server that allows five
    a second and counts its seconds from another moment.
    """

    def __init__(self, per_second: float, timing: Timing = Timing()) -> None:
        """Begin with a turn that is due at once.

        Args:
            per_second: turns in a second, above 0.
            timing: the clock.
        """
        if not per_second > 0:
            raise ValueError(f"per_second is {per_second!r}; expected a number above 0")
        self._interval_seconds = 1 / per_second
        self._timing = timing
        self._next = timing.now()
        self._lock = Lock()

    def reserve(self) -> float:
        """Take the next turn and return how many seconds away it is."""
        with self._lock:
            now = self._timing.now()
            turn = max(self._next, now)
            self._next = turn + self._interval_seconds
        return turn - now

    def wait(self) -> None:
        """Take the next turn and return when it has come."""
        seconds = self.reserve()
        if seconds > 0:
            self._timing.sleep(seconds)


class Places:
    """A number of places, taken and given back; who waits longest is next."""

    def __init__(self, number: int) -> None:
        """Begin with every place free.

        Args:
            number: places in all, at least 1.
        """
        if number < 1:
            raise ValueError(f"the number of workers is {number!r}; expected at least 1")
        self._free = number
        self._waiting: deque[Future[None]] = deque()
        self._lock = Lock()

    def take(self) -> Future[None]:
        """Return a future that is done when a place is ours; cancelled, it is nobody's."""
        place: Future[None] = Future()
        with self._lock:
            if self._free:
                self._free -= 1
                place.set_result(None)
            else:
                self._waiting.append(place)
        return place

    def give_back(self) -> None:
        """Hand our place to the one who waits longest and still wants it."""
        with self._lock:
            while self._waiting:
                place = self._waiting.popleft()
                if place.set_running_or_notify_cancel():
                    place.set_result(None)
                    return
            self._free += 1

    async def take_async(self) -> None:
        """Return when a place is ours; the loop is free meanwhile."""
        place = self.take()
        try:
            await asyncio.wrap_future(place)
        except asyncio.CancelledError:
            # Cancelled after the place had become ours, but before we were told.
            if not place.cancel():
                self.give_back()
            raise


def limit_rate(
    per_second: float, timing: Timing = Timing()
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Return a decorator: calls of all that it decorates begin evenly spaced.

    Args:
        per_second: calls that may begin in a second, of all decorated functions together.
        timing: the clock.
    """
    turns = Turns(per_second, timing)

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        if not _is_coroutine(function):

            @wraps(function)
            def in_turn(*args: P.args, **kwargs: P.kwargs) -> R:
                turns.wait()
                return function(*args, **kwargs)

            return in_turn

        @wraps(function)
        async def in_turn_async(*args: P.args, **kwargs: P.kwargs) -> Any:
            await timing.sleep_async(turns.reserve())
            return await cast(Awaitable[Any], function(*args, **kwargs))

        return cast(Callable[P, R], in_turn_async)

    return decorate


def limit_concurrency(max_workers: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Return a decorator: of all that it decorates, at most `max_workers` calls run at once."""
    places = Places(max_workers)

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        if not _is_coroutine(function):

            @wraps(function)
            def in_place(*args: P.args, **kwargs: P.kwargs) -> R:
                places.take().result()
                try:
                    return function(*args, **kwargs)
                finally:
                    places.give_back()

            return in_place

        @wraps(function)
        async def in_place_async(*args: P.args, **kwargs: P.kwargs) -> Any:
            await places.take_async()
            try:
                return await cast(Awaitable[Any], function(*args, **kwargs))
            finally:
                places.give_back()

        return cast(Callable[P, R], in_place_async)

    return decorate


def _is_coroutine(function: Callable[..., Any]) -> bool:
    """Tell coroutine functions from plain ones; generators run outside of any call."""
    if inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
        raise TypeError(
            f"{function.__qualname__} is a generator, whose work happens after the call: decorate "
            "the function that it calls for each item."
        )
    return inspect.iscoroutinefunction(function)
