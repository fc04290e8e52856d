"""The main thread of one delivery: claims, hands over, writes down, waits."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from utilities.deliveries.blocks import Blocks
from utilities.deliveries.options import DeliveryOptions
from utilities.deliveries.outcomes import Counts, Settled
from utilities.deliveries.sender import Sender
from utilities.deliveries.session import InHand, Session
from utilities.deliveries.target import Target
from utilities.errors import ApiUnavailable, FlowError

TICK_SECONDS = 0.5
"""How often progress is told."""

MOST_FUTILE = 5
"""Leases in a row in which nothing could be sent."""

LONGEST_POLL_SECONDS = 2.0
"""How often a run that waits for others looks at what they have done."""

Progress = Callable[[int, int], None]
Say = Callable[[str], None]


class Run:
    """The main thread's part of one delivery.

    Attributes:
        done: items that this run has sent and written down.
    """

    def __init__(
        self,
        session: Session,
        target: Target,
        options: DeliveryOptions,
        before: Counts,
        progress: Progress,
        say: Say,
    ) -> None:
        self.done = 0
        self._channel = session.channel
        self._session = session
        self._options = options
        self._counts = before
        self._progress = progress
        self._say = say
        self._sender = Sender(target, options.workers, options.settle_seconds)
        # No more than can be begun within the lease, and to spare.
        spare_seconds = (options.lease_seconds - target.longest_seconds) / 2
        self._blocks = Blocks(min(options.block_seconds, spare_seconds))
        self._unwritten: list[Settled] = []
        self._uncertain: set[str] = set()
        self._futile: set[float] = set()
        self._is_drained = False
        """The last claim found fewer open items than it wanted."""

    def work(self) -> None:
        """Claim and send until nothing is open and no other run has anything claimed."""
        with self._ending_well():
            self._sender.start()
            while True:
                has_work = self._take_turn()
                if not has_work and not self._others_may_leave():
                    break
                self._wait_for_room()
        self._progress(self._counts.settled, self._counts.wanted)

    @contextmanager
    def _ending_well(self) -> Iterator[None]:
        """Write what is known when the block ends early, first without waiting for anything."""
        try:
            yield
        except BaseException:
            self._sender.stop()
            try:
                self._sender.dismiss_waiting()
                self._hand_over()
                self._sender.join()
                # What was under way and failed meanwhile.
                self._sender.dismiss_waiting()
                self._hand_over()
            except FlowError as error:
                self._say(
                    f"what was sent last could not be written down, and the next run will look it "
                    f"up: {error}"
                )
            raise
        finally:
            self._sender.stop()

    def _take_turn(self) -> bool:
        """Write outcomes, and claim a block when there is room for it; return whether anything is
        left to be done by this run."""
        in_hand = self._sender.count()
        unsent = self._collect()
        if unsent:
            self._note_futile(unsent)
            self._hand_over()
            return True
        has_room = in_hand < self._blocks.size // 2 and not self._is_drained
        most = self._blocks.size if has_room or not in_hand else 0
        settled = len(self._unwritten)
        if not most and not settled:
            return True
        claims = self._session.exchange(
            self._unwritten, most, self._options.lease_seconds, self._sender.in_hand()
        )
        self._sender.add(claims)
        self._note_written()
        if most:
            self._is_drained = len(claims) < most
        self._blocks.measure(settled, time.monotonic())
        self._counts = self._session.counts()
        return bool(in_hand or claims)

    def _wait_for_room(self) -> None:
        """Let the threads work until another block is due, or outcomes are worth writing.

        Raises:
            FlowError: what stopped the threads.
        """
        fewer_than = 1 if self._is_drained else max(self._blocks.size // 2, 1)
        until = time.monotonic() + self._options.block_seconds
        while not self._sender.wait(fewer_than, TICK_SECONDS) and time.monotonic() < until:
            settled = self._counts.settled + self._sender.settled_count()
            self._progress(min(settled, self._counts.wanted), self._counts.wanted)
        if self._sender.failure is not None:
            raise self._sender.failure

    def _others_may_leave(self) -> bool:
        """Wait while all that is left is claimed by other runs; return whether something is open
        again. They get as long as the patience says, from the last item that they finished."""
        patience_seconds = self._options.patience_seconds
        poll_seconds = min(LONGEST_POLL_SECONDS, self._options.lease_seconds / 10)
        held: int | None = None
        until = 0.0
        while True:
            counts = self._counts = self._session.counts()
            if counts.open:
                return True
            if not counts.held:
                return False
            self._progress(counts.settled, counts.wanted)
            if held is None:
                self._say(
                    f"{counts.held} items are claimed by other runs: waiting for them, or until "
                    f"their leases are over, for up to {patience_seconds:g} s."
                )
            if counts.held != held:
                held, until = counts.held, time.monotonic() + patience_seconds
            if time.monotonic() >= until:
                self._say(f"{counts.held} items are still claimed by other runs: left to them.")
                return False
            time.sleep(poll_seconds)

    def _collect(self) -> set[float]:
        """Take over what became of items; return the leases of those that were not sent."""
        collected = self._sender.collect()
        self._unwritten += collected.settled
        self._uncertain |= collected.uncertain
        return collected.leases

    def _hand_over(self) -> None:
        """Write outcomes, and give back what is claimed and no longer in hand."""
        self._collect()
        hand = self._sender.in_hand()
        hand = InHand(items=hand.items, sent={*hand.sent, *self._uncertain})
        self._session.let_go(self._unwritten, hand)
        self._note_written()

    def _note_futile(self, leases: set[float]) -> None:
        """Take note of leases in which items were not sent, while nothing else was settled.

        Raises:
            ApiUnavailable: it does not look as if that would end.
        """
        self._futile = set() if self._unwritten else self._futile | leases
        if len(self._futile) >= MOST_FUTILE:
            raise ApiUnavailable(
                f"{self._channel}: {len(self._futile)} times in a row nothing could be sent within "
                f"a lease of {self._options.lease_seconds} s. Run again later, with a longer lease."
            )

    def _note_written(self) -> None:
        self.done += sum(settled.state == "done" for settled in self._unwritten)
        self._unwritten = []
        self._uncertain = set()
