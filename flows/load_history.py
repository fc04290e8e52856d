"""Show what was loaded into the warehouse, from the ledger that commits with the rows."""

from prefect import flow

from utilities.command_line import run
from utilities.tasks.history import LedgerRow, find_loads, publish_history


@flow(name="load_history")
def load_history(table: str | None = None, limit: int = 20) -> list[LedgerRow]:
    """Show the last loads: when, into which table, how many rows, how long, by whom, from where.

    Args:
        table: schema.table; without it the loads into all tables.
        limit: how many loads at most.

    Returns:
        The loads, the newest first.
    """
    loads = find_loads(table, limit)
    publish_history(loads, f"The last loads into {table or 'all tables'}")
    return loads


if __name__ == "__main__":
    run(load_history)
