"""The floor: what plain pyarrow and boto3 take when the schema is known and nothing is checked."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import boto3
import pyarrow as pa
import pyarrow.csv as arrow_csv
import pyarrow.json as arrow_json
import pyarrow.parquet as pq

from benchmarks.loads.job import Job
from benchmarks.loads.schema import NESTED, NESTED_IN_JSON, SCHEMA

T = TypeVar("T")
PART_ROWS = 62_500
WRITERS = 2


def csv(job: Job) -> None:
    """Stream a CSV file into Parquet parts."""
    reader = arrow_csv.open_csv(
        job.source,
        parse_options=arrow_csv.ParseOptions(newlines_in_values=True),
        convert_options=arrow_csv.ConvertOptions(
            column_types=SCHEMA, strings_can_be_null=True, null_values=[""]
        ),
    )
    with reader:
        _write_parts(job, _tables(reader), lambda table: table)


def pages(job: Job) -> None:
    """Hand pages of JSON to Arrow's reader as lines, without Python objects."""
    import msgspec

    def parsed(lines: bytes) -> pa.Table:
        # Arrow reads no date from JSON text; everything else it takes as it should be.
        asked = NESTED.set(
            NESTED.get_field_index("date_of_birth"), pa.field("date_of_birth", "string")
        )
        options = arrow_json.ParseOptions(explicit_schema=asked, unexpected_field_behavior="error")
        table = arrow_json.read_json(pa.BufferReader(lines), parse_options=options)
        return table.cast(NESTED)

    records = msgspec.json.Decoder(list[msgspec.Raw]).decode

    def joined() -> Iterator[bytes]:
        pending: list[msgspec.Raw] = []
        with Path(job.source).open("rb") as file:
            for page in file:
                pending += records(page)
                if len(pending) >= PART_ROWS:
                    yield b"\n".join(pending)
                    pending = []
        if pending:
            yield b"\n".join(pending)

    _write_parts(job, joined(), parsed)


def dicts(job: Job, records: list[dict[str, object]]) -> None:
    """Turn Python dicts into Arrow tables a batch at a time."""

    def typed(batch: list[dict[str, object]]) -> pa.Table:
        return pa.Table.from_pylist(batch, NESTED_IN_JSON).cast(NESTED)

    batches = (records[first : first + PART_ROWS] for first in range(0, len(records), PART_ROWS))
    _write_parts(job, batches, typed)


def _tables(reader: arrow_csv.CSVStreamingReader) -> Iterator[pa.Table]:
    pending: list[pa.RecordBatch] = []
    rows = 0
    for batch in reader:
        pending.append(batch)
        rows += batch.num_rows
        if rows >= PART_ROWS:
            yield pa.Table.from_batches(pending)
            pending, rows = [], 0
    if pending:
        yield pa.Table.from_batches(pending)


def _write_parts(job: Job, pieces: Iterable[T], typed: Callable[[T], pa.Table]) -> None:
    client = boto3.client("s3")

    def write(number: int, piece: T) -> None:
        sink = pa.BufferOutputStream()
        pq.write_table(typed(piece), sink, compression="snappy")
        key = f"{job.prefix}part-{number:05d}.parquet"
        client.put_object(Bucket=job.bucket, Key=key, Body=sink.getvalue().to_pybytes())

    running: list[Future[None]] = []
    with ThreadPoolExecutor(WRITERS) as pool:
        for number, piece in enumerate(pieces):
            if len(running) >= WRITERS:
                running.pop(0).result()
            running.append(pool.submit(write, number, piece))
        for future in running:
            future.result()
