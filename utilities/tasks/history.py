"""Tell what was loaded when, from the ledger."""

from collections.abc import Sequence

from prefect import get_run_logger, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE

from utilities.ledger import LedgerRow
from utilities.redshift import find_recent_loads, parse_table_name
from utilities.settings import load_settings
from utilities.tasks.retries import PATIENTLY
from utilities.tasks.shown_rows import show_rows

__all__ = [
    "LedgerRow",
    "find_loads",
    "publish_history",
]

TEXTS = ("when (UTC)", "table", "mode", "deployment", "commit", "source")
HASH_LENGTH = 8


@task(cache_policy=NO_CACHE, **PATIENTLY)
def find_loads(table: str | None, limit: int) -> list[LedgerRow]:
    """Return the last loads from the ledger, the newest first.

    Args:
        table: schema.table; None for all tables.
        limit: how many at most.
    """
    name = parse_table_name(table) if table else None
    rows = find_recent_loads(name, limit, load_settings())
    get_run_logger().info("%s loads found", len(rows))
    return rows


@task(cache_policy=NO_CACHE)
def publish_history(loads: Sequence[LedgerRow], title: str) -> None:
    """Show loads in the terminal and as a table artifact.

    Args:
        loads: what `find_loads` returned.
        title: stands above the table.
    """
    rows = [_row(load) for load in loads]
    show_rows(title, rows, TEXTS)
    create_table_artifact(rows, key="load-history", description=title)


def _row(load: LedgerRow) -> dict[str, str]:
    return {
        "when (UTC)": f"{load.loaded_at:%Y-%m-%d %H:%M:%S}",
        "table": load.table,
        "mode": load.mode,
        "staged": f"{load.rows_staged:,}",
        "inserted": f"{load.rows_inserted:,}",
        "updated": f"{load.rows_updated:,}",
        "deleted": f"{load.rows_deleted:,}",
        "rejected": f"{load.rows_rejected:,}",
        "seconds": f"{load.seconds:.2f}",
        "deployment": load.deployment or "-",
        "commit": (load.commit_hash or "-")[:HASH_LENGTH],
        "source": load.source,
    }
