"""One attempt at one item: look it up if it may have arrived already, else send it."""

import threading
from dataclasses import dataclass, replace

from utilities.deliveries.lease import Lease, LeaseOver, leased, require_lease
from utilities.deliveries.outcomes import Claim, Settled
from utilities.deliveries.target import Target
from utilities.errors import ApiRefused, OutcomeUnknown

MOST_ATTEMPTS = 3
"""Of sending one item; each one before the last ended without an answer and was looked up."""


@dataclass(frozen=True)
class Job:
    """A claim on its way through the attempts.

    Attributes:
        may_have_arrived: it was sent before, by this run or another, and nobody heard an answer.
        attempts: how often this run has sent it.
    """

    claim: Claim
    may_have_arrived: bool
    attempts: int = 0


@dataclass(frozen=True)
class Unsent:
    """No request was sent: the lease is too short by now, or the work was stopped."""

    job: Job


def begin(claim: Claim) -> Job:
    """Return a claim as a job; what another run let lapse may have arrived."""
    return Job(claim, may_have_arrived=claim.was == "lapsed")


def attempt(target: Target, job: Job, stopped: threading.Event) -> Settled | Job | Unsent:
    """Make one attempt, unless `stopped` is set before its request.

    Returns:
        What became of the item; the job again, to be looked up after a while, when there was no
        answer; or that it was not sent.

    Raises:
        Exception: what `send` and `look` raise beside a refusal; the item was not sent.
    """
    item = job.claim.item
    try:
        with leased(Lease(job.claim.deadline, stopped)):
            # Here too, not only after the wait for a turn: an item that is too late takes none.
            require_lease(target.longest_seconds)
            if job.may_have_arrived and not target.is_repeatable:
                if target.look is None:
                    return _unknown(item, target)
                if target.look(job.claim.row):
                    return Settled(item, "done")
            if job.attempts >= MOST_ATTEMPTS:
                return _unknown(item, target)
            return Settled(item, "done", answer=target.send(job.claim.row))
    except LeaseOver:
        return Unsent(job)
    except ApiRefused as error:
        return Settled(item, "refused", reason=error.reason)
    except OutcomeUnknown:
        return replace(job, may_have_arrived=True, attempts=job.attempts + 1)


def _unknown(item: str, target: Target) -> Settled:
    return Settled(
        item,
        "unknown",
        reason="It was sent, and no answer came: it may have arrived. "
        f"Look at {target.where_to_look}.",
    )
