"""Bring what is new in a feed into a table.

An entry is known by (feed, entry_id) and is upserted: publishers mend titles and texts under the
same id, and the table shows the present one. Where they date an entry's last change, the newest
wins, so that any order of runs, and a cache that answers with an older feed, ends in the same
table; without such a date the one that was read last wins.
"""

from collections.abc import Sequence

from utilities.feeds.addresses import Feed
from utilities.feeds.entries import ENTRY_COLUMNS, ENTRY_KEY, NEWEST
from utilities.feeds.limits import Limits
from utilities.feeds.news import find_news
from utilities.feeds.reading import Reading, open_feed
from utilities.feeds.reads import FeedRead, Validators, Warehouse
from utilities.feeds.upserting import Grain, Rows, upsert_rows
from utilities.redshift import table_columns

ENTRIES = Grain(ENTRY_COLUMNS, ENTRY_KEY, NEWEST)


def load_new_entries(
    feed: Feed, known: Validators, warehouse: Warehouse, limits: Limits = Limits()
) -> FeedRead:
    """Read a feed when it has changed, and load the entries that are new or were edited.

    Memory is bounded by one page. All pages are loaded as one: a page that fails, or a loss in
    between, leaves the table as it was. The validators are not kept here: see `keep_validators`.

    Args:
        feed: what to read.
        known: validators of the version that the table has.
        warehouse: where to.
        limits: how much is read, and for how long.

    Raises:
        ApiUnavailable, AccessDenied, ApiRefused, FileUnreadable: the feed cannot be read.
        SchemaMismatch, LoadRejected: the table is not one of entries.
        WarehouseUnavailable, StorageUnavailable: try again.
    """
    reading = open_feed(feed, known, limits)
    if not reading.first.is_modified:
        return FeedRead(feed.name, is_modified=False, validators=known, known=known)
    cut: list[str] = []
    loaded = upsert_rows(_rows(reading, warehouse, cut), feed.name, ENTRIES, warehouse)
    return FeedRead(
        feed.name,
        new=loaded.rows_inserted if loaded else 0,
        changed=loaded.rows_updated if loaded else 0,
        validators=reading.validators,
        known=known,
        notes=(*_notes(reading, cut), *(loaded.notes if loaded else ())),
    )


def _rows(reading: Reading, warehouse: Warehouse, cut: list[str]) -> Rows:
    """Yield the rows of a feed that are news to the table; note whose texts had to be cut."""
    name, table = reading.feed.name, warehouse.table
    has_table = bool(table_columns(table, warehouse.settings))
    for entries in reading.pages():
        news = find_news(name, entries, table, warehouse.settings) if has_table else entries
        for entry in news:
            row = entry.row(name)
            if row["shortened"]:
                cut.append(entry.entry_id)
            yield row


def _notes(reading: Reading, cut: Sequence[str]) -> tuple[str, ...]:
    notes = []
    if not reading.is_whole:
        notes.append("not well-formed XML, read as far as possible; read again next time")
    if reading.without_id:
        notes.append(
            f"{reading.without_id:,} entries without id and link, known by a hash of their title"
        )
    if cut:
        notes.append(f"{len(cut):,} entries with texts cut to 65,535 bytes, see column shortened")
    return tuple(notes)
