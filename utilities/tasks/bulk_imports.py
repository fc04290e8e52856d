"""Import many records into EveryAction as one file.

Two tasks, because they are repeated differently: an import that may have been taken is not sent a
second time, while waiting for it can be begun again at any moment.
"""

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE

from utilities.everyaction.imports import (
    BulkImported,
    ImportLayout,
    ImportSource,
    StartedImport,
    finish_import,
    start_import,
)
from utilities.everyaction.polling import Polling
from utilities.tasks.everyaction_access import connected
from utilities.tasks.retries import PATIENTLY

__all__ = [
    "BulkImported",
    "ImportLayout",
    "ImportSource",
    "bulk_import",
    "finish_bulk_import",
    "start_bulk_import",
]


@task(cache_policy=NO_CACHE, **PATIENTLY)
def start_bulk_import(source: ImportSource, layout: ImportLayout) -> StartedImport:
    """Put rows on S3 as a zipped CSV and have EveryAction import it.

    Args:
        source: what `unload_query` or `stage_records` returned, a list of mappings, or a function
            that returns such rows.
        layout: columns and what they mean.
    """
    van, settings = connected()
    started = start_import(van, source, layout, settings)
    get_run_logger().info(
        "bulk import %s of %s: %s rows sent",
        started.job_id,
        layout.resource_type,
        f"{started.rows:,}",
    )
    return started


@task(cache_policy=NO_CACHE, **PATIENTLY)
def finish_bulk_import(started: StartedImport, limit_seconds: float = 3600.0) -> BulkImported:
    """Wait for an import, bring all its result files to S3, and count what they say.

    Args:
        started: what `start_bulk_import` returned.
        limit_seconds: how long EveryAction may take.
    """
    van, settings = connected()
    imported = finish_import(van, started, settings, Polling(limit_seconds))
    logger = get_run_logger()
    logger.info(
        "bulk import %s: %s, %s of %s rows processed, results in %s",
        imported.job_id,
        imported.status,
        f"{imported.rows_processed:,}",
        f"{imported.rows:,}",
        ", ".join(imported.result_files) or "no file",
    )
    if imported.rows_with_messages:
        logger.warning(
            "bulk import %s: %s rows have messages. First: %s",
            imported.job_id,
            f"{imported.rows_with_messages:,}",
            "; ".join(imported.examples),
        )
    return imported


def bulk_import(
    source: ImportSource, layout: ImportLayout, limit_seconds: float = 3600.0
) -> BulkImported:
    """Import rows and wait for the result: both steps, one after the other.

    Args:
        source: what `unload_query` or `stage_records` returned, a list of mappings, or a function
            that returns such rows.
        layout: columns and what they mean.
        limit_seconds: how long EveryAction may take.
    """
    started: StartedImport = start_bulk_import(source, layout)
    imported: BulkImported = finish_bulk_import(started, limit_seconds)
    return imported
