"""The first flow, run the way a person runs it, against a real Prefect server."""

import json
import os
import re
import subprocess
from functools import partial
from pathlib import Path

import pytest

from infrastructure.local.stack import Stack
from tests.clients import ask, ask_prefect
from tests.prefect.programs import run


def run_flow(stack: Stack | None, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `python -m flows.file_ingest` with nothing in the environment but the stack."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environment = {**kept, **(stack.variables if stack else {}), "COLUMNS": "200"}
    return run("-m", "flows.file_ingest", *arguments, environment=environment)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two files whose columns differ, in a folder with a blank in its name."""
    folder = tmp_path / "two files"
    folder.mkdir()
    (folder / "a.csv").write_text("id,zip\n1,01001\n2,10115\n")
    (folder / "b.jsonl").write_text('{"id": 3, "zip": "99950", "tags": ["x"]}\n')
    return folder


def test_help_is_the_signature_and_the_docstring() -> None:
    """Parameters, types, choices and explanations, without any server and without a stack."""
    done = run_flow(None, "--help")
    assert done.returncode == 0
    said = " ".join(done.stdout.split())
    assert "Usage: python -m flows.file_ingest" in said
    assert "Load CSV, JSON lines or Parquet files into a Redshift table, each file once." in said
    for expected in ("--source", "--table", "--mode", "--key", "append", "upsert", "schema.table"):
        assert expected in said
    assert "local stack" not in done.stderr


def test_files_are_loaded_once_and_the_result_is_shown(prefect_stack: Stack, folder: Path) -> None:
    """The first run loads both files; the second finds both in the ledger and says so."""
    first = run_flow(prefect_stack, str(folder), "ingest.once")
    assert first.returncode == 0, first.stderr
    assert "ingest.once: 3 rows from 2 files loaded" in first.stdout
    assert ask(prefect_stack, "SELECT id, zip FROM ingest.once ORDER BY id") == [
        (1, "01001"),
        (2, "10115"),
        (3, "99950"),
    ]
    again = run_flow(prefect_stack, str(folder), "ingest.once")
    assert again.returncode == 0, again.stderr
    assert "ingest.once: nothing new, 2 files already loaded" in again.stdout
    assert ask(prefect_stack, "SELECT COUNT(*) FROM ingest.once") == [(3,)]


def test_a_new_file_in_the_folder_is_the_only_one_loaded(
    prefect_stack: Stack, folder: Path
) -> None:
    """A growing folder: what was loaded is skipped, also under another name."""
    run_flow(prefect_stack, str(folder), "ingest.growing")
    (folder / "copy of a.csv").write_text((folder / "a.csv").read_text())
    (folder / "c.csv").write_text("id,zip\n4,00501\n")
    done = run_flow(prefect_stack, f"{folder}/*.csv", "ingest.growing")
    assert done.returncode == 0, done.stderr
    assert "ingest.growing: 1 row from 1 file loaded" in done.stdout
    assert ask(prefect_stack, "SELECT COUNT(*) FROM ingest.growing") == [(4,)]


def test_the_result_is_an_artifact_too(prefect_stack: Stack, folder: Path) -> None:
    """Prefect shows the same table: file, rows, new columns, seconds."""
    done = run_flow(prefect_stack, str(folder), "ingest.artifact")
    assert done.returncode == 0, done.stderr
    found = ask_prefect(prefect_stack, "/artifacts/filter", {"sort": "CREATED_DESC", "limit": 50})
    artifact = next(
        item
        for item in found
        if item["type"] == "table" and item["description"].startswith("ingest.artifact:")
    )
    rows = json.loads(artifact["data"])
    assert [(Path(row["file"]).name, row["rows"], row["result"]) for row in rows] == [
        ("a.csv", "2", "loaded"),
        ("b.jsonl", "1", "loaded"),
    ]


def test_deleted_rows_are_told_when_there_are_some(prefect_stack: Stack, tmp_path: Path) -> None:
    """A file that replaces the one before says how many rows had to go; two at once are refused."""
    (tmp_path / "1.csv").write_text("id\n1\n2\n")
    (tmp_path / "2.csv").write_text("id\n3\n")
    ingest = partial(run_flow, prefect_stack)
    refused = ingest(str(tmp_path), "ingest.replaced", "--mode", "replace")
    assert "2 files match, and each would replace the rows of the one before" in refused.stderr
    first = ingest(str(tmp_path / "1.csv"), "ingest.replaced", "--mode", "replace")
    assert first.returncode == 0, first.stderr
    done = ingest(str(tmp_path / "2.csv"), "ingest.replaced", "--mode", "replace")
    assert done.returncode == 0, done.stderr
    lines = [line for line in done.stdout.splitlines() if ".csv" in line or "deleted" in line]
    cells = [[cell.strip() for cell in re.split("[│┃]", line)[1:-1]] for line in lines]
    assert cells[0][:5] == ["file", "rows", "inserted", "updated", "deleted"]
    assert [row[:5] for row in cells[1:]] == [
        ["2.csv", "1", "1", "0", "2"],
    ]
    assert ask(prefect_stack, "SELECT id FROM ingest.replaced") == [(3,)]


def test_every_load_can_be_traced_to_its_flow_run(prefect_stack: Stack, folder: Path) -> None:
    """The ledger holds the id of a run that Prefect knows and that completed."""
    run_flow(prefect_stack, str(folder / "a.csv"), "ingest.traced")
    query = "SELECT flow_run FROM prefect_flows.loads WHERE target = 'ingest.traced'"
    ((flow_run,),) = ask(prefect_stack, query)
    runs = ask_prefect(
        prefect_stack, "/flow_runs/filter", {"flow_runs": {"id": {"any_": [flow_run]}}}
    )
    assert [run["state_type"] for run in runs] == ["COMPLETED"]


def test_one_bad_file_keeps_all_of_them_out(prefect_stack: Stack, folder: Path) -> None:
    """Everything is checked before anything is loaded; the last line says what to mend."""
    (folder / "z.csv").write_text('id,zip\n5,"broken\n')
    done = run_flow(prefect_stack, str(folder), "ingest.broken")
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert re.match(r"FileUnreadable: .*z\.csv", last), done.stderr[-2000:]
    tables = (
        "SELECT COUNT(*) FROM svv_tables WHERE table_schema = 'ingest' AND table_name = 'broken'"
    )
    assert ask(prefect_stack, tables) == [(0,)]


def test_an_upsert_from_the_command_line(prefect_stack: Stack, tmp_path: Path) -> None:
    """`--key` may be repeated; later files win, in the order of their names."""
    (tmp_path / "1.csv").write_text("state,county,votes\nAL,001,10\nAL,003,11\n")
    (tmp_path / "2.csv").write_text("state,county,votes\nAL,003,12\n")
    arguments = ("--mode", "upsert", "--key", "state", "--key", "county")
    done = run_flow(prefect_stack, str(tmp_path), "ingest.keyed", *arguments)
    assert done.returncode == 0, done.stderr
    assert ask(prefect_stack, "SELECT county, votes FROM ingest.keyed ORDER BY 1") == [
        ("001", 10),
        ("003", 12),
    ]


def test_a_missing_file_ends_with_the_way_out(prefect_stack: Stack, tmp_path: Path) -> None:
    """Status 1, and the last line is the message that a person needs."""
    done = run_flow(prefect_stack, str(tmp_path / "none.csv"), "ingest.none")
    assert done.returncode == 1
    assert done.stderr.strip().splitlines()[-1] == (
        f"SourceNotFound: {tmp_path}/none.csv: no file matches. Give a path, a glob in quotes "
        "('data/*.csv') or s3://bucket/prefix."
    )
