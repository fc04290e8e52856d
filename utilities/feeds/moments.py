"""Times as publishers write them."""

import calendar
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def from_parts(parts: time.struct_time | None) -> datetime | None:
    """Return what feedparser made of a time; None when it made nothing, or no year that exists."""
    if parts is None:
        return None
    try:
        return datetime.fromtimestamp(calendar.timegm(parts), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def from_text(text: str) -> datetime | None:
    """Return a time that JSON Feed writes as RFC 3339, and some publishers as RFC 5322.

    Without an offset it is taken for UTC, as feedparser does.
    """
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            found = read(text.strip())
            return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
        except (ValueError, OverflowError):
            continue
    return None
