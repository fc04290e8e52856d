"""A flow run that is killed loses nothing and doubles nothing; the next run completes the work."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from infrastructure.local.stack import Stack
from tests.clients import connect
from tests.prefect.programs import Program

ROWS = 300_000
POLLS = 100_000
"""How often a condition is looked at before a test gives up; each look is a request."""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that takes a few seconds and several parts."""
    file = tmp_path_factory.mktemp("killed") / "rows.csv"
    with file.open("w") as out:
        out.write("id,code,name,amount\n")
        out.writelines(f"{row},{row:09d},name of {row},{row}.25\n" for row in range(ROWS))
    return file


@pytest.fixture
def ask(prefect_stack: Stack) -> Iterator[Callable[[str], list[tuple[Any, ...]]]]:
    """Ask the warehouse over one connection."""
    connection = connect(prefect_stack)

    def run(statement: str) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall()

    yield run
    connection.close()


def start(stack: Stack, file: Path, table: str) -> Program:
    """Start the flow as a process of its own."""
    words = ["-m", "flows.file_ingest", str(file), table]
    return Program(words, {**os.environ, **stack.variables})


def kill_when(run: Program, condition: Callable[[], bool]) -> None:
    """Kill the run with SIGKILL as soon as the condition holds."""
    for _ in range(POLLS):
        assert run.process.is_alive(), "the run ended before it could be killed"
        if condition():
            run.process.kill()
            run.end()
            return
    raise AssertionError("the condition never held")


def staged(stack: Stack, table: str) -> Callable[[str], bool]:
    """Return a function that says whether an object of the table's staging has such a name."""
    variables = stack.variables
    client = boto3.client(
        "s3",
        endpoint_url=variables["AWS_ENDPOINT_URL"],
        region_name=variables["AWS_DEFAULT_REGION"],
        aws_access_key_id=variables["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=variables["AWS_SECRET_ACCESS_KEY"],
    )

    def exists(name: str) -> bool:
        found = client.list_objects_v2(
            Bucket=variables["S3_TEMP_BUCKET"], Prefix=f"staging/{table}/"
        )
        return any(name in item["Key"] for item in found.get("Contents", []))

    return exists


@pytest.mark.parametrize("moment", ["part-", "manifest"])
def test_a_run_killed_while_staging_is_completed_by_the_next(
    prefect_stack: Stack,
    file: Path,
    ask: Callable[[str], list[tuple[Any, ...]]],
    moment: str,
) -> None:
    """Killed with a part on S3, or with the manifest and the load ahead: all rows, once."""
    table = f"killed.at_{moment.strip('-')}"
    exists = staged(prefect_stack, table)
    kill_when(start(prefect_stack, file, table), lambda: exists(moment))
    again = start(prefect_stack, file, table).end()
    assert again.returncode == 0, again.stderr
    assert ask(f"SELECT COUNT(*), COUNT(DISTINCT id), SUM(id) FROM {table}") == [
        (ROWS, ROWS, ROWS * (ROWS - 1) // 2)
    ]
    ledger = (
        f"SELECT COUNT(*), SUM(rows_inserted) FROM prefect_flows.loads WHERE target = '{table}'"
    )
    assert ask(ledger) == [(1, ROWS)]
    assert not exists("part-")


def test_a_run_killed_inside_the_transaction_leaves_nothing(
    prefect_stack: Stack, file: Path, ask: Callable[[str], list[tuple[Any, ...]]]
) -> None:
    """Killed while the load holds its lock: no table, no ledger row; the next run loads all."""
    table = "killed.in_transaction"
    locked = (
        "SELECT COUNT(*) FROM pg_locks l JOIN pg_class c ON c.oid = l.relation "
        "WHERE c.relname = 'load_lock' AND l.granted"
    )
    kill_when(start(prefect_stack, file, table), lambda: ask(locked) != [(0,)])
    again = start(prefect_stack, file, table).end()
    assert again.returncode == 0, again.stderr
    assert ask(f"SELECT COUNT(*), COUNT(DISTINCT id) FROM {table}") == [(ROWS, ROWS)]
    ledger = f"SELECT COUNT(*) FROM prefect_flows.loads WHERE target = '{table}'"
    assert ask(ledger) == [(1,)]
