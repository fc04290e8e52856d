"""Ours: `stage` and `load`, as a flow's tasks call them; each tells how long the two took."""

import time

from benchmarks.loads.job import KEY, Job
from benchmarks.loads.ways.ours import stage_csv
from utilities.redshift import LoadOptions, load, parse_table_name
from utilities.settings import load_settings


def copy(job: Job) -> dict[str, float]:
    """A CSV file to a new table, with its row in the ledger."""
    return _timed(job, LoadOptions(mode="append"))


def upsert(job: Job) -> dict[str, float]:
    """A CSV file of changes into a table, with its row in the ledger."""
    return _timed(job, LoadOptions(mode="upsert", key=(KEY,)))


def _timed(job: Job, options: LoadOptions) -> dict[str, float]:
    started = time.perf_counter()
    staged = stage_csv(job, key=options.key)
    between = time.perf_counter()
    load(staged, parse_table_name(f"{job.schema}.{job.table}"), options, load_settings())
    return {"staging": between - started, "loading": time.perf_counter() - between}
