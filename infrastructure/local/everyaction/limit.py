"""How many requests are let in: at most so many in any second."""

import time
from collections import deque
from collections.abc import Callable

WINDOW_SECONDS = 1.0


class Limit:
    """A sliding window of one second over the requests that were let in."""

    def __init__(self, per_second: float | None, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._admitted: deque[float] = deque()
        self.per_second = per_second

    def change(self, per_second: float | None) -> None:
        """Let in so many from now on; None: all."""
        self.per_second = per_second
        self._admitted.clear()

    def admits(self) -> bool:
        """Whether one more request fits; it is counted when it does."""
        if self.per_second is None:
            return True
        now = self._now()
        while self._admitted and self._admitted[0] <= now - WINDOW_SECONDS:
            self._admitted.popleft()
        if len(self._admitted) >= self.per_second:
            return False
        self._admitted.append(now)
        return True
