"""Leave out the rows that a later job of one export repeats.

Jobs of one export share a window, and a record that changed in it may also be among the ids of
another job. Either version of such a record is right: what changed after the window ends comes
with the next one.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import replace

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from utilities.objects import ObjectStore
from utilities.references import Staged, find_column
from utilities.staging import StageOptions, stage


def without_repeats(
    jobs: Sequence[Sequence[Staged]], key: str, place: str, store: ObjectStore
) -> list[Staged]:
    """Return the batches of all jobs, each key once: where it was exported first.

    Args:
        jobs: batches of each job; within one, a key that is there twice is left for the load to
            refuse.
        key: column that identifies a row.
        place: `s3://` prefix for batches that have to be staged again.
        store: reads and writes.
    """
    kept = list(jobs[0])
    if len(jobs) == 1:
        return kept
    seen = _keys(jobs[0], key, store)
    for number, batches in enumerate(jobs[1:], start=1):
        own = _keys(batches, key, store)
        for position, batch in enumerate(batches):
            repeated = pc.is_in(_keys([batch], key, store), value_set=seen)
            if pc.any(repeated, min_count=0).as_py():
                batch = _again(batch, key, seen, f"{place}{number:05d}-{position:05d}/", store)
            kept.append(batch)
        seen = pa.chunked_array([*seen.chunks, *own.chunks], None if own.chunks else seen.type)
    return kept


def _again(
    batch: Staged, key: str, seen: pa.ChunkedArray, place: str, store: ObjectStore
) -> Staged:
    columns = tuple(replace(column, source_name=column.name) for column in batch.columns)
    name = _staged_name(batch, key)

    def rows() -> pa.RecordBatchReader:
        tables = _tables(batch, store)
        first = next(tables)

        def kept() -> Iterator[pa.RecordBatch]:
            for table in (first, *tables):
                is_new = pc.invert(pc.is_in(table[name], value_set=seen))
                yield from table.filter(is_new).to_batches()

        return pa.RecordBatchReader.from_batches(first.schema, kept())

    options = StageOptions(name=batch.source, declared=columns, key=(name,), empty="stage")
    staged = stage(rows, destination=place, store=store, options=options)
    return replace(staged, notes=batch.notes)


def _keys(batches: Sequence[Staged], key: str, store: ObjectStore) -> pa.ChunkedArray:
    chunks = [
        chunk
        for batch in batches
        for table in _tables(batch, store, [_staged_name(batch, key)])
        for chunk in table.column(0).chunks
    ]
    return pa.chunked_array(chunks, None if chunks else pa.int64())


def _tables(
    batch: Staged, store: ObjectStore, columns: list[str] | None = None
) -> Iterator[pa.Table]:
    with store.open(batch.manifest) as file:
        entries = msgspec.json.decode(file.read())["entries"]
    for entry in entries:
        with store.open(entry["url"]) as file:
            yield pq.read_table(io.BytesIO(file.read()), columns=columns)


def _staged_name(batch: Staged, key: str) -> str:
    column = find_column(batch.columns, key)
    return column.name if column else key
