"""Load staged batches into Redshift."""

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE
from prefect.runtime import flow_run

from utilities.objects import ObjectStore
from utilities.redshift import LoadOptions, Mode, load, parse_table_name
from utilities.references import Loaded, Staged
from utilities.settings import load_settings
from utilities.tasks.retries import PATIENTLY


@task(task_run_name="load_table {table}", cache_policy=NO_CACHE, **PATIENTLY)
def load_table(
    staged: Staged, table: str, mode: Mode = "append", key: tuple[str, ...] = ()
) -> Loaded:
    """Load a staged batch into a table, once; its staged files are deleted after the commit.

    Args:
        staged: what `stage_records` returned.
        table: target as schema.table; created when it does not exist.
        mode: `append` adds the rows; `upsert` updates rows with the same key and adds the others.
        key: columns that identify a row, for `upsert`.
    """
    settings = load_settings()
    options = LoadOptions(mode=mode, key=key, flow_run=flow_run.get_id())
    loaded = load(staged, parse_table_name(table), options, settings)
    ObjectStore(settings).empty(staged.manifest.rpartition("/")[0] + "/")
    logger = get_run_logger()
    if loaded.already_loaded:
        logger.info("%s: %s is in the ledger already; nothing to do", table, staged.source)
    else:
        logger.info(
            "%s: %s rows inserted, %s updated from %s",
            table,
            f"{loaded.rows_inserted:,}",
            f"{loaded.rows_updated:,}",
            staged.source,
        )
    return loaded
