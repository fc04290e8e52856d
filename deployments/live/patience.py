"""How long to wait for Prefect's server, and how often to ask again."""

import random
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


@dataclass(frozen=True)
class Patience:
    """What one request may take before the server counts as away.

    Attributes:
        attempts: requests in all.
        first_pause_seconds: before the second; each further one is twice as long.
        longest_pause_seconds: no pause is longer; a server that asks for more has refused.
        connect_seconds, read_seconds: for a connection, and for the next bytes of an answer.
        sleep: the way to let time pass.
        today: the time of day, for a Retry-After that names one.
    """

    attempts: int = 6
    first_pause_seconds: float = 0.25
    longest_pause_seconds: float = 60.0
    connect_seconds: float = 10.0
    read_seconds: float = 60.0
    sleep: Callable[[float], None] = time.sleep
    today: Callable[[], datetime] = lambda: datetime.now(UTC)

    def pause_seconds(self, failures: int, retry_after: str | None) -> float | None:
        """Return how long to wait; None when it is time to give up.

        Args:
            failures: of this request so far, at least 1.
            retry_after: what the server asked for, as its header says it; it is the least.
        """
        if failures >= self.attempts:
            return None
        asked = self._asked_seconds(retry_after)
        if asked is not None and asked > self.longest_pause_seconds:
            return None
        # Uneven, so that requests that failed together do not come back together.
        grown: float = self.first_pause_seconds * 2 ** (failures - 1) * random.uniform(0.75, 1.25)
        return max(min(grown, self.longest_pause_seconds), asked or 0.0)

    def _asked_seconds(self, retry_after: str | None) -> float | None:
        """Read seconds or a date: https://www.rfc-editor.org/rfc/rfc9110#field.retry-after"""
        if retry_after is None:
            return None
        if re.fullmatch(r"\d+(\.\d+)?", retry_after.strip()):
            return float(retry_after)
        try:
            moment = parsedate_to_datetime(retry_after)
        except ValueError:
            return None
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return max(0.0, (moment - self.today()).total_seconds())
