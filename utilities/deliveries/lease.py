"""The end of a lease, known to whatever sends a request in its name."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


class LeaseOver(Exception):
    """A request might still be under way when another run may take the item over, or the work was
    stopped; it was not sent."""


@dataclass(frozen=True)
class Lease:
    """For how long an item may be worked on.

    Attributes:
        deadline: by time.monotonic() of this process.
        stopped: set when nothing more is to be begun, whatever time is left.
    """

    deadline: float
    stopped: threading.Event


_lease: ContextVar[Lease | None] = ContextVar("lease", default=None)


@contextmanager
def leased(lease: Lease) -> Iterator[None]:
    """Let `require_lease` know the lease within the block, in this thread."""
    token = _lease.set(lease)
    try:
        yield
    finally:
        _lease.reset(token)


def require_lease(longest_seconds: float) -> None:
    """Return when a request of at most this length ends within the lease; outside of one, always.

    To be called right before each request, after all waiting for a turn.

    Raises:
        LeaseOver: it might not. The request is not to be sent.
    """
    lease = _lease.get()
    if lease is None:
        return
    if lease.stopped.is_set() or time.monotonic() + longest_seconds >= lease.deadline:
        raise LeaseOver
