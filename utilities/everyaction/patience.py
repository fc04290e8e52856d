"""How long to wait, how often to ask, and what Retry-After means."""

import random
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


@dataclass(frozen=True)
class Patience:
    """What one request may take before it counts as failed.

    Attributes:
        attempts: requests in all, with growing, uneven pauses between them.
        total_seconds: no attempt begins later than this after the first.
        first_pause_seconds: the longest first pause; each further one may be twice as long.
        longest_pause_seconds: no pause is longer, unless the server asks for it.
        connect_seconds, read_seconds: for a connection, and for the next bytes of an answer.
        now, sleep: the clock, and the way to let time pass.
        today: the time of day, for a Retry-After that names one.
    """

    attempts: int = 8
    total_seconds: float = 300.0
    first_pause_seconds: float = 1.0
    longest_pause_seconds: float = 60.0
    connect_seconds: float = 10.0
    read_seconds: float = 60.0
    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    today: Callable[[], datetime] = lambda: datetime.now(UTC)

    def pause_seconds(self, failures: int, retry_after: str | None) -> float:
        """Return how long to wait after so many failures.

        Args:
            failures: of this request so far, at least 1.
            retry_after: what the server asked for, as its header says it; it is the least.
        """
        doubled: float = self.first_pause_seconds * 2 ** (failures - 1)
        longest = min(self.longest_pause_seconds, doubled)
        asked = self._asked_seconds(retry_after)
        # Uneven, so that those who were refused together do not come back together.
        if asked is None:
            return longest * random.uniform(0.5, 1.0)
        return asked + min(longest, 1.0) * random.uniform(0.0, 0.5)

    def _asked_seconds(self, retry_after: str | None) -> float | None:
        """Read a Retry-After header: seconds, or a date in HTTP's form.

        https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
        """
        if retry_after is None:
            return None
        if re.fullmatch(r"-?\d+(\.\d+)?", retry_after.strip()):
            return max(0.0, float(retry_after))
        try:
            moment = parsedate_to_datetime(retry_after)
        except ValueError:
            return None
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return max(0.0, (moment - self.today()).total_seconds())
