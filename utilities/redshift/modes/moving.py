"""What a mode gets, and what it tells: the staged rows of a session, their table, the counts."""

from dataclasses import dataclass
from datetime import datetime

from utilities.redshift.options import LoadOptions
from utilities.references import Column, TableName


@dataclass(frozen=True)
class Move:
    """Staged rows on their way into a table, inside the load's transaction.

    Attributes:
        staging_table: the session's temporary table that COPY filled; a mode may delete rows of it.
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
        updated: rows that a staged one changed; in a history, that a newer version closed.
        deleted: rows that went; in a history, that were closed by a mark of deletion.
    """

    inserted: int = 0
    updated: int = 0
    deleted: int = 0
