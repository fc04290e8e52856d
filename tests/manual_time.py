"""A clock that goes on only when somebody sleeps, so that no test has to wait."""

import threading
from dataclasses import dataclass, field

from utilities.concurrency import Timing


@dataclass
class ManualTime:
    """Seconds that pass in `sleep` alone.

    Attributes:
        seconds: now.
        slept: every pause, in order.
    """

    seconds: float = 1000.0
    slept: list[float] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def now(self) -> float:
        """Return the time."""
        return self.seconds

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        with self._lock:
            self.slept.append(seconds)
            self.seconds += seconds

    async def sleep_async(self, seconds: float) -> None:
        """Let time pass."""
        self.sleep(seconds)

    @property
    def timing(self) -> Timing:
        """This clock for `utilities.concurrency`."""
        return Timing(self.now, self.sleep, self.sleep_async)
