"""Joining and starting: one stack for a folder, at once when it runs, a reason when it fails."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from infrastructure.local.folder import StackError
from infrastructure.local.stack import Stack, join_or_start, stop
from tests.local.stack.clients import BOUND_SECONDS, ask, processes_of, quiet, state_of
from tests.local.stack.conftest import folder_with_a_space

JOIN = """
import sys
from pathlib import Path
from infrastructure.local.stack import join_or_start
root = Path(sys.argv[1])
stack = join_or_start(root, prefect=False, announce=lambda line: None)
heavy = {"prefect", "boto3", "moto", "psutil", "psycopg2", "asyncio"} & set(sys.modules)
print(stack.variables["REDSHIFT_PORT"], sorted(heavy))
"""


@pytest.fixture(scope="module")
def another() -> Iterator[Path]:
    """A data folder in which the tests of this file start a stack and join it."""
    with folder_with_a_space() as folder:
        yield folder / ".local"
        stop(folder / ".local")


def test_two_at_once_get_the_same_stack(another: Path) -> None:
    """Two programs that find no stack start one between them; neither loads a heavy package."""
    assert not stop(another)
    command = [sys.executable, "-c", JOIN, str(another)]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    first, second = (each.communicate(timeout=BOUND_SECONDS)[0] for each in both)
    assert first == second
    assert first.split(maxsplit=1)[1] == "[]\n"


def test_two_folders_do_not_meet(lasting: Stack, another: Path) -> None:
    """Two clones run side by side: other addresses, other password, other data."""
    ask(lasting, "CREATE TABLE public.only_here (a INTEGER)")
    other = join_or_start(another, prefect=False, announce=quiet)
    for name in ("REDSHIFT_PORT", "REDSHIFT_PASSWORD", "AWS_ENDPOINT_URL"):
        assert other.variables[name] != lasting.variables[name]
    assert ask(other, "SELECT 1 FROM pg_tables WHERE tablename = 'only_here'") == []


def test_every_listener_is_on_loopback(lasting: Stack) -> None:
    """No process of the stack listens on an address that another machine can reach."""
    listening = [
        connection.laddr.ip
        for process in processes_of(lasting)
        if process.name() != "postgres"
        for connection in process.net_connections(kind="inet")
        if connection.status == "LISTEN"
    ]
    assert set(listening) == {"127.0.0.1"}
    assert ask(lasting, "SHOW listen_addresses") == [("",)]


def test_a_stack_without_prefect_says_so(lasting: Stack) -> None:
    """Who needs Prefect and finds a stack without it is told what to do."""
    with pytest.raises(StackError, match="runs without Prefect.*infrastructure.local down"):
        join_or_start(lasting.root, announce=quiet)


def test_a_part_that_cannot_start_is_named_with_its_log(another: Path) -> None:
    """Data that this PostgreSQL cannot read: its own words are in the message; nothing runs."""
    join_or_start(another, prefect=False, announce=quiet)
    stop(another)
    version = another / "postgres" / "PG_VERSION"
    right = version.read_text()
    version.write_text("9\n")
    with pytest.raises(StackError, match="(?s)postgres ended with code 1 .*initialized by"):
        join_or_start(another, prefect=False, announce=quiet)
    assert not stop(another)
    version.write_text(right)


def test_the_start_is_announced(lasting: Stack) -> None:
    """Joining is silent; starting says what it does, and where the data lies."""
    lines: list[str] = []
    join_or_start(lasting.root, prefect=False, announce=lines.append)
    assert lines == []
    supervisor = state_of(lasting).supervisor
    stop(lasting.root)
    join_or_start(lasting.root, prefect=False, announce=lines.append)
    assert state_of(lasting).supervisor != supervisor
    assert lines[0] == f"Starting the local stack (data: {lasting.root}) ..."
    assert lines[-1].startswith("The local stack is ready after ")
