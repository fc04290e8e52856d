"""Batches for the tests of loading: typed ones from Arrow, empty ones, and some with rejects."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.local.warehouse import StageFiles
from utilities.objects import ObjectStore
from utilities.redshift.rejects import REJECT_COLUMNS
from utilities.references import Rejects, Staged
from utilities.settings import Settings
from utilities.staging.manifest import manifest_json
from utilities.staging.parts import Part

StageTyped = Callable[..., Staged]
SetAside = Callable[[Staged, Sequence[tuple[int, str, str, str]]], Staged]

REJECTS_SCHEMA = pa.schema(
    [
        (column.name, pa.int64() if column.name == "line" else pa.string())
        for column in REJECT_COLUMNS
    ]
)


@pytest.fixture
def stage_typed(stage_files: StageFiles, tmp_path: Path) -> StageTyped:
    """Stage columns with exactly the Arrow types given: `stage_typed(n=pa.array([1], pa.int16()))`."""

    def run(**columns: pa.Array) -> Staged:
        file = tmp_path / f"{uuid4().hex}.parquet"
        pq.write_table(pa.table(columns), file)
        return stage_files([file])[0]

    return run


@pytest.fixture
def set_aside(settings: Settings, bucket_prefix: str) -> SetAside:
    """Add rejects to a batch: line, column, value and reason of each."""

    def run(staged: Staged, rejected: Sequence[tuple[int, str, str, str]]) -> Staged:
        records = [
            dict(zip(REJECTS_SCHEMA.names, ("people.csv", *row, "{}"), strict=True))
            for row in rejected
        ]
        sink = pa.BufferOutputStream()
        pq.write_table(pa.Table.from_pylist(records, REJECTS_SCHEMA), sink)
        data = sink.getvalue().to_pybytes()
        part = Part(f"{bucket_prefix}rejects/0.parquet", len(records), len(data), (), ())
        manifest = f"{bucket_prefix}rejects/manifest.json"
        store = ObjectStore(settings)
        store.put(part.uri, data)
        store.put(manifest, manifest_json([part], REJECT_COLUMNS))
        first = tuple(f"line {line}: {reason}" for line, _, _, reason in rejected[:1])
        return replace(staged, rejects=Rejects(manifest, len(records), first))

    return run


def emptied(staged: Staged, batch_key: str = "0" * 64) -> Staged:
    """Return a batch with the same columns and no rows."""
    return replace(staged, source="nothing", batch_key=batch_key, rows=0, bytes=0)
