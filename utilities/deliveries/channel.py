"""What is delivered: a channel says which columns an item has, a query says which items."""

from collections.abc import Mapping
from dataclasses import dataclass

from utilities.redshift.reading import Parameters


@dataclass(frozen=True)
class Channel:
    """One kind of item that goes to one system.

    Attributes:
        name: as the table of deliveries keeps it, at most 256 bytes. Items of one name are sent
            once, whichever query brings them, so it tells one database of a vendor from another.
        columns: what a query may return, with the type that a value is read as; None leaves it
            as the query has it.
        key: columns that make up the item's key, in order, joined by slashes.
        required: columns without which an item cannot be sent. The key belongs to them.
    """

    name: str
    columns: Mapping[str, str | None]
    key: tuple[str, ...]
    required: tuple[str, ...]


@dataclass(frozen=True)
class Wanted:
    """Which items are to be delivered.

    Attributes:
        query: one SELECT with the channel's columns, %s or %(name)s for values.
        parameters: the values.
    """

    query: str
    parameters: Parameters | None = None
