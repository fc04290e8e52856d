"""Create the table of deliveries on first use."""

from importlib.resources import files

from psycopg2 import errors
from psycopg2.extensions import connection as Connection

_FIND = """
SELECT COUNT(DISTINCT table_name) FROM svv_columns
WHERE table_schema = 'prefect_flows' AND table_name IN ('deliveries', 'delivery_lock')
"""

_ANOTHER_RUN_WAS_FIRST = (
    errors.DuplicateTable,
    errors.DuplicateSchema,
    errors.UniqueViolation,
)


def create_deliveries(connection: Connection) -> None:
    """Create the tables unless they are there. The connection is in autocommit mode.

    Tables that are there cost one query and need no right to change anything.
    """
    with connection.cursor() as cursor:
        cursor.execute(_FIND)
        if cursor.fetchone() == (2,):
            return
        script = files("utilities.deliveries").joinpath("deliveries.sql").read_text()
        for statement in script.split(";\n"):
            if statement.strip():
                try:
                    cursor.execute(statement)
                except _ANOTHER_RUN_WAS_FIRST:
                    continue
