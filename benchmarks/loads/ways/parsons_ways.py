"""parsons: a Table, its guess of types, one gzip CSV, COPY."""

import json
import os
from pathlib import Path

from parsons import Table
from parsons.databases.redshift import Redshift

from benchmarks.loads.job import KEY, Job


def csv(job: Job) -> None:
    """What `Redshift.copy` does before its COPY: the guess of types, gzip CSV, one object."""
    _up_to_copy(job, Table.from_csv(job.source))


def pages(job: Job) -> None:
    """The same for records of an API."""
    with Path(job.source).open("rb") as file:
        records = [record for page in file for record in json.loads(page)]
    _up_to_copy(job, Table(records))


def copy(job: Job) -> None:
    """A CSV file to a new table."""
    Redshift().copy(Table.from_csv(job.source), f"{job.schema}.{job.table}", if_exists="drop")


def upsert(job: Job) -> None:
    """A CSV file of changes into a table."""
    target = f"{job.schema}.{job.table}"
    Redshift().upsert(Table.from_csv(job.source), target, primary_key=KEY, vacuum=False)


def _up_to_copy(job: Job, table: Table) -> None:
    redshift = Redshift()
    # Where parsons puts its object is otherwise known only to its own COPY.
    redshift.s3_temp_bucket_prefix = job.prefix.rstrip("/")
    redshift.create_statement(table, f"{job.schema}.{job.table}")
    redshift.temp_s3_copy(
        table, os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"]
    )
