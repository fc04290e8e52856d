"""Stage files: typed Parquet parts on S3, with a manifest."""

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE

from utilities.objects import ObjectStore
from utilities.redshift import parse_table_name, table_columns
from utilities.references import Column, Staged
from utilities.settings import load_settings
from utilities.staging import StageOptions, infer_columns, stage
from utilities.tasks.files import SourceFile
from utilities.tasks.progress import reported
from utilities.tasks.retries import PATIENTLY

STAGING_PREFIX = "staging"


@task(cache_policy=NO_CACHE, **PATIENTLY)
def infer_schema(files: list[SourceFile], table: str) -> tuple[Column, ...]:
    """Return one schema for all the files together; types that the table has already win."""
    if not files:
        return ()
    settings = load_settings()
    known = table_columns(parse_table_name(table), settings)
    columns = infer_columns([file.uri for file in files], ObjectStore(settings), known)
    get_run_logger().info(
        "%s columns: %s", len(columns), ", ".join(column.name for column in columns)
    )
    return columns


@task(task_run_name="stage_records {file.uri}", cache_policy=NO_CACHE, **PATIENTLY)
def stage_records(
    file: SourceFile, columns: tuple[Column, ...], table: str, key: tuple[str, ...] = ()
) -> Staged:
    """Stage one file under the bucket's `staging/`, at an address that its content decides.

    Args:
        file: what `find_files` returned.
        columns: what `infer_schema` returned.
        table: target as schema.table.
        key: columns that must be filled and unique in the file.
    """
    settings = load_settings()
    destination = f"s3://{settings.s3_temp_bucket}/{STAGING_PREFIX}/{table}/{file.batch_key}/"
    with reported(f"staging {file.uri}") as progress:
        staged = stage(
            file.uri,
            destination=destination,
            store=ObjectStore(settings),
            progress=progress,
            options=StageOptions(
                columns=columns, known=table_columns(parse_table_name(table), settings), key=key
            ),
        )
    logger = get_run_logger()
    logger.info("%s: %s rows staged", file.uri, f"{staged.rows:,}")
    for note in staged.notes:
        logger.warning("%s: %s", file.uri, note)
    return staged
