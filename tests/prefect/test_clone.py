"""A person with a clone and nothing else: the flow brings up what it needs, and says so; what
documents show does run; an edit becomes rows that name their commit.

One after the other in one clone, as a person goes on: what one has started the next one joins.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from infrastructure.local.stack import Stack
from tests.prefect.copied import REPOSITORY, run_in, tracked

JOIN = ".venv/bin/python -m infrastructure.local join --"
INGEST = ".venv/bin/python -m flows.file_ingest rows.csv public.first"


def test_the_stack_is_started_and_joined(copy: Path) -> None:
    """The first run starts the stack and says how to stop it; the second joins it; the rows are
    there with psql."""
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


def blocks(document: str) -> list[tuple[str, str]]:
    """The blocks of a document that begin with ```sh run or ```python run: language and text."""
    text = (REPOSITORY / document).read_text()
    return re.findall(r"^```(sh|python) run\n(.*?)^```", text, re.M | re.S)


RUNNABLE = [document for document in tracked("*.md") if blocks(document)]


def test_there_is_something_to_run() -> None:
    """The README shows at least one command that this file runs."""
    assert "README.md" in RUNNABLE


@pytest.mark.parametrize("document", RUNNABLE)
def test_runnable_blocks_run(copy: Path, document: str) -> None:
    """Every marked block ends well, in the order of the document."""
    module = copy / "flows" / "from_document.py"
    for language, block in blocks(document):
        if language == "python":
            module.write_text(block)
            done = run_in(copy, ".venv/bin/python -m flows.from_document")
        else:
            done = run_in(copy, block)
        module.unlink(missing_ok=True)
        assert done.returncode == 0, f"{block}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"


@pytest.fixture
def clone(copy: Path) -> Iterator[Path]:
    """The copy as a git repository."""
    begin = """
        git init --quiet --initial-branch laptop/first-try
        git add --all
        git -c user.name=T -c user.email=t@example.org commit --quiet --message Begin
        """
    begun = run_in(copy, begin)
    assert begun.returncode == 0, begun.stderr
    yield copy
    run_in(copy, "rm -rf .git loop.csv")


def test_rows_carry_the_commit_that_loaded_them(clone: Path) -> None:
    """Stack up, deployments applied, a run triggered, a worker that runs it; the ledger names
    deployment and commit."""
    name = "prefect-flows--laptop-first-try--file-ingest--local"
    (clone / ".git" / "info" / "exclude").write_text("loop.csv\n")
    (clone / "loop.csv").write_text("id,zip\n1,01001\n")
    loop = f"""
        make up
        .venv/bin/python -m deployments apply --environment local
        {JOIN} .venv/bin/prefect --no-prompt deployment run file_ingest/{name} \\
            --param source=loop.csv --param table=public.loop
        {JOIN} .venv/bin/prefect worker start --pool local --type process --run-once \\
            --install-policy never
        """
    looped = run_in(clone, loop)
    assert looped.returncode == 0, looped.stdout[-3000:] + looped.stderr[-3000:]
    ask = (
        "SELECT deployment, commit_hash, rows_staged FROM prefect_flows.loads "
        "WHERE target = 'public.loop'"
    )
    psql = ".venv/bin/python -m infrastructure.local psql --no-align --tuples-only"
    asked = run_in(clone, f'{psql} --command "{ask}"; git rev-parse HEAD')
    ledger, commit = asked.stdout.split()
    assert ledger == f"{name}|{commit}|1"
    again = run_in(clone, ".venv/bin/python -m deployments plan --environment local")
    assert again.returncode == 0, again.stdout + again.stderr


def test_the_stack_is_stopped(copy: Path) -> None:
    """`down` ends what has been running until now."""
    down = run_in(copy, f"{JOIN} true; .venv/bin/python -m infrastructure.local down")
    assert down.returncode == 0, down.stderr
    assert "The local stack has ended" in down.stdout
    stopped = run_in(copy, ".venv/bin/python -m infrastructure.local status")
    assert "not running" in stopped.stdout + stopped.stderr
