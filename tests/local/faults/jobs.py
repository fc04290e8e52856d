"""What is done in a process that a test kills: a file is staged and loaded, as the tasks do it."""

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from utilities.objects import ObjectStore, Patience
from utilities.redshift import LoadOptions, find_loaded, load
from utilities.references import Loaded, Staged, TableName
from utilities.settings import Settings
from utilities.staging import StageOptions, infer_columns, stage

ANY = TableName("any", "table")
"""A staged batch does not know its table; only where it lies is called after one."""

SHORT_PATIENCE = Patience(attempts=2, connect_seconds=2, read_seconds=0.5)


def stage_batch(
    file: Path,
    table: TableName,
    options: LoadOptions,
    settings: Settings,
    patience: Patience = Patience(),
) -> Staged:
    """Stage a file at the address that its content and its table decide."""
    store = ObjectStore(settings, patience)
    batch_key = sha256(file.read_bytes()).hexdigest()
    columns = infer_columns([str(file)], store, {})
    return stage(
        str(file),
        destination=f"s3://{settings.s3_temp_bucket}/{staging_prefix(table)}{batch_key}/",
        store=store,
        options=StageOptions(columns=columns, key=options.key),
    )


def staging_prefix(table: TableName) -> str:
    """Where the staged files of a table lie in the bucket."""
    return f"staging/{table}/"


def load_batch(
    staged: Staged, table: TableName, options: LoadOptions, settings: Settings
) -> Loaded:
    """Load a staged batch, and delete its files after the commit."""
    loaded = load(staged, table, options, settings)
    ObjectStore(settings).empty(staged.manifest.rpartition("/")[0] + "/")
    return loaded


def ingest(file: Path, table: TableName, options: LoadOptions, settings: Settings) -> Loaded:
    """Stage a file and load it."""
    return load_batch(stage_batch(file, table, options, settings), table, options, settings)


def ingest_new(
    files: Sequence[Path], table: TableName, options: LoadOptions, settings: Settings
) -> int:
    """Stage and load, one after another, the files that the ledger does not know; return how
    many."""
    keys = {sha256(file.read_bytes()).hexdigest(): file for file in files}
    known = find_loaded(list(keys), table, settings)
    new = [file for key, file in keys.items() if key not in known]
    for file in new:
        ingest(file, table, options, settings)
    return len(new)


def load_all(
    batches: Sequence[Staged], table: TableName, options: LoadOptions, settings: Settings
) -> list[Loaded]:
    """Load batches one after another."""
    return [load(batch, table, options, settings) for batch in batches]
