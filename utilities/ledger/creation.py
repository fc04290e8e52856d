"""Create the ledger on first use, and bring an older one up to date."""

from importlib.resources import files

from psycopg2.extensions import connection as Connection

from utilities.ledger.first_use import run_script, run_unless_done

_FIND_COLUMNS = """
SELECT table_name, column_name FROM svv_columns
WHERE table_schema = 'prefect_flows' AND table_name IN ('loads', 'load_lock')
"""

_ADDED_LATER = {
    "rows_deleted": "BIGINT DEFAULT 0 NOT NULL",
    "rows_rejected": "BIGINT DEFAULT 0 NOT NULL",
    "commit_hash": "VARCHAR(64)",
    "manifest": "VARCHAR(2048)",
}
"""Columns that the first ledgers did not have, as `ledger.sql` defines them."""


def create_ledger(connection: Connection) -> None:
    """Create the ledger unless it is there, complete. The connection is in autocommit mode.

    A complete ledger costs one query and needs no right to change anything.
    """
    with connection.cursor() as cursor:
        cursor.execute(_FIND_COLUMNS)
        found = set(cursor.fetchall())
        if {table for table, _ in found} != {"loads", "load_lock"}:
            script = files("utilities.ledger").joinpath("ledger.sql").read_text()
            run_script(cursor, script)
        if ("loads", "load_id") not in found:
            return
        for name, definition in _ADDED_LATER.items():
            if ("loads", name) not in found:
                run_unless_done(
                    cursor, f"ALTER TABLE prefect_flows.loads ADD COLUMN {name} {definition}"
                )
