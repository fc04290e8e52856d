"""A few threads that send what the main thread claims, and collect what became of it."""

import threading
import time
from collections import deque
from dataclasses import dataclass, replace

from utilities.deliveries.attempt import Job, Unsent, attempt, begin
from utilities.deliveries.outcomes import Claim, Settled
from utilities.deliveries.session import InHand
from utilities.deliveries.target import Target
from utilities.errors import FlowError


@dataclass(frozen=True)
class Collected:
    """What threads have finished with.

    Attributes:
        leases: deadlines of the items that are to be given back, because their lease was too short
            or the work was stopped.
        uncertain: those items that may have arrived.
    """

    settled: list[Settled]
    leases: set[float]
    uncertain: set[str]


class Sender:
    """Works on jobs until it is stopped, or until an error other than a refusal.

    Attributes:
        failure: the error that stopped it; items that it had not reached stay waiting.
    """

    def __init__(self, target: Target, workers: int, settle_seconds: float) -> None:
        self.failure: BaseException | None = None
        self._target = target
        self._settle_seconds = settle_seconds
        self._changed = threading.Condition()
        self._waiting: deque[Job] = deque()
        self._settling: deque[tuple[float, Job]] = deque()
        self._under_way: dict[str, Job] = {}
        self._settled: list[Settled] = []
        self._unsent: list[Job] = []
        self._stopped = threading.Event()
        self._threads = [
            threading.Thread(target=self._work, name=f"sender {number}", daemon=True)
            for number in range(workers)
        ]

    def start(self) -> None:
        """Start the threads."""
        for thread in self._threads:
            thread.start()

    def add(self, claims: list[Claim]) -> None:
        """Hand over claimed items."""
        with self._changed:
            self._waiting.extend(map(begin, claims))
            self._changed.notify_all()

    def stop(self) -> None:
        """Begin nothing more; what is under way goes on to its end."""
        with self._changed:
            self._stopped.set()
            self._changed.notify_all()

    def join(self) -> None:
        """Wait for what is under way; the client's time limits bound that."""
        for thread in self._threads:
            if thread.ident is not None:
                thread.join()

    def wait(self, fewer_than: int, limit_seconds: float) -> bool:
        """Wait until fewer items are in hand than so many, or a failure, or the time is over;
        return whether it was one of the first two."""
        with self._changed:
            return self._changed.wait_for(
                lambda: self.failure is not None or self._count() < fewer_than, limit_seconds
            )

    def count(self) -> int:
        """Return how many items wait, settle or are under way."""
        with self._changed:
            return self._count()

    def collect(self) -> Collected:
        """Return what became of items since the last call; they are no longer in hand."""
        with self._changed:
            settled, unsent = self._settled, self._unsent
            self._settled, self._unsent = [], []
        uncertain = {job.claim.item for job in unsent if job.may_have_arrived}
        for job in unsent:
            if job.claim.was == "refused" and not job.may_have_arrived:
                settled.append(Settled(job.claim.item, "refused", reason=job.claim.reason))
        return Collected(settled, {job.claim.deadline for job in unsent}, uncertain)

    def dismiss_waiting(self) -> None:
        """Let go what is not under way. After `stop`."""
        with self._changed:
            self._unsent += [*self._waiting, *(job for _, job in self._settling)]
            self._waiting.clear()
            self._settling.clear()

    def in_hand(self) -> InHand:
        """Return which items are here, and which of them may have arrived. What is finished and
        was not collected is here too: nobody else knows of it."""
        with self._changed:
            settling = {job.claim.item for _, job in self._settling}
            finished = {settled.item for settled in self._settled}
            waiting = {job.claim.item for job in (*self._waiting, *self._unsent)}
            under_way = set(self._under_way)
            return InHand(
                items=waiting | settling | finished | under_way,
                sent=settling | finished | under_way,
            )

    def settled_count(self) -> int:
        """Return how many items were settled since the last `collect`."""
        with self._changed:
            return len(self._settled)

    def _count(self) -> int:
        return len(self._waiting) + len(self._settling) + len(self._under_way)

    def _work(self) -> None:
        while (job := self._take()) is not None:
            try:
                found = attempt(self._target, job, self._stopped)
            except BaseException as error:
                self._fail(job, error)
                return
            self._put(job, found)

    def _take(self) -> Job | None:
        with self._changed:
            while not self._stopped.is_set():
                pause_seconds = None
                if self._settling:
                    pause_seconds = self._settling[0][0] - time.monotonic()
                    if pause_seconds <= 0:
                        return self._begin(self._settling.popleft()[1])
                if self._waiting:
                    return self._begin(self._waiting.popleft())
                self._changed.wait(pause_seconds)
            return None

    def _begin(self, job: Job) -> Job:
        self._under_way[job.claim.item] = job
        return job

    def _put(self, job: Job, found: Settled | Job | Unsent) -> None:
        with self._changed:
            del self._under_way[job.claim.item]
            if isinstance(found, Settled):
                self._settled.append(found)
            elif isinstance(found, Unsent):
                self._unsent.append(found.job)
            else:
                self._settling.append((time.monotonic() + self._settle_seconds, found))
            self._changed.notify_all()

    def _fail(self, job: Job, error: BaseException) -> None:
        """Keep the error, and the item: it was not sent, or for an error of no kind that `send` may
        raise, nobody knows."""
        if not isinstance(error, FlowError):
            job = replace(job, may_have_arrived=True)
        with self._changed:
            del self._under_way[job.claim.item]
            self._waiting.appendleft(job)
            self.failure = self.failure or error
            self._stopped.set()
            self._changed.notify_all()
