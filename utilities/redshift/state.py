"""What the warehouse knows before a load: the batches that it has, and the shape of a table."""

from collections.abc import Sequence

from utilities import ledger
from utilities.redshift.connection import connected
from utilities.redshift.refusals import explained
from utilities.redshift.tables import describe_table
from utilities.references import Loaded, TableName
from utilities.settings import Settings


def find_loaded(
    batch_keys: Sequence[str], table: TableName, settings: Settings
) -> dict[str, Loaded]:
    """Return those of the batches that the ledger knows for this table, by batch key."""
    with connected(settings) as connection, explained(str(table), settings):
        ledger.create_ledger(connection)
        with connection.cursor() as cursor:
            return ledger.find_loads(cursor, table, batch_keys)


def table_columns(table: TableName, settings: Settings) -> dict[str, str]:
    """Return a table's columns, name to type; empty when there is no such table."""
    with connected(settings) as connection, explained(str(table), settings):
        with connection.cursor() as cursor:
            return describe_table(cursor, table)
