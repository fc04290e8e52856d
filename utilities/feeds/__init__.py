"""News feeds into a table: RSS, Atom and JSON Feed, read when they have changed.

Stands on requests and feedparser, which are imported with `utilities.feeds.loading` alone: a
process that reads no feed does not pay for them.
"""

from utilities.feeds.addresses import Feed, choose_feeds
from utilities.feeds.limits import Limits

__all__ = ["Feed", "Limits", "choose_feeds"]
