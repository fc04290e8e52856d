"""Load staged batches into Redshift."""

from dataclasses import replace

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE
from prefect.runtime import flow_run

from utilities.errors import FlowError
from utilities.objects import ObjectStore
from utilities.redshift import (
    LoadOptions,
    Mode,
    TableDesign,
    find_watermark,
    load,
    parse_table_name,
    rejects_table,
)
from utilities.references import Loaded, SchemaPolicy, Staged
from utilities.settings import load_settings
from utilities.tasks.retries import PATIENTLY

__all__ = [
    "LoadOptions",
    "Loaded",
    "Mode",
    "SchemaPolicy",
    "TableDesign",
    "load_table",
    "read_watermark",
]


@task(task_run_name="load_table {table}", cache_policy=NO_CACHE, **PATIENTLY)
def load_table(staged: Staged, table: str, options: LoadOptions = LoadOptions()) -> Loaded:
    """Load a staged batch into a table, once; its staged files are deleted after the commit.

    Args:
        staged: what `stage_records` returned.
        table: target as schema.table; created when it does not exist.
        options: mode, key, schema policy and the like; the flow run is filled in here.
    """
    settings = load_settings()
    options = replace(options, flow_run=flow_run.get_id())
    loaded = load(staged, parse_table_name(table), options, settings)
    _log(staged, loaded)
    _remove_parts(staged, ObjectStore(settings))
    return loaded


@task(task_run_name="read_watermark {table}", cache_policy=NO_CACHE, **PATIENTLY)
def read_watermark(table: str) -> str | None:
    """Return how far the source of a table was read; None when no load has said so yet.

    Args:
        table: target as schema.table.
    """
    watermark = find_watermark(parse_table_name(table), load_settings())
    get_run_logger().info("%s: read up to %s", table, watermark or "nothing yet")
    return watermark


def _remove_parts(staged: Staged, store: ObjectStore) -> None:
    """Delete what was staged. When that fails, a later run does it: the rows are loaded."""
    try:
        for folder in _folders(staged):
            store.empty(folder)
    except FlowError as error:
        get_run_logger().warning("the rows are loaded, their staged files remain: %s", error)


def _folders(staged: Staged) -> set[str]:
    """Return where the parts of a batch lie, and those of its rejects."""
    manifests = [staged.manifest, *([staged.rejects.manifest] if staged.rejects else [])]
    return {manifest.rpartition("/")[0] + "/" for manifest in manifests}


def _log(staged: Staged, loaded: Loaded) -> None:
    logger = get_run_logger()
    if loaded.already_loaded:
        logger.info("%s: %s is in the ledger already; nothing to do", loaded.table, staged.source)
        return
    logger.info(
        "%s: %s rows inserted, %s updated, %s deleted from %s",
        loaded.table,
        f"{loaded.rows_inserted:,}",
        f"{loaded.rows_updated:,}",
        f"{loaded.rows_deleted:,}",
        staged.source,
    )
    changes = {
        "added": loaded.columns_added,
        "widened": loaded.columns_widened,
        "left out": loaded.columns_discarded,
    }
    for change, names in changes.items():
        if names:
            logger.warning("%s: columns %s: %s", loaded.table, change, ", ".join(names))
    if staged.rejects:
        logger.warning(
            "%s: %s rows were set aside in %s. First: %s",
            loaded.table,
            f"{loaded.rows_rejected:,}",
            rejects_table(parse_table_name(loaded.table)),
            "; ".join(staged.rejects.first),
        )
    for note in loaded.notes:
        logger.warning("%s", note)
