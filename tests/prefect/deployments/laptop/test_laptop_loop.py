"""From an edit to rows that name their commit, on a laptop with nothing configured."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.prefect.copied import run_in

JOIN = ".venv/bin/python -m infrastructure.local join --"


@pytest.fixture
def clone(copy: Path) -> Iterator[Path]:
    """The copy as a git repository, whose stack is stopped afterwards."""
    begin = """
        git init --quiet --initial-branch laptop/first-try
        git add --all
        git -c user.name=T -c user.email=t@example.org commit --quiet --message Begin
        """
    begun = run_in(copy, begin)
    assert begun.returncode == 0, begun.stderr
    yield copy
    run_in(copy, ".venv/bin/python -m infrastructure.local down; rm -rf .git loop.csv")


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
