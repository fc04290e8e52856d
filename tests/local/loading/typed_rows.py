"""Batches of exactly the rows and types that a test names, put on S3 as staging puts them."""

import json
from collections.abc import Callable, Sequence
from typing import Any
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from utilities.objects import ObjectStore
from utilities.references import Column, Loaded, Staged
from utilities.settings import Settings

Row = tuple[Any, ...]
PutRows = Callable[..., Staged]

ARROW_TYPES = {
    "BIGINT": pa.int64(),
    "INTEGER": pa.int32(),
    "NUMERIC(18,2)": pa.decimal128(18, 2),
    "DOUBLE PRECISION": pa.float64(),
    "BOOLEAN": pa.bool_(),
    "DATE": pa.date32(),
    "TIMESTAMP": pa.timestamp("us"),
    "TIMESTAMPTZ": pa.timestamp("us", tz="UTC"),
    "VARCHAR": pa.string(),
    "SUPER": pa.string(),
}


@pytest.fixture
def put_rows(settings: Settings, bucket_prefix: str) -> PutRows:
    """Put a batch on S3: columns as (name, type), rows as tuples; each call is another batch."""
    store = ObjectStore(settings)

    def run(columns: Sequence[tuple[str, str]], rows: Sequence[Row]) -> Staged:
        batch_key = uuid4().hex * 2
        schema = pa.schema([(name, ARROW_TYPES[type_]) for name, type_ in columns])
        arrays = [
            pa.array([row[place] for row in rows], field.type) for place, field in enumerate(schema)
        ]
        sink = pa.BufferOutputStream()
        pq.write_table(pa.Table.from_arrays(arrays, schema=schema), sink)
        data = sink.getvalue().to_pybytes()
        part, manifest = f"{bucket_prefix}{batch_key}.parquet", f"{bucket_prefix}{batch_key}.json"
        entry = {"url": part, "mandatory": True, "meta": {"content_length": len(data)}}
        store.put(part, data)
        store.put(manifest, json.dumps({"entries": [entry]}).encode())
        described = tuple(
            Column(name, type_, name, max_bytes=_longest_bytes(array))
            for (name, type_), array in zip(columns, arrays, strict=True)
        )
        return Staged(manifest, "rows", batch_key, described, len(rows), len(data))

    return run


def counts_of(loaded: Loaded) -> tuple[int, int, int]:
    """What a load says that it did: rows inserted, updated and deleted."""
    return loaded.rows_inserted, loaded.rows_updated, loaded.rows_deleted


def _longest_bytes(array: pa.Array) -> int:
    if not pa.types.is_string(array.type):
        return 0
    return max((len(value.encode()) for value in array.to_pylist() if value), default=0)
