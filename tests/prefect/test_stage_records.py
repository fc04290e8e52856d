"""Records of any kind go through the shelf's tasks into a table, inside a real flow run."""

import os

import pytest

from infrastructure.local.stack import Stack
from tests.prefect.programs import run

FLOW = """
import sys
import pandas as pd
from prefect import flow
from utilities.errors import StorageUnavailable
from utilities.tasks.loading import LoadOptions, load_table
from utilities.tasks.staging import JsonPages, StageOptions, declare, stage_records

TABLE = "records.people"
PEOPLE = declare({"Id": "BIGINT", "zip": "VARCHAR(5)", "extra": "SUPER"})
UPSERT = LoadOptions(mode="upsert", key=("id",))

@flow
def people(kind: str) -> None:
    sources = {
        "records": [{"Id": 1, "zip": "00501", "extra": {"a": 1}}, {"Id": "x", "zip": "00502"}],
        "pages": JsonPages(iter([b'{"items":[{"Id":2,"zip":"10001"}]}']), "items"),
        "frame": pd.DataFrame({"Id": [3], "zip": ["20001"], "extra": [[1]]}),
    }
    options = StageOptions(name=kind, declared=PEOPLE, key=("id",), quarantine=0.5)
    staged = stage_records(sources[kind], TABLE, options)
    loaded = load_table(staged, TABLE, UPSERT)
    print("loaded:", loaded.rows_inserted, loaded.rows_rejected)

@flow
def broken(kind: str) -> None:
    calls = []

    def rows():
        calls.append(1)
        yield {"Id": len(calls)}
        if len(calls) == 1:
            raise StorageUnavailable("as ordered")

    staging = stage_records.with_options(retry_delay_seconds=[0, 0, 0])
    state = staging(rows if kind == "function" else rows(), "records.broken", return_state=True)
    result = state.result(raise_on_failure=False)
    print("broken:", getattr(result, "rows", result))

{"people": people, "broken": broken}[sys.argv[1]](sys.argv[2])
"""


def run_flow(stack: Stack, name: str, kind: str) -> str:
    """Run one of the flows and return what it printed."""
    done = run("-c", FLOW, name, kind, environment={**os.environ, **stack.variables})
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


@pytest.mark.parametrize(
    ("kind", "printed"),
    [("records", "loaded: 1 1"), ("pages", "loaded: 1 0"), ("frame", "loaded: 1 0")],
)
def test_sources_of_a_flow(prefect_stack: Stack, kind: str, printed: str) -> None:
    """Records, pages and frames under one declaration; a row that does not fit is set aside."""
    assert printed in run_flow(prefect_stack, "people", kind)


@pytest.mark.parametrize(
    ("kind", "printed"),
    [
        ("function", "broken: 1"),
        ("generator", "broken: a generator cannot be read a second time, and the first attempt"),
    ],
)
def test_a_second_attempt(prefect_stack: Stack, kind: str, printed: str) -> None:
    """A function gives all rows again; of a generator, the rows that are left are never staged."""
    assert printed in run_flow(prefect_stack, "broken", kind)
