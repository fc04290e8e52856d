"""parsons: a Table, its guess of types, one gzip CSV, COPY.

Two uses: types are guessed, as parsons does when it is told nothing; or taken from a table that was
made by hand (`template_table`), which spares the guess. An upsert takes them from its target always,
and what is staged without a guess has no types to compare.

Source: the docstring of `Redshift.copy` in parsons 6.1, of which its documents at
https://move-coop.github.io/parsons/html/stable/index.html are made.
"""

import json
import os
from pathlib import Path

from parsons import Table
from parsons.databases.redshift import Redshift

from benchmarks.loads.job import KEY, Job

TEMPLATE = """
    CREATE TABLE {} (
        van_id BIGINT, first_name VARCHAR(256), last_name VARCHAR(256), email VARCHAR(256),
        phone VARCHAR(32), zip VARCHAR(16), city VARCHAR(256), date_of_birth DATE,
        date_changed TIMESTAMPTZ, opted_in BOOLEAN, total_given NUMERIC(12,2), notes VARCHAR(1024)
    )
"""


def csv(job: Job) -> None:
    """What `Redshift.copy` does before its COPY: the guess of types, gzip CSV, one object."""
    _up_to_copy(job, Table.from_csv(job.source))


def pages(job: Job) -> None:
    """The same for records of an API."""
    with Path(job.source).open("rb") as file:
        _up_to_copy(job, Table([record for page in file for record in json.loads(page)]))


def copy(job: Job) -> None:
    """A CSV file to a new table."""
    Redshift().copy(Table.from_csv(job.source), f"{job.schema}.{job.table}", if_exists="drop")


def copy_template(job: Job) -> None:
    """The same by way of a template, which is made first."""
    target, template = f"{job.schema}.{job.table}", f"{job.schema}.template"
    redshift = Redshift()
    redshift.query(TEMPLATE.format(template))
    redshift.copy(Table.from_csv(job.source), target, if_exists="drop", template_table=template)


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
