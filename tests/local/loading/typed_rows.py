"""Batches of exactly the rows and types that a test names, put on S3 as staging puts them."""

import json
from collections.abc import Callable, Sequence
from typing import Any
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from utilities.objects import ObjectStore
from utilities.references import Column, Staged
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
        part = {
            "url": f"{bucket_prefix}{batch_key}.parquet",
            "mandatory": True,
            "meta": {"content_length": len(data)},
        }
        manifest = f"{bucket_prefix}{batch_key}.json"
        store.put(part["url"], data)
        store.put(manifest, json.dumps({"entries": [part]}).encode())
        described = tuple(
            Column(name, type_, name, max_bytes=_longest_bytes(array))
            for (name, type_), array in zip(columns, arrays, strict=True)
        )
        return Staged(manifest, "rows", batch_key, described, len(rows), len(data))

    return run


def _longest_bytes(array: pa.Array) -> int:
    if not pa.types.is_string(array.type):
        return 0
    return max((len(value.encode()) for value in array.to_pylist() if value), default=0)
