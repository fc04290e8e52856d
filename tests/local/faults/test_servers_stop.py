"""A server that dies or stands still under a load: nothing by halves, and the next run succeeds."""

import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import psycopg2
import pytest

from infrastructure.local.folder import Folder
from infrastructure.local.stack import Stack, temporary_stack
from infrastructure.local.state import read_state
from tests import clients
from tests.faults import (
    Call,
    Hold,
    Job,
    Moment,
    start,
    statement_proxy,
    storage_proxy,
    until,
    watched,
)
from tests.local.faults.jobs import ANY, ingest, stage_batch
from tests.local.faults.scenarios import BATCH, BEFORE, SCENARIOS, csv, summary
from utilities.errors import StorageUnavailable, WarehouseUnavailable
from utilities.redshift import LoadOptions, load
from utilities.references import TableName
from utilities.settings import Settings

Write = Callable[[str, str], Path]

BOUND_SECONDS = 60.0
UPSERT = next(scenario for scenario in SCENARIOS if scenario.options.mode == "upsert")
STATE = "SELECT COUNT(*), SUM(id), SUM(version) FROM {}"


@pytest.fixture(scope="module")
def fragile() -> Iterator[Stack]:
    """A stack of its own, whose servers may be killed."""
    with temporary_stack(prefect=False) as stack:
        yield stack


@pytest.fixture
def settings(fragile: Stack) -> Settings:
    """The settings of the stack whose servers may be killed."""
    return Settings.model_validate(
        {name.lower(): value for name, value in fragile.variables.items()}
    )


def answers(stack: Stack) -> bool:
    """Whether the warehouse takes statements."""
    try:
        return clients.ask(stack, "SELECT 1") == [(1,)]
    except psycopg2.Error:
        return False


def is_listening(endpoint: str) -> bool:
    """Whether something accepts connections at an address."""
    address = urlsplit(endpoint)
    assert address.hostname and address.port
    try:
        socket.create_connection((address.hostname, address.port)).close()
    except OSError:
        return False
    return True


def kill(stack: Stack, part: str) -> None:
    """SIGKILL a part of the stack; returns when it is gone. The stack starts it again."""
    state = read_state(Folder(stack.root))
    assert state is not None
    process = psutil.Process(state.parts[part].pid)
    process.kill()
    process.wait(BOUND_SECONDS)


@contextmanager
def held_at(moment: Moment, table: TableName, settings: Settings, write: Write) -> Iterator[Job]:
    """Load the batch of the upsert in another process, held at a moment until the block ends."""
    options = UPSERT.options
    before = stage_batch(write("before.csv", csv(BEFORE)), ANY, options, settings)
    load(before, table, options, settings)
    batch = stage_batch(write("batch.csv", csv(BATCH)), ANY, options, settings)
    with statement_proxy(settings, moment) as proxy:
        job = start(load, batch, table, options, proxy.settings(settings))
        assert proxy.reached.wait(BOUND_SECONDS)
        yield job
        proxy.release()
        with pytest.raises(WarehouseUnavailable):
            job.result()


@pytest.mark.parametrize("part", ["postgres", "redshift"])
@pytest.mark.parametrize("statement", ["COPY", "INSERT INTO prefect_flows.loads", "COMMIT"])
def test_a_server_that_is_killed_under_a_load(
    fragile: Stack, settings: Settings, write: Write, part: str, statement: str
) -> None:
    """SIGKILL of PostgreSQL, or of what stands before it, while a load is on its way: the load
    says "try again"; when the server is back, the table is as it was, and the load succeeds."""
    table = TableName("killed", f"{part}_{statement.split()[0]}".lower())
    state = partial(clients.ask, fragile, STATE.format(table))
    with held_at(Moment(statement, "before", "hold"), table, settings, write):
        kill(fragile, part)
        until(lambda: answers(fragile), f"{part} came back")
        assert state() == [summary(BEFORE)]
    batch = stage_batch(write("batch.csv", csv(BATCH)), ANY, UPSERT.options, settings)
    assert not load(batch, table, UPSERT.options, settings).already_loaded
    assert state() == [summary(UPSERT.after)]
    assert clients.ask(fragile, "SELECT relname FROM pg_class WHERE relpersistence = 't'") == []


def test_a_server_that_stands_still_and_goes_on(
    fragile: Stack, settings: Settings, write: Write
) -> None:
    """PostgreSQL's process of the load is stopped at the commit: readers see the table as it was;
    when it goes on, the load is complete, without a second attempt."""
    table, options = TableName("stopped", "once"), UPSERT.options
    before = stage_batch(write("before.csv", csv(BEFORE)), ANY, options, settings)
    load(before, table, options, settings)
    batch = stage_batch(write("batch.csv", csv(BATCH)), ANY, options, settings)
    with (
        watched(settings, STATE.format(table)) as seen,
        statement_proxy(settings, Moment("COMMIT", "before", "hold")) as proxy,
    ):
        job = start(load, batch, table, options, proxy.settings(settings))
        assert proxy.reached.wait(BOUND_SECONDS)
        ((session,),) = clients.ask(
            fragile, "SELECT pid FROM pg_stat_activity WHERE application_name = 'prefect-flows'"
        )
        psutil.Process(session).send_signal(signal.SIGSTOP)
        proxy.release()
        assert clients.ask(fragile, STATE.format(table)) == [summary(BEFORE)]
        psutil.Process(session).send_signal(signal.SIGCONT)
        loaded = job.result()
    assert (loaded.already_loaded, loaded.rows_inserted, loaded.rows_updated) == (False, 25, 25)
    assert seen == {summary(BEFORE), summary(UPSERT.after)}


def test_a_storage_server_that_is_killed_under_a_run(
    fragile: Stack, settings: Settings, write: Write
) -> None:
    """SIGKILL of S3 between a part and the manifest: the run waits until it is back, or says "try
    again"; a run after that makes it complete."""
    table = TableName("killed", "storage")
    endpoint = fragile.variables["AWS_ENDPOINT_URL"]

    def rule(call: Call) -> Hold | None:
        return Hold(True) if call.method == "PUT" and "manifest" in call.path else None

    with storage_proxy(endpoint, rule) as proxy:
        file = write("batch.csv", csv(BATCH))
        job = start(ingest, file, table, LoadOptions(), proxy.settings(settings))
        assert proxy.reached.wait(BOUND_SECONDS)
        kill(fragile, "aws")
        proxy.release()
        try:
            job.result()
        except StorageUnavailable:
            until(lambda: is_listening(endpoint), "S3 came back")
    ingest(file, table, LoadOptions(), settings)
    assert clients.ask(fragile, STATE.format(table)) == [summary(BATCH)]
