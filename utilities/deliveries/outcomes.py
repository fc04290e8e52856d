"""What is known of items: claims, outcomes, and the small references that a task returns."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Was = Literal["new", "lapsed", "refused"]
"""What an item was before it was claimed. `lapsed`: another run had claimed it and did not say
what became of it, so that it may have arrived."""

Outcome = Literal["done", "refused", "unknown"]


@dataclass(frozen=True)
class Claim:
    """An item that belongs to this run until its lease is over.

    Attributes:
        row: values of the query's columns, by name.
        deadline: when the lease is over, by time.monotonic() of this process.
        reason: why it was refused before.
    """

    item: str
    row: Mapping[str, Any]
    was: Was
    deadline: float
    reason: str | None = None


@dataclass(frozen=True)
class Settled:
    """What became of an item.

    Attributes:
        reason: why it was refused, or what to look at when its outcome is unknown.
        answer: what the other system calls it.
    """

    item: str
    state: Outcome
    reason: str | None = None
    answer: str | None = None


@dataclass(frozen=True)
class Counts:
    """How the wanted items stand in the table of deliveries.

    Attributes:
        wanted: different items with all that they need.
        open: to be sent by whoever comes first, or to be looked up.
        held: claimed by another run whose lease is not over.
        own: claimed by this run.
    """

    wanted: int
    done: int
    refused: int
    unknown: int
    held: int
    own: int
    open: int

    @property
    def settled(self) -> int:
        """Items with which no run will do anything more."""
        return self.done + self.refused + self.unknown


@dataclass(frozen=True)
class Delivered:
    """What a delivery did. Of the wanted items `done_before`, `done`, `done_elsewhere`, `refused`,
    `unknown` and `left` are a division.

    Attributes:
        channel: as in prefect_flows.deliveries.
        wanted: different items of the query that have all that they need.
        done_before: were done when this run began.
        done: by this run.
        done_elsewhere: by other runs meanwhile.
        refused: set aside with the other system's reason, now or before.
        unknown: may have arrived; a person has to look.
        left: not sent, or claimed by another run.
        incomplete: rows of the query that lack a value they need; they are left out.
        seconds: wall time.
        first_set_aside: the first few refused and unknown items, each with its reason.
    """

    channel: str
    wanted: int
    done_before: int
    done: int
    done_elsewhere: int
    refused: int
    unknown: int
    left: int
    incomplete: int
    seconds: float
    first_set_aside: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Preview:
    """What a delivery would do.

    Attributes:
        counts: how the wanted items stand.
        incomplete: rows of the query that lack a value they need.
        first: the first few items that would be sent, by column name.
    """

    counts: Counts
    incomplete: int
    first: tuple[dict[str, str], ...]
