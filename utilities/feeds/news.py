"""Which entries of a feed a table does not have yet."""

from collections.abc import Sequence
from datetime import datetime

from utilities.feeds.entries import Entry
from utilities.feeds.statements import ask
from utilities.redshift import table_columns
from utilities.references import TableName
from utilities.settings import Settings

_IDS_AT_ONCE = 1_000


def find_news(
    feed: str, entries: Sequence[Entry], table: TableName, settings: Settings
) -> list[Entry]:
    """Return the entries that the table does not have, or has in another version.

    An entry that is older than the table's, by the time that its publisher gives, is no news: a
    cache may answer with yesterday's feed. One without a time does not replace one with a time.
    """
    news: list[Entry] = []
    for begin in range(0, len(entries), _IDS_AT_ONCE):
        group = entries[begin : begin + _IDS_AT_ONCE]
        ids = tuple(entry.entry_id for entry in group)
        rows = ask("known_entries.sql", {"table": table}, settings, (feed, ids))
        known = {entry_id: (checksum, updated) for entry_id, checksum, updated in rows}
        news += [
            entry for entry in group if _is_news(entry, *known.get(entry.entry_id, ("", None)))
        ]
    return news


def find_last_entries(table: TableName, settings: Settings) -> dict[str, datetime | None]:
    """Return when the newest entry of each feed was published, by the feed's name."""
    if not table_columns(table, settings):
        return {}
    return {feed: last for feed, last in ask("last_entries.sql", {"table": table}, settings)}


def _is_news(entry: Entry, checksum: str, updated: datetime | None) -> bool:
    if entry.checksum == checksum:
        return False
    return updated is None or entry.updated is not None and entry.updated >= updated
