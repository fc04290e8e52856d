"""Ours: `stage` and `load`, as a flow's tasks call them."""

from pathlib import Path

from benchmarks.loads.job import KEY, Job
from utilities.objects import ObjectStore
from utilities.redshift import LoadOptions, load, parse_table_name
from utilities.references import Staged
from utilities.settings import load_settings
from utilities.staging import JsonPages, StageOptions, declare, stage

CONTACTS = {
    "van_id": "BIGINT",
    "first_name": "VARCHAR",
    "last_name": "VARCHAR",
    "email": "VARCHAR",
    "phone": "VARCHAR",
    "zip": "VARCHAR",
    "city": "VARCHAR",
    "date_of_birth": "DATE",
    "date_changed": "TIMESTAMPTZ",
    "opted_in": "BOOLEAN",
    "total_given": "NUMERIC(12,2)",
    "notes": "VARCHAR",
}
NESTED = CONTACTS | {"address": "SUPER", "tags": "SUPER"}


def csv_declared(job: Job) -> None:
    """A CSV file to Parquet parts and a manifest, its schema declared."""
    _stage_csv(job, StageOptions(declared=declare(CONTACTS), schema_policy="freeze"))


def csv_inferred(job: Job) -> None:
    """The same, its schema inferred."""
    _stage_csv(job, StageOptions())


def pages(job: Job) -> None:
    """Pages of an API, as bytes, to Parquet parts and a manifest."""
    options = StageOptions(declared=declare(NESTED), schema_policy="freeze")
    store = ObjectStore(load_settings())
    with Path(job.source).open("rb") as file:
        stage(JsonPages(file), destination=job.destination, store=store, options=options)


def dicts(job: Job, records: list[dict[str, object]]) -> None:
    """Python dicts to Parquet parts and a manifest."""
    options = StageOptions(declared=declare(NESTED), schema_policy="freeze")
    store = ObjectStore(load_settings())
    stage(records, destination=job.destination, store=store, options=options)


def copy(job: Job) -> None:
    """A CSV file to a new table, with its row in the ledger."""
    staged = _stage_csv(job, StageOptions(declared=declare(CONTACTS), schema_policy="freeze"))
    table = parse_table_name(f"{job.schema}.{job.table}")
    load(staged, table, LoadOptions(mode="append"), load_settings())


def upsert(job: Job) -> None:
    """A CSV file of changes into a table, with its row in the ledger."""
    options = StageOptions(declared=declare(CONTACTS), schema_policy="freeze", key=(KEY,))
    table = parse_table_name(f"{job.schema}.{job.table}")
    load(_stage_csv(job, options), table, LoadOptions(mode="upsert", key=(KEY,)), load_settings())


def _stage_csv(job: Job, options: StageOptions) -> Staged:
    store = ObjectStore(load_settings())
    return stage(job.source, destination=job.destination, store=store, options=options)
