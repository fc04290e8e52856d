"""A connection to the warehouse that is opened again when it is lost, with its temporary tables."""

import time
from collections.abc import Callable, Collection, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TypeVar

from psycopg2.extensions import connection as Connection

from utilities.deliveries.channel import Channel, Wanted
from utilities.deliveries.creation import create_deliveries
from utilities.deliveries.outcomes import Claim, Counts, Settled, Was
from utilities.deliveries.states import Origin, States
from utilities.deliveries.wanted_items import make_wanted
from utilities.errors import WarehouseUnavailable
from utilities.redshift.connection import connected, transaction
from utilities.redshift.reading.refusals import answered
from utilities.settings import Settings

PAUSES_SECONDS = (0.2, 1.0, 3.0, 10.0, 20.0)
"""Between attempts at one transaction. Requests that are under way go on meanwhile."""

_WAS: dict[str | None, Was] = {None: "new", "claimed": "lapsed", "refused": "refused"}

_T = TypeVar("_T")


@dataclass(frozen=True)
class InHand:
    """What this run has to do with items that it claimed.

    Attributes:
        items: all that it has not let go.
        sent: those of them that may have arrived.
    """

    items: Collection[str]
    sent: Collection[str]


class Session:
    """Claims and records items for one owner; each method is one transaction.

    Attributes:
        channel: its name.
        incomplete: rows of the query that lack a value they need; known after the first method.
    """

    def __init__(
        self, settings: Settings, channel: Channel, wanted: Wanted, origin: Origin
    ) -> None:
        self.channel = channel.name
        self.incomplete = 0
        self._settings = settings
        self._channel = channel
        self._wanted = wanted
        self._origin = origin
        self._opened = ExitStack()
        self._connection: Connection | None = None
        self._is_unsure = False

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *error: object) -> None:
        self._close()

    def exchange(
        self, settled: Sequence[Settled], most: int, lease_seconds: int, hand: InHand
    ) -> list[Claim]:
        """Write outcomes and claim up to `most` items, in one transaction.

        Raises:
            WarehouseUnavailable: the warehouse cannot be reached for longer than we try.
        """

        def work(states: States) -> list[Claim]:
            states.lock()
            # Before the warehouse's clock is read: our deadline is never later than the lease's.
            deadline = time.monotonic() + lease_seconds
            states.look_at_clock()
            states.record(settled)
            if self._is_unsure:
                # What an earlier commit claimed, whose answer was lost, is nobody's.
                states.give_back(sent=hand.sent, kept=hand.items)
            rows = states.claim(most, lease_seconds) if most else []
            return [_as_claim(row, deadline) for row in rows]

        claims = self._in_transaction(work)
        self._is_unsure = False
        return claims

    def let_go(self, settled: Sequence[Settled], hand: InHand) -> None:
        """Write outcomes, and give back all that this owner has claimed but `hand.items`; what is
        in `hand.sent` besides is to be looked up by whoever takes it."""

        def work(states: States) -> None:
            states.lock()
            states.look_at_clock()
            states.record(settled)
            states.give_back(sent=hand.sent, kept=hand.items)

        self._in_transaction(work)

    def counts(self) -> Counts:
        """Count the wanted items by what is known of them."""

        def work(states: States) -> Counts:
            states.look_at_clock()
            return states.counts()

        return self._in_transaction(work)

    def set_aside(self, most: int) -> tuple[tuple[str, str], ...]:
        """Return the last wanted items that were set aside, with their reasons."""
        return self._in_transaction(lambda states: states.set_aside(most))

    def first_open(self, most: int) -> tuple[dict[str, str], ...]:
        """Return the first items that would be claimed, without claiming them."""

        def work(states: States) -> tuple[dict[str, str], ...]:
            states.look_at_clock()
            return states.first_open(most)

        return self._in_transaction(work)

    def _in_transaction(self, work: Callable[[States], _T]) -> _T:
        """Try until it is committed. All work here may be done twice without harm."""
        for pause_seconds in PAUSES_SECONDS:
            try:
                return self._attempt(work)
            except WarehouseUnavailable:
                if self._connection is None or self._connection.closed:
                    self._close()
                    self._is_unsure = True
                time.sleep(pause_seconds)
        return self._attempt(work)

    def _attempt(self, work: Callable[[States], _T]) -> _T:
        with answered(self._channel.name, self._settings):
            connection = self._connection or self._open()
            with transaction(connection), connection.cursor() as cursor:
                return work(States(cursor, self._origin))

    def _open(self) -> Connection:
        connection = self._opened.enter_context(connected(self._settings))
        create_deliveries(connection)
        with connection.cursor() as cursor:
            States(cursor, self._origin).prepare()
        self.incomplete = make_wanted(connection, self._channel, self._wanted)
        self._connection = connection
        return connection

    def _close(self) -> None:
        self._connection = None
        self._opened.close()


def _as_claim(row: dict[str, object], deadline: float) -> Claim:
    reason = row["delivery_reason"]
    state = row["delivery_state"]
    return Claim(
        item=str(row["delivery_item"]),
        row={name: value for name, value in row.items() if not name.startswith("delivery_")},
        was=_WAS[None if state is None else str(state)],
        deadline=deadline,
        reason=None if reason is None else str(reason),
    )
