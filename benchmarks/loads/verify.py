"""Whether what was staged or loaded is what it should be: every row, every column, by value."""

import csv as python_csv
import gzip
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv
import pyarrow.parquet as pq
from mypy_boto3_s3 import S3Client
from psycopg2 import sql
from psycopg2.extensions import connection as Connection

from benchmarks.loads.job import COLUMNS, KEY, Job
from benchmarks.loads.values import NotTheSame, differing, flat


class Result(Protocol):
    """Rows that a way has produced, in any order."""

    def column(self, name: str) -> pa.ChunkedArray | None:
        """A whole column; None when there is none of that name."""


class ParquetFiles:
    """Staged Parquet files, read a column at a time: ten million rows do not fit otherwise."""

    def __init__(self, files: Iterable[Path]) -> None:
        self._files = sorted(files)

    def column(self, name: str) -> pa.ChunkedArray | None:
        tables = [
            pq.read_table(file, columns=[name], partitioning=None)
            for file in self._files
            if name in pq.read_schema(file).names
        ]
        return pa.concat_tables(tables, promote_options="permissive")[name] if tables else None


class InMemory:
    """Rows as a table in memory."""

    def __init__(self, table: pa.Table) -> None:
        self._table = table

    def column(self, name: str) -> pa.ChunkedArray | None:
        return self._table[name] if name in self._table.column_names else None


def problems(found: Result, expected: Path) -> list[str]:
    """What is wrong with a result, a sentence for each column; none when it is right."""
    schema = pq.read_schema(expected)
    wanted = ParquetFiles([expected])
    keys, right = found.column(KEY), wanted.column(KEY)
    if keys is None or right is None:
        return [f"{KEY} is missing"]
    if len(keys) != len(right):
        return [f"{len(keys):,} rows instead of {len(right):,}"]
    order = pc.sort_indices(keys)
    if not keys.cast(pa.int64()).take(order).equals(right):
        return [f"the values of {KEY} are not those of the source"]
    return [
        f"{name}: {said}"
        for name in schema.names
        if (said := _compare(found.column(name), wanted.column(name), order, schema.field(name)))
    ]


def _compare(
    found: pa.ChunkedArray | None, right: pa.ChunkedArray | None, order: pa.Array, field: pa.Field
) -> str:
    if found is None:
        return "missing"
    try:
        count = differing(flat(found.take(order), field.type), flat(right, field.type))
    except NotTheSame as error:
        return str(error)
    return f"{count:,} of {len(order):,} values differ" if count else ""


def staged(client: S3Client, job: Job, folder: Path) -> Result:
    """What lies under the job's prefix: Parquet files, or the one gzip CSV of parsons."""
    folder.mkdir(parents=True, exist_ok=True)
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=job.bucket, Prefix=job.prefix)
    keys = [entry["Key"] for page in pages for entry in page.get("Contents", [])]
    files = []
    for number, key in enumerate(key for key in keys if "/_dlt_" not in key):
        if key.endswith((".parquet", ".csv.gz")):
            name = key.rpartition("/")[2]
            files.append(folder / f"{number}-{name}")
            client.download_file(job.bucket, key, str(files[-1]))
    if len(files) == 1 and files[0].suffix == ".gz":
        return InMemory(_read_csv(files[0], quoted_null=True))
    return ParquetFiles(files)


def loaded(connection: Connection, job: Job, folder: Path) -> Result:
    """What the job's table holds."""
    folder.mkdir(parents=True, exist_ok=True)
    names = sql.SQL(", ").join(map(sql.Identifier, COLUMNS))
    table = sql.Identifier(job.schema, job.table)
    statement = sql.SQL("COPY (SELECT {} FROM {}) TO STDOUT (FORMAT csv, HEADER)")
    file = folder / "table.csv"
    with connection.cursor() as cursor, file.open("wb") as out:
        cursor.copy_expert(statement.format(names, table), out)
    return InMemory(_read_csv(file, quoted_null=False))


def _read_csv(file: Path, *, quoted_null: bool) -> pa.Table:
    opened = gzip.open(file, "rt") if file.suffix == ".gz" else file.open()
    with opened as lines:
        names = next(python_csv.reader(lines))
    return arrow_csv.read_csv(
        file,
        parse_options=arrow_csv.ParseOptions(newlines_in_values=True),
        convert_options=arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            strings_can_be_null=True,
            quoted_strings_can_be_null=quoted_null,
            null_values=[""],
        ),
    )
