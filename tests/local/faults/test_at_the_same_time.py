"""Several processes load into one table at once: each batch is there once, whoever comes first."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults import Moment, start, statement_proxy, until, watched
from tests.local.faults.conftest import NothingIsLeft, Rows
from tests.local.faults.jobs import ANY, ingest_new, load_all, stage_batch
from tests.local.faults.scenarios import BATCH, BEFORE, SCENARIOS, Scenario, csv, summary
from tests.local.warehouse import Ask
from utilities.redshift import LoadOptions, load
from utilities.references import TableName
from utilities.settings import Settings

Write = Callable[[str, str], Path]
Objects = Callable[[TableName], list[str]]

BOUND_SECONDS = 60.0
UPSERT = next(scenario for scenario in SCENARIOS if scenario.options.mode == "upsert")
STATE = "SELECT COUNT(*), SUM(id), SUM(version) FROM {}"


@pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
def test_the_same_load_twice_at_once(
    settings: Settings,
    schema: str,
    write: Write,
    rows: Rows,
    nothing_is_left: NothingIsLeft,
    scenario: Scenario,
) -> None:
    """One process is about to commit when another begins with the same batch: the second waits,
    and finds it in the ledger."""
    table, options = TableName(schema, "twice"), scenario.options
    before = stage_batch(write("before.csv", csv(scenario.before)), ANY, options, settings)
    batch = stage_batch(write("batch.csv", csv(scenario.batch)), ANY, options, settings)
    load(before, table, options, settings)
    with (
        watched(settings, STATE.format(table)) as seen,
        statement_proxy(settings, Moment("COMMIT", "before", "hold")) as proxy,
        statement_proxy(settings, Moment("LOCK", "before", "hold")) as second_proxy,
    ):
        first = start(load, batch, table, options, proxy.settings(settings))
        assert proxy.reached.wait(BOUND_SECONDS)
        second = start(load, batch, table, options, second_proxy.settings(settings))
        assert second_proxy.reached.wait(BOUND_SECONDS)
        second_proxy.release()
        proxy.release()
        results = [first.result(), second.result()]
    assert [loaded.already_loaded for loaded in results] == [False, True]
    assert rows(table) == sorted(scenario.after)
    assert seen == {summary(scenario.before), summary(scenario.after)}
    nothing_is_left(table, 2)


def test_two_different_loads_into_one_table_at_once(
    settings: Settings, schema: str, write: Write, rows: Rows, nothing_is_left: NothingIsLeft
) -> None:
    """Both of them copy, then both want to move their rows: one after the other, and a reader sees
    either of them alone or both."""
    table, options = TableName(schema, "two"), LoadOptions()
    one = stage_batch(write("one.csv", csv(BEFORE)), ANY, options, settings)
    two = stage_batch(write("two.csv", csv(BATCH)), ANY, options, settings)
    with (
        watched(settings, STATE.format(table)) as seen,
        statement_proxy(settings, Moment("LOCK", "before", "hold")) as first_proxy,
        statement_proxy(settings, Moment("LOCK", "before", "hold")) as second_proxy,
    ):
        jobs = [
            start(load, one, table, options, first_proxy.settings(settings)),
            start(load, two, table, options, second_proxy.settings(settings)),
        ]
        for proxy in (first_proxy, second_proxy):
            assert proxy.reached.wait(BOUND_SECONDS)
        for proxy in (first_proxy, second_proxy):
            proxy.release()
        results = [job.result() for job in jobs]
    assert [loaded.rows_inserted for loaded in results] == [len(BEFORE), len(BATCH)]
    assert rows(table) == sorted(BEFORE + BATCH)
    assert seen <= {None, summary(BEFORE), summary(BATCH), summary(BEFORE + BATCH)}
    nothing_is_left(table, 2)


@pytest.mark.parametrize("statement", ["COPY", "LOCK", "COMMIT"])
def test_a_schema_that_evolves_while_another_load_runs(
    settings: Settings,
    schema: str,
    write: Write,
    ask: Ask,
    nothing_is_left: NothingIsLeft,
    statement: str,
) -> None:
    """A load is stopped before its copy, its lock or its commit, while another one brings a new
    column and a longer text: all rows of both, in a table that fits both."""
    table, options = TableName(schema, "evolving"), LoadOptions()
    load(stage_batch(write("a.csv", csv(BEFORE)), ANY, options, settings), table, options, settings)
    plain = stage_batch(write("b.csv", csv(BATCH)), ANY, options, settings)
    longer = "l" * 300
    text = f"id,name,version,day,colour\n1000,{longer},3,2026-01-03,red\n"
    wider = stage_batch(write("c.csv", text), ANY, options, settings)
    with statement_proxy(settings, Moment(statement, "before", "hold")) as proxy:
        held = start(load, plain, table, options, proxy.settings(settings))
        assert proxy.reached.wait(BOUND_SECONDS)
        other = start(load, wider, table, options, settings)
        if statement == "COMMIT":
            waiting = "SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
            until(lambda: ask(waiting) != [(0,)], "the other load waits")
            proxy.release()
        widened = other.result()
        proxy.release()
        assert held.result().rows_inserted == len(BATCH)
    assert widened.columns_added == ("colour",)
    assert ask(f"SELECT COUNT(*), SUM(id), MAX(LEN(name)), COUNT(colour) FROM {table}") == [
        (len(BEFORE + BATCH) + 1, summary(BEFORE + BATCH)[1] + 1000, 300, 1)
    ]
    nothing_is_left(table, 3)


def test_a_run_over_a_hundred_files_is_killed_and_started_again(
    settings: Settings,
    schema: str,
    write: Write,
    ask: Ask,
    objects: Objects,
    nothing_is_left: NothingIsLeft,
) -> None:
    """SIGKILL while the fiftieth file is being loaded: the second run loads that one and those
    after it, once, and nothing is left on S3."""
    table, options, count = TableName(schema, "files"), LoadOptions(), 100
    files = [
        write(f"{number:03d}.csv", csv([(number, f"file {number}", 1, "2026-01-01")]))
        for number in range(count)
    ]
    moment = Moment("INSERT INTO prefect_flows.loads", "before", "hold", count // 2)
    with statement_proxy(settings, moment) as proxy:
        first = start(ingest_new, files, table, options, proxy.settings(settings))
        assert proxy.reached.wait(BOUND_SECONDS)
        first.kill()
    assert ask(f"SELECT COUNT(*), MAX(id) FROM {table}") == [(count // 2 - 1, count // 2 - 2)]
    assert start(ingest_new, files, table, options, settings).result() == count // 2 + 1
    expected = (count, count, count * (count - 1) // 2)
    assert ask(f"SELECT COUNT(*), COUNT(DISTINCT id), SUM(id) FROM {table}") == [expected]
    assert objects(table) == []
    nothing_is_left(table, count)


def test_two_runs_over_the_same_files_at_once(
    settings: Settings, schema: str, write: Write, ask: Ask, nothing_is_left: NothingIsLeft
) -> None:
    """Somebody starts the same run twice: each file is loaded by one of the two."""
    table, options, count = TableName(schema, "both"), LoadOptions(), 10
    files = [
        write(f"{number:03d}.csv", csv([(number, f"file {number}", 1, "2026-01-01")]))
        for number in range(count)
    ]
    staged = [stage_batch(file, ANY, options, settings) for file in files]
    jobs = [start(load_all, staged, table, options, settings) for _ in range(2)]
    results = [loaded for job in jobs for loaded in job.result()]
    assert sum(not loaded.already_loaded for loaded in results) == count
    assert ask(f"SELECT COUNT(*), COUNT(DISTINCT id) FROM {table}") == [(count, count)]
    nothing_is_left(table, count)
