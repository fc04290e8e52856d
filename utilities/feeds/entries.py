"""An entry of a feed, whatever format it came in, and the row that it becomes."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from utilities.references import VARCHAR_LIMIT_BYTES
from utilities.staging import declare

ENTRY_KEY = ("feed", "entry_id")
NEWEST = "updated"
ENTRY_COLUMNS = declare(
    {
        "feed": "VARCHAR",
        "entry_id": "VARCHAR",
        "title": "VARCHAR",
        "link": "VARCHAR",
        "author": "VARCHAR",
        "published": "TIMESTAMPTZ",
        "published_text": "VARCHAR",
        "updated": "TIMESTAMPTZ",
        "updated_text": "VARCHAR",
        "summary": "VARCHAR",
        "content": "VARCHAR",
        "categories": "SUPER",
        "shortened": "VARCHAR",
        "checksum": "VARCHAR(64)",
    }
)
"""No column holds a time of ours: the same entry is the same row whenever it is read. When it was
loaded stands in the ledger."""

ID_LIMIT_BYTES = 1024
_TEXTS = ("title", "link", "author", "published_text", "updated_text", "summary", "content")


@dataclass(frozen=True)
class Entry:
    """One entry as its publisher wrote it; HTML stays as it is.

    Attributes:
        entry_id: what the publisher calls it, see `entry_id_of`.
        published, updated: in UTC; None when there is none, or none that can be read.
        published_text, updated_text: the time as it was written when it cannot be read.
        categories: in the publisher's order, each once.
    """

    entry_id: str
    title: str | None = None
    link: str | None = None
    author: str | None = None
    published: datetime | None = None
    published_text: str | None = None
    updated: datetime | None = None
    updated_text: str | None = None
    summary: str | None = None
    content: str | None = None
    categories: tuple[str, ...] = ()

    @property
    def checksum(self) -> str:
        """SHA-256 over everything, also over what is too long for its column."""
        return sha256(json.dumps(asdict(self), default=datetime.isoformat).encode()).hexdigest()

    def row(self, feed: str) -> dict[str, Any]:
        """Return the row of the table."""
        texts = {name: getattr(self, name) for name in _TEXTS}
        kept = {name: shortened(text) for name, text in texts.items()}
        categories = _fitting(self.categories)
        cut = [name for name, text in texts.items() if kept[name] != text]
        cut += ["categories"] if categories != list(self.categories) else []
        return {
            "feed": feed,
            "entry_id": self.entry_id,
            **kept,
            "published": self.published,
            "updated": self.updated,
            "categories": categories or None,
            "shortened": ", ".join(cut) or None,
            "checksum": self.checksum,
        }


def entry_id_of(given: str | None, link: str | None, title: str | None, body: str | None) -> str:
    """Return what identifies an entry in its feed.

    In this order: the id that the publisher gives it (RSS guid, Atom id, JSON id); its link; a hash
    of its title, or of its text when it has no title either. With the last an edited entry is a new
    one: there is nothing to know it by. An id of more than 1,024 bytes is replaced by its hash.
    """
    # Redshift compares texts without the blanks at their end.
    found = (given or "").strip() or (link or "").strip()
    if found and len(found.encode()) <= ID_LIMIT_BYTES:
        return found
    return f"sha256:{sha256((found or title or body or '').encode()).hexdigest()}"


def clean(text: str | None) -> str | None:
    """Return a text without what no text of the warehouse can hold; None when nothing is left.

    That is NUL and halves of surrogate pairs, which JSON can write: they become U+FFFD.
    """
    if not text:
        return None
    if not text.isascii():
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text.replace("\0", "\ufffd")


def shortened(text: str | None) -> str | None:
    """Return the beginning of a text that fits the widest column."""
    if text is None or len(text) * 4 <= VARCHAR_LIMIT_BYTES:
        return text
    return text.encode()[:VARCHAR_LIMIT_BYTES].decode(errors="ignore")


def _fitting(categories: tuple[str, ...]) -> list[str]:
    """Return as many categories as a nested value may hold."""
    kept: list[str] = []
    room = VARCHAR_LIMIT_BYTES - 2
    for category in categories:
        room -= len(json.dumps(category)) + 1
        if room < 0:
            break
        kept.append(category)
    return kept
