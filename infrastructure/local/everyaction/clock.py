"""The server's time in milliseconds: shifted when ordered, and never running backwards."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

CONTEXT_ZONE = "America/New_York"
"""Times without an offset mean the zone of the context; this one has EveryAction's default."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECOND_MS = 1_000
DAY_MS = 86_400_000


class Clock:
    """Tells the time of changes and of exports, so that each change lies in one window.

    An export's end is later than every change before it and not later than any after it, also
    when they happen within one millisecond.
    """

    def __init__(self, wall: Callable[[], float] = time.time) -> None:
        self._wall = wall
        self._last_ms = 0
        self.offset_seconds = 0.0

    def shift(self, offset_seconds: float) -> None:
        """Set the difference to the machine's own time."""
        self.offset_seconds = offset_seconds
        self._last_ms = 0

    def now(self) -> int:
        """Return the time in milliseconds since 1970, never less than before."""
        real = int((self._wall() + self.offset_seconds) * SECOND_MS)
        self._last_ms = max(real, self._last_ms)
        return self._last_ms

    def cut(self) -> int:
        """Return a time after everything that has happened, and before all that will."""
        self._last_ms = self.now() + 1
        return self._last_ms


def iso(milliseconds: int) -> str:
    """Write a time as ISO 8601 in UTC, to the millisecond."""
    seconds, rest = divmod(milliseconds, SECOND_MS)
    year, month, day, hour, minute, second, *_ = time.gmtime(seconds)
    return f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{rest:03}Z"


def milliseconds_of(text: str) -> int:
    """Read a time or date in ISO 8601; without an offset it is the context's.

    Raises:
        ValueError: it is neither.
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo(CONTEXT_ZONE))
    return (moment - EPOCH) // timedelta(milliseconds=1)
