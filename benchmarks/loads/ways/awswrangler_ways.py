"""awswrangler: a pandas frame, written by `to_parquet` or `redshift.copy`.

Two uses: `dtype` casts what pandas has no type for, as awswrangler's documents show it; or the
frame is given types of Arrow by hand, which awswrangler does not have to cast.

Source: the docstrings of `s3.to_parquet` and `redshift.copy` in awswrangler 3.17, of which its
documents at https://aws-sdk-pandas.readthedocs.io/ are made.
"""

import json
import os
from pathlib import Path
from typing import Any

import awswrangler as wr  # type: ignore[import-not-found]
import pandas as pd
import redshift_connector  # type: ignore[import-not-found]

from benchmarks.loads.job import KEY, Job
from benchmarks.loads.schema import TYPES

TEXTS = ("first_name", "last_name", "email", "phone", "zip", "city", "notes")
PLAIN: dict[str, Any] = {"van_id": "int64", "opted_in": "bool"}
DATES = ("date_of_birth", "date_changed")
CASTS = {"date_of_birth": "date", "total_given": "decimal(12,2)"}
ARROW_TYPES: dict[str, Any] = {
    name: pd.ArrowDtype(TYPES[name]) for name in ("date_of_birth", "date_changed", "total_given")
}
PART_ROWS = 62_500
WIDTHS = {"notes": 1024}


def csv(job: Job) -> None:
    """A whole CSV file to Parquet files."""
    _to_files(job, _read(job), CASTS)


def csv_arrow(job: Job) -> None:
    """The same with types of Arrow."""
    _to_files(job, _read_arrow(job), None)


def pages(job: Job) -> None:
    """Records of an API to Parquet files; amounts stay the doubles that JSON has."""
    frame = pd.DataFrame(_records(job))
    for name in DATES:
        frame[name] = pd.to_datetime(frame[name])
    _to_files(job, frame, {"date_of_birth": "date"})


def pages_arrow(job: Job) -> None:
    """The same with types of Arrow."""
    _to_files(job, pd.DataFrame(_records(job)).astype(ARROW_TYPES), None)


def copy(job: Job) -> None:
    """A CSV file to a new table."""
    _copy(job, _read(job), CASTS, "overwrite")


def copy_arrow(job: Job) -> None:
    """The same with types of Arrow."""
    _copy(job, _read_arrow(job), None, "overwrite")


def upsert(job: Job) -> None:
    """A CSV file of changes into a table."""
    _copy(job, _read(job), CASTS, "upsert")


def upsert_arrow(job: Job) -> None:
    """The same with types of Arrow."""
    _copy(job, _read_arrow(job), None, "upsert")


def _read(job: Job) -> pd.DataFrame:
    return pd.read_csv(
        job.source,
        dtype=PLAIN | dict.fromkeys(TEXTS, "string"),
        parse_dates=list(DATES),
        keep_default_na=False,
        na_values=[""],
    )


def _read_arrow(job: Job) -> pd.DataFrame:
    texts = dict.fromkeys((*TEXTS, *ARROW_TYPES), "string[pyarrow]")
    frame = pd.read_csv(job.source, dtype=PLAIN | texts, keep_default_na=False, na_values=[""])
    return frame.astype(ARROW_TYPES)


def _records(job: Job) -> list[dict[str, Any]]:
    with Path(job.source).open("rb") as file:
        return [record for page in file for record in json.loads(page)]


def _to_files(job: Job, frame: pd.DataFrame, casts: dict[str, str] | None) -> None:
    wr.s3.to_parquet(
        frame, path=job.destination, dataset=True, max_rows_by_file=PART_ROWS, dtype=casts
    )


def _copy(job: Job, frame: pd.DataFrame, casts: dict[str, str] | None, mode: str) -> None:
    with redshift_connector.connect(
        host=os.environ["REDSHIFT_HOST"],
        port=int(os.environ["REDSHIFT_PORT"]),
        database=os.environ["REDSHIFT_DB"],
        user=os.environ["REDSHIFT_USERNAME"],
        password=os.environ["REDSHIFT_PASSWORD"],
        ssl=False,
    ) as connection:
        wr.redshift.copy(
            frame,
            path=job.destination,
            con=connection,
            table=job.table,
            schema=job.schema,
            dtype=casts,
            mode=mode,
            primary_keys=[KEY],
            varchar_lengths=WIDTHS,
            aws_access_key_id=os.environ["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=os.environ["AWS_SECRET_ACCESS_KEY"],
        )
