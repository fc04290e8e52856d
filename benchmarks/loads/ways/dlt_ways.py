"""dlt: a pipeline to Parquet files on S3, or by way of S3 into Redshift.

Two uses: as its documents show it, with Arrow as Arrow's reader gives it or with pages of records;
and tuned by hand, with larger batches (each passes through every step of dlt by itself). The state of a pipeline is in a folder, as it would be in production.

Sources: https://dlthub.com/docs/dlt-ecosystem/verified-sources/arrow-pandas and
https://dlthub.com/docs/reference/performance, read 2026-11-21.
"""

import csv as python_csv
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dlt  # type: ignore[import-not-found]
import orjson
import pyarrow as pa
import pyarrow.csv as arrow_csv
from dlt.destinations import filesystem, redshift  # type: ignore[import-not-found]

from benchmarks.loads.job import KEY, Job
from benchmarks.loads.schema import NESTED, NESTED_IN_JSON, SCHEMA

HINTS: dict[str, Any] = {
    "van_id": {"data_type": "bigint"},
    "date_of_birth": {"data_type": "date"},
    "date_changed": {"data_type": "timestamp"},
    "opted_in": {"data_type": "bool"},
    "total_given": {"data_type": "decimal", "precision": 12, "scale": 2},
}
TABLE = "contacts"
PAGE_ROWS = 1_000
BLOCK_BYTES, LARGE_BYTES = 1 << 20, 8 << 20
"""What Arrow's reader takes at once when it is told nothing; what it is told by hand."""


def csv_arrow(job: Job) -> None:
    """Arrow batches of a CSV file to Parquet files."""
    _to_files(job, dlt.resource(_batches(job.source), name=TABLE))


def csv_arrow_large(job: Job) -> None:
    """The same in batches eight times as large."""
    _to_files(job, dlt.resource(_batches(job.source, LARGE_BYTES), name=TABLE))


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


def pages_arrow_large(job: Job) -> None:
    """Records of an API as Arrow tables of 8 MB of JSON to Parquet files."""
    _to_files(job, dlt.resource(_tables(job.source), name=TABLE))


def copy(job: Job) -> None:
    """Arrow batches of a CSV file to a new table, by way of S3."""
    _to_redshift(job, "replace")


def copy_large(job: Job) -> None:
    """The same in batches eight times as large."""
    _to_redshift(job, "replace", LARGE_BYTES)


def upsert(job: Job) -> None:
    """Arrow batches of changes into a table, by way of S3."""
    _to_redshift(job, "merge")


def upsert_large(job: Job) -> None:
    """The same in batches eight times as large."""
    _to_redshift(job, "merge", LARGE_BYTES)


def _pages(source: str) -> Iterator[list[dict[str, Any]]]:
    with Path(source).open(newline="", encoding="utf-8") as file:
        page: list[dict[str, Any]] = []
        for row in python_csv.DictReader(file):
            page.append({name: value or None for name, value in row.items()})
            if len(page) == PAGE_ROWS:
                yield page
                page = []
        yield page


def _batches(source: str, block_bytes: int = BLOCK_BYTES) -> Iterator[pa.RecordBatch]:
    with arrow_csv.open_csv(
        source,
        read_options=arrow_csv.ReadOptions(block_size=block_bytes),
        parse_options=arrow_csv.ParseOptions(newlines_in_values=True),
        convert_options=arrow_csv.ConvertOptions(
            column_types=SCHEMA, strings_can_be_null=True, null_values=[""]
        ),
    ) as reader:
        yield from reader


def _tables(source: str) -> Iterator[pa.Table]:
    records: list[dict[str, Any]] = []
    size_bytes = 0
    with Path(source).open("rb") as file:
        for page in file:
            records += orjson.loads(page)
            size_bytes += len(page)
            if size_bytes >= LARGE_BYTES:
                yield pa.Table.from_pylist(records, NESTED_IN_JSON).cast(NESTED)
                records, size_bytes = [], 0
    if records:
        yield pa.Table.from_pylist(records, NESTED_IN_JSON).cast(NESTED)


def _to_files(job: Job, resource: Any) -> None:
    pipeline = dlt.pipeline("files", pipelines_dir=job.folder, dataset_name="staged")
    pipeline.run(resource, destination=filesystem(job.destination), loader_file_format="parquet")


def _to_redshift(job: Job, disposition: Any, block_bytes: int = BLOCK_BYTES) -> None:
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
        _batches(job.source, block_bytes),
        name=job.table,
        write_disposition=disposition,
        primary_key=KEY,
    )
    pipeline.run(resource, loader_file_format="parquet")
