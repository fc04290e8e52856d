"""Run the statements that stand beside this module."""

from importlib.resources import files
from typing import Any

from psycopg2 import sql

from utilities.redshift.connection import connected
from utilities.redshift.identifiers import qualified
from utilities.redshift.refusals import explained
from utilities.references import TableName
from utilities.settings import Settings


def ask(
    file: str, tables: dict[str, TableName], settings: Settings, values: tuple[Any, ...] = ()
) -> list[tuple[Any, ...]]:
    """Return the rows of a statement.

    Args:
        file: its name.
        tables: what stands for `{name}` in it.
        settings: of the warehouse.
        values: for %s.

    Raises:
        QueryRefused, AccessDenied, WarehouseUnavailable: as everywhere.
    """
    text = files("utilities.feeds").joinpath(file).read_text()
    names = {name: qualified(table) for name, table in tables.items()}
    about = str(next(iter(tables.values())))
    with connected(settings) as connection, explained(about, settings):
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL(text).format(**names), values or None)
            return cursor.fetchall()
