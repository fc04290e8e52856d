"""Ours: `stage`, as a flow's task calls it."""

from pathlib import Path

from benchmarks.loads.job import Job
from utilities.objects import ObjectStore
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
    stage_csv(job)


def csv_inferred(job: Job) -> None:
    """The same, its schema inferred."""
    store = ObjectStore(load_settings())
    stage(job.source, destination=job.destination, store=store)


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


def stage_csv(job: Job, key: tuple[str, ...] = ()) -> Staged:
    """Stage a CSV file of contacts whose schema is declared."""
    options = StageOptions(declared=declare(CONTACTS), schema_policy="freeze", key=key)
    store = ObjectStore(load_settings())
    return stage(job.source, destination=job.destination, store=store, options=options)
