"""dlt: a pipeline to Parquet files on S3, or by way of S3 into Redshift.

The state of a pipeline is in a folder, as it would be in production.
"""

import csv as python_csv
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dlt  # type: ignore[import-not-found]
import pyarrow as pa
import pyarrow.csv as arrow_csv
from dlt.destinations import filesystem, redshift  # type: ignore[import-not-found]

from benchmarks.loads.job import COLUMNS, KEY, Job

TYPES = {
    "van_id": pa.int64(),
    "date_of_birth": pa.date32(),
    "date_changed": pa.timestamp("us", "UTC"),
    "opted_in": pa.bool_(),
    "total_given": pa.decimal128(12, 2),
}
HINTS: dict[str, Any] = {
    "van_id": {"data_type": "bigint"},
    "date_of_birth": {"data_type": "date"},
    "date_changed": {"data_type": "timestamp"},
    "opted_in": {"data_type": "bool"},
    "total_given": {"data_type": "decimal", "precision": 12, "scale": 2},
}
TABLE = "contacts"
PAGE_ROWS = 1_000


def csv_arrow(job: Job) -> None:
    """Arrow batches of a CSV file to Parquet files."""
    _to_files(job, dlt.resource(_batches(job.source), name=TABLE))


def csv_arrow_large(job: Job) -> None:
    """The same in batches eight times as large: each passes through dlt by itself."""
    _to_files(job, dlt.resource(_batches(job.source, block_bytes=8 << 20), name=TABLE))


def csv_rows(job: Job) -> None:
    """Rows of a CSV file, as Python's reader gives them, to Parquet files."""
    _to_files(job, dlt.resource(_pages(job.source), name=TABLE, columns=HINTS))


def pages(job: Job) -> None:
    """Records of an API to Parquet files; nested fields stay whole, as JSON."""

    def records() -> Iterator[list[dict[str, Any]]]:
        with Path(job.source).open("rb") as file:
            for page in file:
                yield json.loads(page)

    nested: dict[str, Any] = {name: {"data_type": "json"} for name in ("address", "tags")}
    _to_files(job, dlt.resource(records(), name=TABLE, columns=HINTS | nested))


def copy(job: Job) -> None:
    """Arrow batches of a CSV file to a new table, by way of S3."""
    _to_redshift(job, "replace")


def upsert(job: Job) -> None:
    """Arrow batches of changes into a table, by way of S3."""
    _to_redshift(job, "merge")


def _pages(source: str) -> Iterator[list[dict[str, Any]]]:
    with Path(source).open(newline="", encoding="utf-8") as file:
        page: list[dict[str, Any]] = []
        for row in python_csv.DictReader(file):
            page.append({name: value or None for name, value in row.items()})
            if len(page) == PAGE_ROWS:
                yield page
                page = []
        yield page


def _batches(source: str, block_bytes: int = 1 << 20) -> Iterator[pa.RecordBatch]:
    types = {name: TYPES.get(name, pa.string()) for name in COLUMNS}
    with arrow_csv.open_csv(
        source,
        read_options=arrow_csv.ReadOptions(block_size=block_bytes),
        parse_options=arrow_csv.ParseOptions(newlines_in_values=True),
        convert_options=arrow_csv.ConvertOptions(
            column_types=types, strings_can_be_null=True, null_values=[""]
        ),
    ) as reader:
        yield from reader


def _to_files(job: Job, resource: Any) -> None:
    pipeline = dlt.pipeline("files", pipelines_dir=job.folder, dataset_name="staged")
    pipeline.run(resource, destination=filesystem(job.destination), loader_file_format="parquet")


def _to_redshift(job: Job, disposition: Any) -> None:
    pipeline = dlt.pipeline(
        f"into_{job.table}",
        pipelines_dir=job.folder,
        dataset_name=job.schema,
        destination=redshift(
            {
                "host": os.environ["REDSHIFT_HOST"],
                "port": int(os.environ["REDSHIFT_PORT"]),
                "database": os.environ["REDSHIFT_DB"],
                "username": os.environ["REDSHIFT_USERNAME"],
                "password": os.environ["REDSHIFT_PASSWORD"],
            }
        ),
        staging=filesystem(job.destination),
    )
    resource = dlt.resource(
        _batches(job.source), name=job.table, write_disposition=disposition, primary_key=KEY
    )
    pipeline.run(resource, loader_file_format="parquet")
