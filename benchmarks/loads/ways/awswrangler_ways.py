"""awswrangler: a pandas frame with the right types, written by `to_parquet` or `redshift.copy`."""

import json
import os
from pathlib import Path

import awswrangler as wr  # type: ignore[import-not-found]
import pandas as pd
import pyarrow as pa
import redshift_connector  # type: ignore[import-not-found]

from benchmarks.loads.job import COLUMNS, KEY, Job

TYPES = {
    "date_of_birth": pd.ArrowDtype(pa.date32()),
    "date_changed": pd.ArrowDtype(pa.timestamp("us", "UTC")),
    "total_given": pd.ArrowDtype(pa.decimal128(12, 2)),
}
"""pandas' own types hold none of these; awswrangler's casts to them go through Python objects."""

CSV_TYPES = {
    **dict.fromkeys(COLUMNS, "string[pyarrow]"),
    "van_id": "int64",
    "opted_in": "bool",
}
PART_ROWS = 62_500
WIDTHS = {"notes": 1024}


def csv(job: Job) -> None:
    """A whole CSV file to Parquet files."""
    wr.s3.to_parquet(_read(job), path=job.destination, dataset=True, max_rows_by_file=PART_ROWS)


def pages(job: Job) -> None:
    """Records of an API to Parquet files."""
    with Path(job.source).open("rb") as file:
        records = [record for page in file for record in json.loads(page)]
    frame = pd.DataFrame(records).astype(TYPES)
    wr.s3.to_parquet(frame, path=job.destination, dataset=True, max_rows_by_file=PART_ROWS)


def copy(job: Job) -> None:
    """A CSV file to a new table."""
    _copy(job, "overwrite")


def upsert(job: Job) -> None:
    """A CSV file of changes into a table."""
    _copy(job, "upsert")


def _read(job: Job) -> pd.DataFrame:
    frame = pd.read_csv(job.source, dtype=CSV_TYPES, keep_default_na=False, na_values=[""])
    return frame.astype(TYPES)


def _copy(job: Job, mode: str) -> None:
    with redshift_connector.connect(
        host=os.environ["REDSHIFT_HOST"],
        port=int(os.environ["REDSHIFT_PORT"]),
        database=os.environ["REDSHIFT_DB"],
        user=os.environ["REDSHIFT_USERNAME"],
        password=os.environ["REDSHIFT_PASSWORD"],
        ssl=False,
    ) as connection:
        wr.redshift.copy(
            _read(job),
            path=job.destination,
            con=connection,
            table=job.table,
            schema=job.schema,
            mode=mode,
            primary_keys=[KEY],
            varchar_lengths=WIDTHS,
            aws_access_key_id=os.environ["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=os.environ["AWS_SECRET_ACCESS_KEY"],
        )
