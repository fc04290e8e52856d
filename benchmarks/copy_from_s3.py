"""COPY of a million rows of mixed types from S3, against psql's \\copy of the same rows.

psql loads one local CSV file straight into the PostgreSQL behind the front; the front loads the
same rows from 16 objects, checks every value as Redshift would, and pays for S3 on the same
machine. The runs alternate, so that a busy machine slows all of them.

Run: .venv/bin/python -m benchmarks.copy_from_s3
"""

import gzip
import io
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import boto3
import numpy as np
import psycopg2
import pyarrow as pa
import pyarrow.csv as arrow_csv
import pyarrow.parquet as pq
from rich.console import Console
from rich.table import Table

from infrastructure.local.folder import Folder
from infrastructure.local.postgres import binary
from infrastructure.local.stack import Stack, temporary_stack

ROWS, PARTS, RUNS = 1_000_000, 16, 5
GOAL = 0.5
ROLE = "IAM_ROLE 'arn:aws:iam::123456789012:role/loader'"
COLUMNS = (
    "id bigint, household integer, first_name varchar(40), email varchar(80), zip varchar(10),"
    " amount numeric(12,2), score double precision, active boolean, born date, seen timestamp,"
    " note varchar(256), state char(2)"
)


def main() -> None:
    """Print the median of each way, and its speed as a share of psql's."""
    with tempfile.TemporaryDirectory() as name, temporary_stack(prefect=False) as stack:
        local = Path(name) / "rows.csv"
        _write_files(stack, local)
        ways: dict[str, Callable[[], None]] = {
            "psql \\copy, one local CSV file": lambda: _psql(stack, local),
            "COPY, 16 CSV objects": lambda: _copy(stack, "csv/", "CSV"),
            "COPY, 16 gzip CSV objects": lambda: _copy(stack, "gzip/", "CSV GZIP"),
            "COPY, 16 Parquet objects": lambda: _copy(stack, "parquet/", "FORMAT PARQUET"),
        }
        times: dict[str, list[float]] = {way: [] for way in ways}
        for _ in range(RUNS + 1):
            for way, load in ways.items():
                _sql(stack, f"DROP TABLE IF EXISTS loaded; CREATE TABLE loaded ({COLUMNS})")
                started = time.perf_counter()
                load()
                times[way].append(time.perf_counter() - started)
                _sql(stack, "SELECT 1 / (count(*) = 1000000)::int FROM loaded")
    _show({way: seconds[1:] for way, seconds in times.items()})


def _write_files(stack: Stack, local: Path) -> None:
    client = boto3.client(
        "s3",
        endpoint_url=stack.variables["AWS_ENDPOINT_URL"],
        aws_access_key_id=stack.variables["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=stack.variables["AWS_SECRET_ACCESS_KEY"],
        region_name=stack.variables["AWS_DEFAULT_REGION"],
    )
    bucket = stack.variables["S3_TEMP_BUCKET"]
    with local.open("wb") as whole:
        for part in range(PARTS):
            table = _rows(part)
            text, columnar = io.BytesIO(), io.BytesIO()
            arrow_csv.write_csv(table, text, arrow_csv.WriteOptions(include_header=False))
            pq.write_table(table, columnar)
            whole.write(text.getvalue())
            contents = {
                f"csv/{part:02}.csv": text.getvalue(),
                f"gzip/{part:02}.csv.gz": gzip.compress(text.getvalue(), 6),
                f"parquet/{part:02}.parquet": columnar.getvalue(),
            }
            for key, content in contents.items():
                client.put_object(Bucket=bucket, Key=key, Body=content)


def _rows(part: int) -> pa.Table:
    """Contact-like rows: every kind of type, some nulls, some quotes and letters beyond ASCII."""
    count = ROWS // PARTS
    dice = np.random.default_rng(part)
    names = np.array(["Ana", "Bob", 'Chris "C"', "Dörte", "Eve", "Fay, Jr", "Gus", "Hal"])
    cents = pa.array(dice.integers(0, 10**7, count).astype(str))
    thirds = dice.random(count) < 1 / 3
    note = "spoke at the door, wants to hear again before the primary"
    return pa.table(
        {
            "id": pa.array(np.arange(count) + part * count),
            "household": pa.array(dice.integers(0, 10**6, count), pa.int32()),
            "first_name": pa.array(names[dice.integers(0, len(names), count)]),
            "email": pa.array(
                [f"{number}@example.org" for number in dice.integers(0, 10**9, count)]
            ),
            "zip": pa.array([f"{number:05}" for number in dice.integers(0, 99_999, count)]),
            "amount": cents.cast(pa.decimal128(12, 2)),
            "score": pa.array(dice.random(count)),
            "active": pa.array(dice.random(count) > 0.5),
            "born": pa.array(dice.integers(0, 20_000, count), pa.int32()).cast(pa.date32()),
            "seen": pa.array(dice.integers(10**15, 16 * 10**14, count), pa.timestamp("us")),
            "note": pa.array(np.full(count, note), mask=thirds),
            "state": pa.array(np.array(["NY", "CA", "TX"])[dice.integers(0, 3, count)]),
        }
    )


def _psql(stack: Stack, local: Path) -> None:
    where = ["-h", str(Folder(stack.root).sockets), "-U", "postgres", "-d", "dev"]
    command = [str(binary("psql")), "-X", "-q", *where]
    subprocess.run([*command, "-c", f"\\copy loaded FROM '{local}' (FORMAT csv)"], check=True)


def _copy(stack: Stack, prefix: str, options: str) -> None:
    source = f"s3://{stack.variables['S3_TEMP_BUCKET']}/{prefix}"
    _sql(stack, f"COPY loaded FROM '{source}' {ROLE} {options}")


def _sql(stack: Stack, statement: str) -> None:
    connection = psycopg2.connect(**stack.warehouse)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
    finally:
        connection.close()


def _show(times: dict[str, list[float]]) -> None:
    medians = {way: statistics.median(seconds) for way, seconds in times.items()}
    base = next(iter(medians.values()))
    table = Table(title=f"{ROWS:,} rows, medians of {RUNS} runs")
    for heading in ("way", "seconds", "speed, share of psql's", f"goal {GOAL}"):
        table.add_column(heading, justify="left" if heading == "way" else "right")
    for way, median in medians.items():
        share = base / median
        table.add_row(way, f"{median:.2f}", f"{share:.2f}", "met" if share >= GOAL else "missed")
    Console().print(table)


if __name__ == "__main__":
    main()
