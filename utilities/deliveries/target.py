"""The other system, as far as a delivery knows it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Row = Mapping[str, Any]
"""One item: the values of the query's columns, by name."""


@dataclass(frozen=True)
class Target:
    """How items are sent, and how it is found out whether one arrived.

    Attributes:
        send: sends one item; returns what the other system calls it, if anything. ApiRefused
            sets the item aside; OutcomeUnknown means that it may have arrived; any other error
            stops the delivery and means that it has not.
        look: asks whether an item has arrived; None when nothing tells.
        longest_seconds: one request takes no longer; `send` and `look` call `require_lease` with it
            before each.
        is_repeatable: sending an item twice has the same effect as once.
        where_to_look: what a person looks at when nobody knows whether an item arrived.
    """

    send: Callable[[Row], str | None]
    look: Callable[[Row], bool] | None
    where_to_look: str
    longest_seconds: float = 0.0
    is_repeatable: bool = False
