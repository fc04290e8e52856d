"""Read from the warehouse: query it, unload to S3, run files of statements."""

from collections.abc import Mapping
from pathlib import Path

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE

from utilities.redshift import reading
from utilities.redshift.reading import (
    Executed,
    Parameters,
    QueryResult,
    Unloaded,
    UnloadOptions,
    Via,
)
from utilities.settings import load_settings
from utilities.tasks.retries import PATIENTLY

__all__ = [
    "Executed",
    "QueryResult",
    "UnloadOptions",
    "Unloaded",
    "execute_sql_file",
    "query_warehouse",
    "unload_query",
]


@task(cache_policy=NO_CACHE, persist_result=False, **PATIENTLY)
def query_warehouse(
    sql: str, parameters: Parameters | None = None, via: Via = "auto"
) -> QueryResult:
    """Run one statement that returns rows, and return all of them: .arrow(), .pandas(), .parsons().

    Args:
        sql: one statement, with %s or %(name)s for values.
        parameters: the values.
        via: `connection` for small results, `unload` for large ones; `auto` finds out.
    """
    result = reading.query(sql, parameters, load_settings(), via)
    get_run_logger().info(
        "%s rows, %s columns, %s bytes, by %s",
        f"{result.table.num_rows:,}",
        result.table.num_columns,
        f"{result.table.nbytes:,}",
        result.via,
    )
    return result


@task(task_run_name="unload_query {destination}", cache_policy=NO_CACHE, **PATIENTLY)
def unload_query(
    sql: str,
    destination: str,
    parameters: Parameters | None = None,
    options: UnloadOptions = UnloadOptions(),
) -> Unloaded:
    """Write the result of a query to S3 as Parquet or CSV, with a manifest.

    Args:
        sql: one SELECT, with %s or %(name)s for values.
        destination: `s3://bucket/prefix`.
        parameters: the values.
        options: format, partitions, and what happens to objects that are there.
    """
    unloaded = reading.unload_query(sql, parameters, destination, load_settings(), options)
    get_run_logger().info(
        "%s: %s rows in %s files, %s bytes",
        destination,
        f"{unloaded.rows:,}",
        unloaded.files,
        f"{unloaded.bytes:,}",
    )
    return unloaded


@task(task_run_name="execute_sql_file {path}", cache_policy=NO_CACHE, **PATIENTLY)
def execute_sql_file(
    path: str | Path,
    parameters: Parameters | None = None,
    names: Mapping[str, str] | None = None,
    autocommit: bool = False,
) -> tuple[Executed, ...]:
    """Run the statements of a file, in one transaction unless `autocommit` is set.

    It is tried again only after a failure that certainly left nothing behind: no connection, or
    one that was lost before the commit. When the commit's own answer was lost, or a statement of a
    file with `autocommit`, the run fails and a person looks.

    Args:
        path: of the file.
        parameters: values for %(name)s.
        names: identifiers for {name}, which are quoted.
        autocommit: let each statement stand for itself, as VACUUM needs.
    """
    logger = get_run_logger()

    def report(executed: Executed) -> None:
        rows = "" if executed.rows is None else f"{executed.rows:,} rows, "
        logger.info(
            "%s, line %s: %s, %s%.2f s",
            path,
            executed.line,
            executed.did,
            rows,
            executed.seconds,
        )

    return reading.execute_sql_file(
        path, load_settings(), parameters, names, autocommit=autocommit, report=report
    )
