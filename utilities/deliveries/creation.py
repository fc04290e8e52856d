"""Create the table of deliveries on first use."""

from importlib.resources import files

from psycopg2.extensions import connection as Connection

from utilities.ledger.first_use import run_script

_FIND = """
SELECT COUNT(DISTINCT table_name) FROM svv_columns
WHERE table_schema = 'prefect_flows' AND table_name IN ('deliveries', 'delivery_lock')
"""


def create_deliveries(connection: Connection) -> None:
    """Create the tables unless they are there. The connection is in autocommit mode.

    Tables that are there cost one query and need no right to change anything.
    """
    with connection.cursor() as cursor:
        cursor.execute(_FIND)
        if cursor.fetchone() == (2,):
            return
        script = files("utilities.deliveries").joinpath("deliveries.sql").read_text()
        run_script(cursor, script)
