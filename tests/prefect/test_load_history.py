"""The flow that shows the ledger, run the way a person runs it."""

import json
import os
import subprocess
from pathlib import Path

from infrastructure.local.stack import Stack
from tests.clients import ask_prefect
from tests.prefect.programs import run


def run_flow(stack: Stack, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `python -m flows.NAME` with nothing in the environment but the stack and a commit."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    deployed = {"DEPLOYMENT_NAME": "p--main--ingest--production", "COMMIT_HASH": "0f1041f9e4d1"}
    environment = {**kept, **stack.variables, **deployed, "COLUMNS": "250"}
    return run("-m", f"flows.{name}", *arguments, environment=environment)


def test_what_was_loaded_is_shown_and_kept_as_an_artifact(
    prefect_stack: Stack, tmp_path: Path
) -> None:
    """One line a load: when, how, how many rows, how long, by which deployment and commit."""
    (tmp_path / "1.csv").write_text("id,name\n1,a\n2,b\n")
    (tmp_path / "2.csv").write_text("id,name\n2,c\n3,d\n")
    keyed = ("--mode", "upsert", "--key", "id")
    loaded = run_flow(prefect_stack, "file_ingest", str(tmp_path), "history.people", *keyed)
    assert loaded.returncode == 0, loaded.stderr
    done = run_flow(prefect_stack, "load_history", "--table", "history.people", "--limit", "1")
    assert done.returncode == 0, done.stderr
    assert "The last loads into history.people" in done.stdout
    (line,) = [line for line in done.stdout.splitlines() if "history.people │" in line]
    cells = [cell.strip() for cell in line.strip("│").split("│")]
    assert cells[1:8] == ["history.people", "upsert", "2", "1", "1", "0", "0"]
    assert cells[9:11] == ["p--main--ingest--production", "0f1041f9"]
    assert cells[11].endswith("2.csv")
    found = ask_prefect(prefect_stack, "/artifacts/filter", {"sort": "CREATED_DESC", "limit": 5})
    artifact = next(item for item in found if item["key"] == "load-history")
    (row,) = json.loads(artifact["data"])
    assert (row["table"], row["inserted"], row["commit"]) == ("history.people", "1", "0f1041f9")


def test_a_table_without_loads(prefect_stack: Stack) -> None:
    """Said in one line, and no failure."""
    done = run_flow(prefect_stack, "load_history", "--table", "history.nothing")
    assert done.returncode == 0, done.stderr
    assert "The last loads into history.nothing: none" in done.stdout


def test_a_name_that_is_no_table(prefect_stack: Stack) -> None:
    """Status 1, and the last line is what a person needs."""
    done = run_flow(prefect_stack, "load_history", "--table", "people")
    assert done.returncode == 1
    assert (
        done.stderr.strip()
        .splitlines()[-1]
        .startswith("ParameterInvalid: 'people' is not a table name; expected schema.table")
    )
