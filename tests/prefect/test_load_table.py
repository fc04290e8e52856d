"""The task that loads, inside a real flow run: what it says, and what it leaves behind."""

import os
from pathlib import Path

import pytest

from infrastructure.local.stack import Stack
from tests.clients import ask
from tests.prefect.programs import run
from utilities.errors import SourceNotFound
from utilities.objects import ObjectStore
from utilities.settings import Settings

FLOW = """
import sys
from prefect import flow
from utilities.objects import ObjectStore
from utilities.settings import load_settings
from utilities.staging import StageOptions, declare, stage
from utilities.tasks.loading import LoadOptions, load_table, read_watermark

DECLARED = declare({"id": "BIGINT", "born": "DATE"})

@flow
def people(file: str, table: str) -> None:
    settings = load_settings()
    staged = stage(
        file,
        destination=f"s3://{settings.s3_temp_bucket}/{table}/",
        store=ObjectStore(settings),
        options=StageOptions(declared=DECLARED, quarantine=0.5),
    )
    print("before:", read_watermark(table))
    options = LoadOptions(mode="upsert", key=("id",), watermark="2026-11-02")
    loaded = load_table(staged, table, options)
    again = load_table(staged, table, options)
    print("loaded:", loaded.rows_inserted, loaded.rows_rejected, again.already_loaded)
    print("after:", read_watermark(table))

people(*sys.argv[1:])
"""


def test_a_load_tells_its_counts_and_cleans_up(prefect_stack: Stack, tmp_path: Path) -> None:
    """Counts and rejects are in the log, the watermark in the ledger, and no part stays on S3."""
    file = tmp_path / "people.csv"
    file.write_text("id,born\n1,1990-02-01\n2,1990-02-31\n")
    environment = {**os.environ, **prefect_stack.variables}
    done = run("-c", FLOW, str(file), "tasks.people", environment=environment)
    assert done.returncode == 0, done.stderr[-3000:]
    assert "before: None\nloaded: 1 1 True\nafter: 2026-11-02\n" in done.stdout
    said = done.stderr
    assert f"tasks.people: 1 rows inserted, 0 updated, 0 deleted from {file}" in said
    assert "WARNING" in said
    assert "tasks.people: 1 rows were set aside in tasks.people_rejects. First: line 3" in said
    assert f"tasks.people: {file} is in the ledger already; nothing to do" in said
    query = (
        "SELECT COUNT(*) FROM prefect_flows.loads WHERE target = 'tasks.people' AND flow_run > ''"
    )
    assert ask(prefect_stack, query) == [(1,)]
    variables = {name.lower(): value for name, value in prefect_stack.variables.items()}
    store = ObjectStore(Settings.model_validate(variables))
    with pytest.raises(SourceNotFound):
        store.find(f"s3://{variables['s3_temp_bucket']}/tasks.people/")
