"""What one attempt makes of what the other system says."""

import threading
import time
from typing import Any

import pytest

from utilities.deliveries.attempt import MOST_ATTEMPTS, Job, Unsent, attempt, begin
from utilities.deliveries.lease import require_lease
from utilities.deliveries.outcomes import Claim, Settled, Was
from utilities.deliveries.target import Target
from utilities.errors import AccessDenied, ApiRefused, OutcomeUnknown


def claim(was: Was = "new", seconds: float = 60.0) -> Claim:
    """An item that is this run's for a while."""
    return Claim("1/2", {"van_id": 1}, was, time.monotonic() + seconds)


class Other:
    """Another system: it answers what it is told to, and remembers what it was asked."""

    def __init__(self, *answers: Any, has: bool = False) -> None:
        self.answers = list(answers)
        self.has = has
        self.asked: list[str] = []

    def send(self, row: Any) -> str | None:
        """Answer with the next answer, or raise it."""
        require_lease(10.0)
        self.asked.append("send")
        answer: str | Exception | None = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def look(self, row: Any) -> bool:
        """Say whether it has the item."""
        self.asked.append("look")
        return self.has

    def target(self, *, can_look: bool = True, is_repeatable: bool = False) -> Target:
        """This system as a delivery knows it."""
        look = self.look if can_look else None
        return Target(self.send, look, "the list", is_repeatable=is_repeatable)


def test_a_new_item_is_sent_without_a_look() -> None:
    """One request an item; the answer is kept."""
    other = Other("77")
    found = attempt(other.target(), begin(claim()), threading.Event())
    assert found == Settled("1/2", "done", answer="77")
    assert other.asked == ["send"]


@pytest.mark.parametrize(("has", "asked"), [(True, ["look"]), (False, ["look", "send"])])
def test_a_lapsed_item_is_looked_up_first(has: bool, asked: list[str]) -> None:
    """It is sent only when it has not arrived."""
    other = Other(None, has=has)
    found = attempt(other.target(), begin(claim("lapsed")), threading.Event())
    assert isinstance(found, Settled)
    assert found.state == "done"
    assert other.asked == asked


def test_what_nobody_can_look_up_is_left_to_a_person() -> None:
    """A lapsed item of such a kind is not sent, unless sending twice does no harm."""
    other = Other(None)
    found = attempt(other.target(can_look=False), begin(claim("lapsed")), threading.Event())
    assert isinstance(found, Settled)
    assert found.state == "unknown"
    assert "Look at the list" in str(found.reason)
    repeatable = other.target(can_look=False, is_repeatable=True)
    attempt(repeatable, begin(claim("lapsed")), threading.Event())
    assert other.asked == ["send"]


def test_no_answer_is_followed_by_a_look_and_not_for_ever() -> None:
    """Sent again as long as it is not there, three times in all; then a person looks."""
    other = Other(*[OutcomeUnknown("no answer")] * MOST_ATTEMPTS)
    found: Any = begin(claim())
    for _ in range(MOST_ATTEMPTS):
        found = attempt(other.target(), found, threading.Event())
        assert isinstance(found, Job)
        assert found.may_have_arrived
    found = attempt(other.target(), found, threading.Event())
    assert found.state == "unknown"
    assert other.asked.count("send") == MOST_ATTEMPTS


def test_a_refusal_keeps_the_reason() -> None:
    """In the API's own words."""
    other = Other(ApiRefused("long", status=404, reasons=(("NOT_FOUND", "no such person"),)))
    found = attempt(other.target(), begin(claim()), threading.Event())
    assert found == Settled("1/2", "refused", reason="no such person")


def test_other_errors_stop_the_delivery() -> None:
    """A key that is refused is no matter of the item."""
    with pytest.raises(AccessDenied):
        attempt(Other(AccessDenied("key")).target(), begin(claim()), threading.Event())


@pytest.mark.parametrize("reason", ["short lease", "stopped"])
def test_nothing_is_sent_that_might_outlast_the_lease_or_after_the_end(reason: str) -> None:
    """The request may take 10 s; with less time, or after a stop, it is not begun."""
    other, stopped = Other("1"), threading.Event()
    if reason == "stopped":
        stopped.set()
    job = begin(claim(seconds=9.0 if reason == "short lease" else 60.0))
    assert attempt(other.target(), job, stopped) == Unsent(job)
    assert other.asked == []


def test_outside_of_a_delivery_there_is_no_lease() -> None:
    """The same client serves a notebook."""
    require_lease(1e9)
