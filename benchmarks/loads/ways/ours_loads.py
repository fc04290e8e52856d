"""Ours: `stage` and `load`, as a flow's tasks call them."""

from benchmarks.loads.job import KEY, Job
from benchmarks.loads.ways.ours import stage_csv
from utilities.redshift import LoadOptions, load, parse_table_name
from utilities.settings import load_settings


def copy(job: Job) -> None:
    """A CSV file to a new table, with its row in the ledger."""
    table = parse_table_name(f"{job.schema}.{job.table}")
    load(stage_csv(job), table, LoadOptions(mode="append"), load_settings())


def upsert(job: Job) -> None:
    """A CSV file of changes into a table, with its row in the ledger."""
    table = parse_table_name(f"{job.schema}.{job.table}")
    options = LoadOptions(mode="upsert", key=(KEY,))
    load(stage_csv(job, key=(KEY,)), table, options, load_settings())
