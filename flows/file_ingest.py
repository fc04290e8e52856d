"""Load files into a Redshift table, each file once.

For exports and extracts that somebody puts on a disk or into a bucket. A file is known by its
content, so the same command can be run on a growing folder again and again.
"""

from typing import Literal

from prefect import flow
from prefect.task_runners import ThreadPoolTaskRunner

from utilities.command_line import run
from utilities.tasks.files import find_files
from utilities.tasks.loading import Loaded, LoadOptions, load_table
from utilities.tasks.reports import publish_loads
from utilities.tasks.staging import StageOptions, infer_schema, stage_records

FileMode = Literal["append", "replace", "upsert", "insert_new", "history"]


@flow(
    name="file_ingest",
    task_runner=ThreadPoolTaskRunner(max_workers=2),  # type: ignore[arg-type]  # Prefect's typing
)
def file_ingest(
    source: str,
    table: str,
    mode: FileMode = "append",
    key: tuple[str, ...] = (),
    newest: str | None = None,
    quarantine: float | None = None,
) -> list[Loaded]:
    """Load CSV, JSON lines or Parquet files into a Redshift table, each file once.

    Types are inferred from all new files together, without loss: whatever could lose a digit,
    a zero or a letter stays text. The table is created, or gets the columns that it lacks. All
    files are checked before the first is loaded.

    Args:
        source: path, folder, glob in quotes ('data/*.csv'), s3://bucket/key or S3 prefix; plain
            or compressed (.gz, .zst).
        table: target as schema.table.
        mode: append adds the rows; upsert updates rows with the same key and adds the others;
            insert_new adds only new keys; history keeps a row for each version of a key; replace
            exchanges all rows for those of one file.
        key: column that identifies a row, for upsert; repeat it for several columns.
        newest: column whose greatest value wins when a key occurs more than once.
        quarantine: share of a file's rows (0 to 1) that may be set aside in a table of rejects
            because they do not fit; without it, the first one stops the load.

    Returns:
        What was done for each new file, in the order of their names.
    """
    files = find_files(source, table, one_file=mode == "replace")
    new_files = [file for file in files if file.loaded is None]
    columns = infer_schema(new_files, table, is_lenient=quarantine is not None)
    layout = StageOptions(
        columns=columns, key=key, unique_key=newest is None, quarantine=quarantine
    )
    staged = [stage_records.submit(file, table, layout) for file in new_files]
    batches = [future.result() for future in staged]
    options = LoadOptions(mode=mode, key=key, newest=newest)
    loads = [load_table(batch, table, options) for batch in batches]
    publish_loads(files, loads, table)
    return loads


if __name__ == "__main__":
    run(file_ingest)
