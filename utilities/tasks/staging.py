"""Stage rows: typed Parquet parts on S3, with a manifest."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE
from prefect.runtime import task_run

from utilities.errors import ParameterInvalid
from utilities.objects import ObjectStore
from utilities.redshift import parse_table_name, table_columns
from utilities.references import Column, Staged
from utilities.settings import load_settings
from utilities.staging import JsonPages, StageOptions, declare, infer_columns, stage
from utilities.tasks.files import SourceFile, expire_leftovers, staging_prefix
from utilities.tasks.progress import reported
from utilities.tasks.retries import PATIENTLY

__all__ = [
    "Column",
    "JsonPages",
    "StageOptions",
    "Staged",
    "declare",
    "infer_schema",
    "stage_records",
]


@task(cache_policy=NO_CACHE, **PATIENTLY)
def infer_schema(
    files: list[SourceFile], table: str, *, is_lenient: bool = False
) -> tuple[Column, ...]:
    """Return one schema for all the files together; types that the table has already win.

    Args:
        files: what `find_files` returned.
        table: target as schema.table.
        is_lenient: passes over rows that cannot be read, which are set aside when staged.
    """
    if not files:
        return ()
    settings = load_settings()
    known = table_columns(parse_table_name(table), settings)
    store = ObjectStore(settings)
    columns = infer_columns([file.uri for file in files], store, known, is_lenient=is_lenient)
    get_run_logger().info(
        "%s columns: %s", len(columns), ", ".join(column.name for column in columns)
    )
    return columns


@task(task_run_name="stage_records {table}", cache_policy=NO_CACHE, **PATIENTLY)
def stage_records(source: Any, table: str, options: StageOptions = StageOptions()) -> Staged:
    """Stage rows under the bucket's `staging/`, typed for a table.

    Args:
        source: what `find_files` returned; the address of a CSV, JSON lines or Parquet file;
            `JsonPages` of an API; an Arrow table or reader; a DataFrame; a parsons Table; or an
            iterable of mappings. A generator can be read once: when its first attempt fails, it is
            not tried again. A function that returns one is called for each attempt.
        table: target as schema.table; its columns are looked up here.
        options: names, types, key, and what happens to rows that do not fit.
    """
    settings = load_settings()
    store = ObjectStore(settings)
    place = staging_prefix(table, settings)
    if isinstance(source, SourceFile):
        place, source = f"{place}{source.batch_key}/", source.uri
    else:
        _refuse_second_reading(source)
        expire_leftovers(store, settings)
        place = f"{place}{uuid4()}/"
    options = replace(options, known=table_columns(parse_table_name(table), settings))
    name = source if isinstance(source, str) else options.name
    with reported(f"staging {name}") as progress:
        staged = stage(source, destination=place, store=store, options=options, progress=progress)
    logger = get_run_logger()
    logger.info("%s: %s rows staged", name, f"{staged.rows:,}")
    for note in staged.notes:
        logger.warning("%s: %s", name, note)
    if staged.rejects:
        first = "; ".join(staged.rejects.first)
        logger.warning("%s: %s rows set aside. First: %s", name, staged.rejects.rows, first)
    return staged


def _refuse_second_reading(source: Any) -> None:
    """Raise on a second attempt with an iterator: its first rows are gone."""
    rows = source.pages if isinstance(source, JsonPages) else source
    if isinstance(rows, Iterator) and (task_run.get_run_count() or 0) > 1:
        raise ParameterInvalid(
            "a generator cannot be read a second time, and the first attempt has failed. Nothing "
            "was staged. Run the flow again, or pass a function that returns a new generator."
        )
