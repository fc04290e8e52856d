"""The flow as a person starts it: tables that equal EveryAction, faults waited out, kills finished."""

import os
import subprocess
from collections.abc import Iterator

import pytest

from infrastructure.local.stack import Stack
from tests.clients import ask, ask_prefect
from tests.faults import until
from tests.local.exports.server import Server, difference
from tests.prefect.programs import Program
from tests.prefect.shared_limit import forget_limit

PEOPLE, FILE_KB = 600, 11
"""In 12 files."""

LONG_AGO_SECONDS = -100 * 86_400
EVERYBODY = 8001
"""The saved list with all people; see infrastructure/local/everyaction/catalog.py."""


@pytest.fixture(scope="module")
def limits(prefect_stack: Stack) -> None:
    """What Prefect has to hold is there."""
    forget_limit(prefect_stack)
    made = run(prefect_stack, "blocks", "apply", "--environment", "local")
    assert made.returncode == 0, made.stderr


@pytest.fixture
def server(prefect_stack: Stack, limits: None) -> Iterator[Server]:
    """The local EveryAction with people in 12 files."""
    with Server(prefect_stack).seeded(PEOPLE, FILE_KB) as seeded:
        yield seeded


def start(stack: Stack, module: str, *arguments: str) -> Program:
    """Start a module as a program."""
    environment = {**os.environ, **stack.variables, "COLUMNS": "100"}
    return Program(["-m", module, *arguments], environment)


def run(stack: Stack, module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a module as a program to its end."""
    return start(stack, module, *arguments).end()


def sync(stack: Stack, *arguments: str) -> str:
    """Run the flow and return what it printed."""
    done = run(stack, "flows.van_changed_entities", *arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_a_short_file_costs_a_retry_and_no_row(prefect_stack: Stack, server: Server) -> None:
    """The first job is given up, the task asks for another one; the report tells what came, in
    the terminal and as an artifact."""
    server.fault("short_file")
    said = sync(prefect_stack)
    assert difference(prefect_stack, "van.contacts", server.people()) is None
    assert server.jobs_asked_for() == 2
    assert "van.contacts: Contacts from EveryAction" in said
    for line in ("files        │ 12", f"inserted     │ {PEOPLE}"):
        assert line in said
    (artifact,) = ask_prefect(
        prefect_stack,
        "/artifacts/latest/filter",
        {"artifacts": {"key": {"any_": ["van-contacts"]}}},
    )
    assert artifact["description"] == "van.contacts: Contacts from EveryAction"


def test_a_killed_run_is_finished_by_the_next(prefect_stack: Stack, server: Server) -> None:
    """Killed while it waits for its job: the next run resumes the job, and asks for no other."""
    server.order("PUT", "export", pending_polls=10_000)
    killed = start(prefect_stack, "flows.van_changed_entities", "Contacts", "van.killed")
    until(lambda: server.polls() > 1, "the job was polled twice")
    killed.process.kill()
    killed.end()
    server.order("PUT", "export", pending_polls=0)
    said = sync(prefect_stack, "Contacts", "van.killed")
    assert "resuming export job" in said
    assert server.jobs_asked_for() == 1
    assert difference(prefect_stack, "van.killed", server.people()) is None
    ledger = (
        "SELECT COUNT(*), SUM(rows_inserted) FROM prefect_flows.loads WHERE target = 'van.killed'"
    )
    assert ask(prefect_stack, ledger) == [(1, PEOPLE)]


def test_a_saved_list_brings_people_who_did_not_change(
    prefect_stack: Stack, server: Server
) -> None:
    """The way out of a watermark that is too old, as its message says."""
    server.order("PUT", "clock", offset_seconds=LONG_AGO_SECONDS)
    server.order("PUT", "people", count=PEOPLE)
    server.order("PUT", "clock", offset_seconds=0)
    sync(prefect_stack, "Contacts", "van.listed", "--saved-list", str(EVERYBODY))
    assert difference(prefect_stack, "van.listed", server.people()) is None


def test_an_unknown_type_is_one_line(prefect_stack: Stack, server: Server) -> None:
    """The last line says what was wrong, what the API offers, and holds no key."""
    done = run(prefect_stack, "flows.van_changed_entities", "Contact")
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("ParameterInvalid: resource type 'Contact'")
    assert prefect_stack.variables["VAN_API_KEY"] not in done.stdout + done.stderr
