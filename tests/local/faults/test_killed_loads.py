"""A process that is killed leaves a table as it was; the next run completes the work, once."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.faults import Call, Hold, Moment, start, statement_proxy, storage_proxy, watched
from tests.local.faults.conftest import NothingIsLeft, Rows
from tests.local.faults.jobs import ANY, ingest, ingest_new, stage_batch, staging_prefix
from tests.local.faults.scenarios import BATCH, BEFORE, SCENARIOS, Scenario, csv, summary
from utilities.objects import ObjectStore
from utilities.redshift import LoadOptions, load
from utilities.references import TableName
from utilities.settings import Settings

Write = Callable[[str, str], Path]
Objects = Callable[[TableName], list[str]]

BOUND_SECONDS = 60.0
UPSERT = next(scenario for scenario in SCENARIOS if scenario.options.mode == "upsert")


@pytest.mark.parametrize("is_new", [True, False], ids=["new table", "upsert"])
def test_a_load_killed_at_any_statement(
    settings: Settings,
    schema: str,
    write: Write,
    rows: Rows,
    nothing_is_left: NothingIsLeft,
    is_new: bool,
) -> None:
    """SIGKILL before the first statement, before the second, and so on until COMMIT was answered:
    the table is as it was, or has the batch; after a second run it has the batch, once."""
    scenario = Scenario(LoadOptions(), before=[], after=BATCH) if is_new else UPSERT
    options, number, to_commit = scenario.options, 0, 1
    before = stage_batch(write("before.csv", csv(BEFORE)), ANY, options, settings)
    batch = stage_batch(write("batch.csv", csv(BATCH)), ANY, options, settings)
    while number <= to_commit:
        table = TableName(schema, f"killed_{number}")
        if scenario.before:
            load(before, table, options, settings)
        moment = Moment(number, "before", "hold")
        if number == to_commit:
            moment = Moment("COMMIT", "after", "hold")
        with statement_proxy(settings, moment) as proxy:
            killed = start(load, batch, table, options, proxy.settings(settings))
            assert proxy.reached.wait(BOUND_SECONDS)
            killed.kill()
        if number < to_commit and scenario.before:
            assert rows(table) == sorted(scenario.before)
        with statement_proxy(settings) as proxy:
            loaded = load(batch, table, options, proxy.settings(settings))
        assert loaded.already_loaded == (number == to_commit)
        if number < to_commit:
            to_commit = proxy.statements.index("COMMIT") + 1
        assert rows(table) == sorted(scenario.after)
        nothing_is_left(table, 2 if scenario.before else 1)
        number += 1


PARTS = "part-00000 part-00001 manifest".split()


@pytest.fixture
def two_parts(write: Write) -> Path:
    """A file of few rows and two parts."""
    text = "x" * 60_000
    return write(
        "long.csv", "id,note\n" + "".join(f"{row},{row:06d}{text}\n" for row in range(400))
    )


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
@pytest.mark.parametrize("name", PARTS)
def test_a_run_killed_between_the_first_part_and_the_manifest(
    settings: Settings,
    schema: str,
    two_parts: Path,
    objects: Objects,
    nothing_is_left: NothingIsLeft,
    ask: Callable[[str], list[tuple[object, ...]]],
    name: str,
    before: bool,
) -> None:
    """SIGKILL while S3 has not seen a part yet, or has it and the process does not know: nothing
    is in the table; the next run loads all rows and leaves no object."""
    table, options = TableName(schema, "parts"), LoadOptions()

    def rule(call: Call) -> Hold | None:
        return Hold(before) if call.method == "PUT" and name in call.path else None

    assert settings.aws_endpoint_url
    with storage_proxy(settings.aws_endpoint_url, rule) as proxy:
        killed = start(ingest, two_parts, table, options, proxy.settings(settings))
        assert proxy.reached.wait(BOUND_SECONDS)
        killed.kill()
    assert any(name in found for found in objects(table)) != before
    loaded = ingest(two_parts, table, options, settings)
    assert (loaded.already_loaded, loaded.rows_inserted) == (False, 400)
    assert ask(f"SELECT COUNT(*), COUNT(DISTINCT id), SUM(id), MIN(LEN(note)) FROM {table}") == [
        (400, 400, 79_800, 60_006)
    ]
    assert objects(table) == []
    nothing_is_left(table, 1)


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
def test_a_run_killed_while_it_deletes_its_staged_files(
    settings: Settings,
    schema: str,
    write: Write,
    rows: Rows,
    objects: Objects,
    nothing_is_left: NothingIsLeft,
    before: bool,
) -> None:
    """The commit has happened: the next run finds the batch in the ledger, and does not stage it
    again. What is left on S3 can be expired."""
    table, options = TableName(schema, "deleting"), LoadOptions()
    file = write("batch.csv", csv(BATCH))

    def rule(call: Call) -> Hold | None:
        return Hold(before) if call.method == "POST" else None

    assert settings.aws_endpoint_url
    with storage_proxy(settings.aws_endpoint_url, rule) as proxy:
        killed = start(ingest, file, table, options, proxy.settings(settings))
        assert proxy.reached.wait(BOUND_SECONDS)
        killed.kill()
    assert rows(table) == sorted(BATCH)
    assert ingest_new([file], table, options, settings) == 0
    assert rows(table) == sorted(BATCH)
    assert bool(objects(table)) == before
    address = f"s3://{settings.s3_temp_bucket}/{staging_prefix(table)}"
    ObjectStore(settings).expire(address, datetime.now(UTC) + timedelta(minutes=1))
    assert objects(table) == []
    nothing_is_left(table, 1)


def test_a_reader_never_sees_a_part_of_a_killed_load(
    settings: Settings, schema: str, write: Write
) -> None:
    """A reader that asks all the time, while a load is killed at its move and at its commit and
    then repeated, sees the table before and after, and nothing else."""
    table, options = TableName(schema, "read"), UPSERT.options
    load(
        stage_batch(write("before.csv", csv(BEFORE)), table, options, settings),
        table,
        options,
        settings,
    )
    staged = stage_batch(write("batch.csv", csv(BATCH)), table, options, settings)
    with watched(settings, f"SELECT COUNT(*), SUM(id), SUM(version) FROM {table}") as seen:
        for statement in ("INSERT INTO prefect_flows.loads", "COMMIT"):
            with statement_proxy(settings, Moment(statement, "before", "hold")) as proxy:
                killed = start(load, staged, table, options, proxy.settings(settings))
                assert proxy.reached.wait(BOUND_SECONDS)
                killed.kill()
        assert seen == {summary(BEFORE)}
        load(staged, table, options, settings)
    assert seen == {summary(BEFORE), summary(UPSERT.after)}
