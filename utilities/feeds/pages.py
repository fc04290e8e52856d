"""What one answer of a feed holds, whatever its format."""

from dataclasses import dataclass
from typing import NoReturn

from utilities.errors import FileUnreadable
from utilities.feeds.entries import Entry


@dataclass(frozen=True)
class Page:
    """One answer of a feed, read.

    Attributes:
        entries: in the publisher's order.
        format: such as "RSS 2.0".
        next_url: where the older entries are, as the publisher writes it.
        without_id: how many entries have neither id nor link.
        is_whole: false when the document is faulty, so that entries may be missing.
    """

    entries: tuple[Entry, ...]
    format: str
    next_url: str | None = None
    without_id: int = 0
    is_whole: bool = True


def refuse(name: str, found: str) -> NoReturn:
    """Raise FileUnreadable for an answer that is no feed."""
    raise FileUnreadable(
        f"{name}: found {found}; expected RSS, Atom or JSON Feed. Nothing of it was loaded. Check "
        "its address in a browser."
    )
