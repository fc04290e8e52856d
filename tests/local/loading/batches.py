"""Batches for the tests of loading: typed ones from Arrow, empty ones, and some with rejects."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.local.warehouse import StageFiles
from utilities.objects import ObjectStore
from utilities.references import Staged
from utilities.settings import Settings
from utilities.staging import StageOptions, declare, stage

StageTyped = Callable[..., Staged]
StageSifted = Callable[[str], Staged]

PEOPLE = StageOptions(declared=declare({"id": "BIGINT", "born": "DATE"}), quarantine=1.0)


@pytest.fixture
def stage_typed(stage_files: StageFiles, tmp_path: Path) -> StageTyped:
    """Stage columns with exactly the Arrow types given: `stage_typed(n=pa.array([1], pa.int16()))`."""

    def run(**columns: pa.Array) -> Staged:
        file = tmp_path / f"{uuid4().hex}.parquet"
        pq.write_table(pa.table(columns), file)
        return stage_files([file])[0]

    return run


@pytest.fixture
def stage_sifted(settings: Settings, bucket_prefix: str, tmp_path: Path) -> StageSifted:
    """Stage people (id, born); rows that do not fit are set aside, however many they are."""

    def run(text: str) -> Staged:
        file = tmp_path / "people.csv"
        file.write_text(text)
        destination = f"{bucket_prefix}{uuid4().hex}/"
        store = ObjectStore(settings)
        return stage(str(file), destination=destination, store=store, options=PEOPLE)

    return run


def emptied(staged: Staged, batch_key: str = "0" * 64) -> Staged:
    """Return a batch with the same columns and no rows."""
    return replace(staged, source="nothing", batch_key=batch_key, rows=0, bytes=0)
