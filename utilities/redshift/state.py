"""What the warehouse knows before and after loads: batches, watermarks, the shape of a table."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from psycopg2.extensions import cursor as Cursor

from utilities import ledger
from utilities.errors import ParameterInvalid
from utilities.redshift.connection import connected
from utilities.redshift.refusals import explained
from utilities.redshift.tables import describe_table
from utilities.references import Loaded, TableName
from utilities.settings import Settings


def find_loaded(
    batch_keys: Sequence[str], table: TableName, settings: Settings
) -> dict[str, Loaded]:
    """Return those of the batches that the ledger knows for this table, by batch key."""
    with _reading_ledger(table, settings) as cursor:
        return ledger.find_loads(cursor, table, batch_keys)


def find_recent_loads(
    table: TableName | None, limit: int, settings: Settings
) -> list[ledger.LedgerRow]:
    """Return the last loads, the newest first; of one table, or of all when it is None."""
    if limit < 1:
        raise ParameterInvalid(f"limit is {limit}; expected how many loads to show, at least 1.")
    with _reading_ledger(table or ledger.LEDGER, settings) as cursor:
        return ledger.recent_loads(cursor, table, limit)


def find_watermark(table: TableName, settings: Settings) -> str | None:
    """Return how far the source of a table was read; None when no load has said so."""
    with _reading_ledger(table, settings) as cursor:
        return ledger.last_watermark(cursor, table)


def table_columns(table: TableName, settings: Settings) -> dict[str, str]:
    """Return a table's columns, name to type; empty when there is no such table."""
    with connected(settings) as connection, explained(str(table), settings):
        with connection.cursor() as cursor:
            return describe_table(cursor, table)


@contextmanager
def _reading_ledger(about: TableName, settings: Settings) -> Iterator[Cursor]:
    """Open a cursor for the ledger, which is created when it is not there."""
    with connected(settings) as connection, explained(str(about), settings):
        ledger.create_ledger(connection)
        with connection.cursor() as cursor:
            yield cursor
