"""What a mode gets, and what it tells: the staged rows of a session, their table, the counts."""

from dataclasses import dataclass
from datetime import datetime

from utilities.redshift.options import LoadOptions
from utilities.references import Column, TableName


@dataclass(frozen=True)
class Move:
    """Staged rows on their way into a table, inside the load's transaction.

    Attributes:
        staging_table: the session's temporary table that COPY filled; it may be empty.
        table: the target, which has every one of `columns`.
        columns: staged columns that go in, with the types as staged.
        options: the mode and its columns.
        loaded_at: time of the load, UTC without a zone.
    """

    staging_table: str
    table: TableName
    columns: tuple[Column, ...]
    options: LoadOptions
    loaded_at: datetime


@dataclass(frozen=True)
class Moved:
    """What a mode did to its table.

    Attributes:
        inserted: rows that the table got.
        updated: rows that were exchanged for a staged one, or closed by one in a history.
        deleted: rows that went, or were closed in a history, without one in their place.
    """

    inserted: int = 0
    updated: int = 0
    deleted: int = 0
