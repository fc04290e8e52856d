"""Which version of each feed was read last: its ETag and Last-Modified.

They live in a table beside the entries (`news.entries_feeds`), which is written only after the
entries were committed, and count only while the table has entries of the feed. A run that dies in
between, or a table that was emptied, costs one more reading; no entry is ever skipped. They could
not go into the ledger, whose watermark has 64 bytes and belongs to a whole table: an ETag may be
longer, and a table has many feeds.
"""

from collections.abc import Sequence
from dataclasses import asdict, replace

from utilities.feeds.reads import FeedRead, Validators, Warehouse
from utilities.feeds.statements import ask
from utilities.feeds.upserting import Grain, upsert_rows
from utilities.redshift import table_columns
from utilities.references import TableName
from utilities.settings import Settings
from utilities.staging import declare

VERSIONS = Grain(
    columns=declare({"feed": "VARCHAR", "etag": "VARCHAR", "last_modified": "VARCHAR"}),
    key=("feed",),
)


def versions_table(table: TableName) -> TableName:
    """Return where the versions of the feeds of a table are kept."""
    return TableName(table.schema, f"{table.table}_feeds")


def find_validators(table: TableName, settings: Settings) -> dict[str, Validators]:
    """Return what to ask each feed with, by its name."""
    versions = versions_table(table)
    if not (table_columns(table, settings) and table_columns(versions, settings)):
        return {}
    found = ask("versions.sql", {"versions": versions, "table": table}, settings)
    return {feed: Validators(etag, last_modified) for feed, etag, last_modified in found}


def keep_validators(reads: Sequence[FeedRead], warehouse: Warehouse) -> None:
    """Keep the validators that have changed. Call it after the entries were committed."""
    rows = (
        {"feed": read.feed, **asdict(read.validators)}
        for read in reads
        if read.validators != read.known
    )
    versions = replace(warehouse, table=versions_table(warehouse.table))
    upsert_rows(rows, "versions of feeds", VERSIONS, versions)
