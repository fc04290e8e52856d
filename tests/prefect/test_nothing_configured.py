"""A person with a clone and nothing else: the flow brings up what it needs, and says so."""

from pathlib import Path

from infrastructure.local.stack import Stack
from tests.prefect.copied import run_in

INGEST = ".venv/bin/python -m flows.file_ingest rows.csv public.first"


def test_the_stack_is_started_joined_and_stopped(copy: Path) -> None:
    """The first run starts the stack and says how to stop it; the second joins it; the rows are
    there with psql; `down` ends it."""
    (copy / "rows.csv").write_text("id,zip\n1,01001\n")
    first = run_in(copy, INGEST)
    assert first.returncode == 0, first.stderr
    assert "REDSHIFT_HOST is not set: using the local stack." in first.stderr
    assert "Starting the local stack" in first.stderr
    assert "python -m infrastructure.local down" in first.stderr
    assert "public.first: 1 row from 1 file loaded" in first.stdout
    second = run_in(copy, INGEST)
    assert second.returncode == 0, second.stderr
    assert "Starting" not in second.stderr
    assert "public.first: nothing new, 1 file already loaded" in second.stdout
    psql = ".venv/bin/python -m infrastructure.local psql --no-align --tuples-only"
    asked = run_in(copy, f"{psql} --command 'SELECT id, zip FROM public.first'")
    assert asked.stdout == "1|01001\n", asked.stderr
    assert run_in(copy, ".venv/bin/python -m infrastructure.local down").returncode == 0
    stopped = run_in(copy, ".venv/bin/python -m infrastructure.local status")
    assert "not running" in stopped.stdout + stopped.stderr


def test_a_configured_warehouse_starts_nothing(copy: Path, prefect_stack: Stack) -> None:
    """With REDSHIFT_HOST in .env the flow goes there, complains if need be, and starts nothing."""
    prefect = f"PREFECT_API_URL={prefect_stack.variables['PREFECT_API_URL']}\n"
    (copy / ".env").write_text(f"REDSHIFT_HOST=warehouse.example.org\n{prefect}")
    done = run_in(copy, INGEST)
    (copy / ".env").unlink()
    assert done.returncode == 1
    assert "local stack" not in done.stderr
    last = done.stderr.split("SettingsInvalid: ")[-1]
    assert last.splitlines()[0].startswith("4 settings need attention.")
    assert "REDSHIFT_PASSWORD: missing" in last
