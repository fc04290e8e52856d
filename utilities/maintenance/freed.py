"""What was freed, or would be."""

from dataclasses import dataclass
from typing import Literal

Unit = Literal["objects", "images", "rows"]


@dataclass(frozen=True)
class Freed:
    """What one place was freed of.

    Attributes:
        what: what was old there, for a person.
        where: bucket and prefix, repository or table.
        unit: what is counted.
        count: how many were removed; would be, in a dry run.
        bytes: their size as stored; None where nobody knows it.
        is_removed: false in a dry run.
        note: what a person should know, such as why nothing was looked at.
        examples: the first of them by name, where a person should look at each.
    """

    what: str
    where: str
    unit: Unit
    count: int
    bytes: int | None = None
    is_removed: bool = False
    note: str = ""
    examples: tuple[str, ...] = ()
