"""An item belongs to one run at a time, and to nobody for ever."""

import threading
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests.local.warehouse import Ask
from utilities.deliveries import (
    Channel,
    DeliveryOptions,
    Target,
    Wanted,
    deliver,
    require_lease,
)
from utilities.deliveries.outcomes import Claim, Settled
from utilities.deliveries.session import InHand, Session
from utilities.deliveries.states import Origin
from utilities.errors import ApiUnavailable
from utilities.settings import Settings

LEASE_SECONDS = 300
NOBODY: InHand = InHand(items=(), sent=())


def numbers(name: str) -> Channel:
    """A channel whose items are numbers."""
    return Channel(name, {"number": "BIGINT"}, ("number",), ("number",))


def up_to(count: int) -> Wanted:
    """The numbers from 1."""
    return Wanted("SELECT n AS number FROM generate_series(1, %s) AS g (n)", (count,))


def session(settings: Settings, channel: str, owner: str, count: int) -> Session:
    """One run's way to the table."""
    origin = Origin(channel, owner, False, None, None, None)
    return Session(settings, numbers(channel), up_to(count), origin)


Action = tuple[int, str, int]


@hypothesis_settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    actions=st.lists(
        st.tuples(
            st.integers(0, 2), st.sampled_from(["claim", "settle", "let go"]), st.integers(1, 6)
        ),
        max_size=25,
    )
)
def test_no_item_belongs_to_two_runs(settings: Settings, actions: list[Action]) -> None:
    """Whatever three runs claim, settle and give back in whatever order: what one has, no other
    has, and what is settled comes back to nobody."""
    channel = f"test/claims/{next(_channels)}"
    owners = [f"owner {number}" for number in range(3)]
    held: dict[str, set[str]] = {owner: set() for owner in owners}
    settled: set[str] = set()
    sessions = {owner: session(settings, channel, owner, 12) for owner in owners}
    try:
        for number, action, amount in actions:
            owner = owners[number]
            hand = InHand(items=held[owner], sent=())
            if action == "claim":
                claims = sessions[owner].exchange([], amount, LEASE_SECONDS, hand)
                found = {claim.item for claim in claims}
                others = set().union(*held.values())
                assert len(found) == len(claims)
                assert not found & (others | settled)
                assert len(found) == min(amount, 12 - len(others) - len(settled))
                held[owner] |= found
            elif action == "settle":
                done = set(sorted(held[owner])[:amount])
                held[owner] -= done
                outcomes = [Settled(item, "done") for item in done]
                sessions[owner].exchange(outcomes, 0, LEASE_SECONDS, NOBODY)
                settled |= done
            else:
                kept = set(sorted(held[owner])[amount:])
                sessions[owner].let_go([], InHand(items=kept, sent=()))
                held[owner] = kept
        counts = sessions[owners[0]].counts()
        assert (counts.done, counts.own) == (len(settled), len(held[owners[0]]))
        assert counts.held == len(held[owners[1]] | held[owners[2]])
    finally:
        for each in sessions.values():
            each.__exit__()


_channels = iter(range(1_000_000))


def test_claims_at_the_same_time_do_not_overlap(settings: Settings) -> None:
    """Several sessions that claim at once divide the items among them."""
    channel = "test/claims/at once"
    found: list[list[Claim]] = []

    def claim(owner: str) -> None:
        with session(settings, channel, owner, 400) as one:
            for _ in range(10):
                found.append(one.exchange([], 10, LEASE_SECONDS, NOBODY))

    threads = [threading.Thread(target=claim, args=(f"owner {n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    items = [each.item for claims in found for each in claims]
    assert len(items) == 400
    assert len(set(items)) == 400


def test_what_lapsed_is_looked_up_by_whoever_takes_it(settings: Settings, ask: Ask) -> None:
    """A claim whose lease has run out is taken over as one that may have arrived; a live one is
    not."""
    channel = "test/claims/lapsed"
    with session(settings, channel, "first", 3) as first:
        assert len(first.exchange([], 3, LEASE_SECONDS, NOBODY)) == 3
    with session(settings, channel, "second", 3) as second:
        assert second.exchange([], 3, LEASE_SECONDS, NOBODY) == []
        assert second.counts().held == 3
        ask(
            "UPDATE prefect_flows.deliveries SET claimed_until = GETDATE() - INTERVAL '1 second' "
            f"WHERE channel = '{channel}'"
        )
        assert [claim.was for claim in second.exchange([], 3, LEASE_SECONDS, NOBODY)] == [
            "lapsed"
        ] * 3
    attempts = ask(
        f"SELECT DISTINCT attempts, owner FROM prefect_flows.deliveries WHERE channel = '{channel}'"
    )
    assert attempts == [(2, "second")]


def test_a_run_waits_for_the_others_with_a_bound(settings: Settings) -> None:
    """It says that it waits, and at last that it leaves the items to them."""
    channel = "test/claims/waiting"
    sent: list[Any] = []
    said: list[str] = []
    with session(settings, channel, "other", 2) as other:
        other.exchange([], 1, LEASE_SECONDS, NOBODY)
        target = Target(lambda row: sent.append(row["number"]), None, "nothing")
        options = DeliveryOptions(lease_seconds=LEASE_SECONDS, wait_seconds=0.0)
        delivered = deliver(numbers(channel), up_to(2), target, settings, options, say=said.append)
    assert (delivered.done, delivered.left) == (1, 1)
    assert sent == [2]
    assert [line.split(":")[0] for line in said] == [
        "1 items are claimed by other runs",
        "1 items are still claimed by other runs",
    ]


def test_a_run_takes_what_the_others_give_back(settings: Settings) -> None:
    """While it waits, another run ends and gives its claim back: it is sent."""
    channel = "test/claims/given back"
    waiting = threading.Event()
    sent: list[Any] = []
    with session(settings, channel, "other", 2) as other:
        other.exchange([], 1, LEASE_SECONDS, NOBODY)
        target = Target(lambda row: sent.append(row["number"]), None, "nothing")
        options = DeliveryOptions(lease_seconds=10, wait_seconds=60.0)

        def work() -> None:
            deliver(
                numbers(channel),
                up_to(2),
                target,
                settings,
                options,
                say=lambda line: waiting.set(),
            )

        thread = threading.Thread(target=work)
        thread.start()
        assert waiting.wait(30)
        other.let_go([], NOBODY)
        thread.join()
    assert sent == [2, 1]


def test_a_lease_that_is_too_short_is_not_used(settings: Settings) -> None:
    """A request that might outlast the lease is not sent; the item is given back and claimed anew,
    with another lease."""
    channel = "test/claims/short"
    tried: list[Any] = []
    sent: list[Any] = []

    def send(row: Any) -> None:
        tried.append(row["number"])
        require_lease(9_999.0 if len(tried) <= 4 else 0.0)
        sent.append(row["number"])

    delivered = deliver(
        numbers(channel), up_to(6), Target(send, None, "x"), settings, DeliveryOptions(workers=1)
    )
    assert (delivered.done, delivered.left) == (6, 0)
    assert sorted(sent) == [1, 2, 3, 4, 5, 6]


def test_leases_that_never_suffice_end_the_run(settings: Settings) -> None:
    """When nothing can be sent, again and again, the run says so, and leaves nothing claimed."""
    channel = "test/claims/never"

    def send(row: Any) -> None:
        require_lease(9_999.0)

    target = Target(send, None, "nothing")
    with pytest.raises(ApiUnavailable, match="5 times in a row nothing could be sent within"):
        deliver(numbers(channel), up_to(6), target, settings)
    with session(settings, channel, "next", 6) as following:
        assert following.counts().open == 6
