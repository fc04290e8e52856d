"""An export that is killed is finished by the next run; its job is not asked for again."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from infrastructure.local.stack import Stack
from tests import clients
from tests.faults import Call, Hold, Moment, start, statement_proxy, storage_proxy
from tests.local.exports.conftest import FEW, Sync
from tests.local.exports.jobs import place_of, sync_once
from utilities.errors import SchemaMismatch
from utilities.objects import ObjectStore
from utilities.redshift import find_recent_loads, parse_table_name

BOUND_SECONDS = 60.0

STEPS = {
    "asked, not remembered": ("/export/job.json", True, 2),
    "asked and remembered": ("/export/job.json", False, 1),
    "downloading": ("/raw/", False, 1),
    "staging": ("/part-00000.parquet", False, 1),
    "staged in parts": ("/00003/manifest.json", False, 1),
    "before the batch is whole": ("/export/manifest.json", True, 1),
    "before the load": ("/export/manifest.json", False, 1),
}
"""The object on its way to S3, whether S3 has not seen it yet, and how many jobs are asked for."""

BENCHMARK_ONLY = {"staged in parts", "before the batch is whole"}
"""Between two steps that are tested here; benchmarks/everyaction_sync takes all of them."""

STATEMENTS = {
    "in the transaction": (Moment("INSERT INTO prefect_flows.loads", "before", "hold"), 1),
    "before the commit": (Moment("COMMIT", "before", "hold"), 1),
    "after the commit": (Moment("COMMIT", "after", "hold"), 2),
}
"""A moment at the warehouse; after the commit, what comes next is an export of its own."""


@pytest.mark.parametrize("step", [step for step in STEPS if step not in BENCHMARK_ONLY])
def test_killed_on_its_way_to_the_load(small_sync: Sync, step: str) -> None:
    """Nothing is in the table; the next run gets every row, and resumes a job that was remembered."""
    name, before, jobs = STEPS[step]

    def rule(call: Call) -> Hold | None:
        return Hold(before) if call.method == "PUT" and name in call.path else None

    assert small_sync.settings.aws_endpoint_url
    with storage_proxy(small_sync.settings.aws_endpoint_url, rule) as proxy:
        killed = start(sync_once, proxy.settings(small_sync.settings), small_sync.table)
        assert proxy.reached.wait(BOUND_SECONDS)
        killed.kill()
    assert small_sync.watermark is None
    assert small_sync.run().rows_inserted == FEW
    assert small_sync.server.jobs_asked_for() == jobs
    assert any(line.startswith("resuming export job") for line in small_sync.said) == (jobs == 1)
    assert_whole(small_sync, loads=1)


@pytest.mark.parametrize("moment", STATEMENTS)
def test_killed_while_loading(small_sync: Sync, moment: str) -> None:
    """The table has the batch once, whether the commit had happened or not."""
    stop, jobs = STATEMENTS[moment]
    with statement_proxy(small_sync.settings, stop) as proxy:
        killed = start(sync_once, proxy.settings(small_sync.settings), small_sync.table)
        assert proxy.reached.wait(BOUND_SECONDS)
        killed.kill()
    assert (small_sync.watermark is not None) == (jobs == 2)
    small_sync.run()
    assert small_sync.server.jobs_asked_for() == jobs
    assert_whole(small_sync, loads=jobs)


def test_killed_while_what_is_left_is_deleted(small_sync: Sync) -> None:
    """The load is committed: what is left on S3 belongs to no request any more and goes away."""

    def rule(call: Call) -> Hold | None:
        return Hold(before=True) if call.method == "POST" and call.number > 1 else None

    assert small_sync.settings.aws_endpoint_url
    with storage_proxy(small_sync.settings.aws_endpoint_url, rule) as proxy:
        killed = start(sync_once, proxy.settings(small_sync.settings), small_sync.table)
        assert proxy.reached.wait(BOUND_SECONDS)
        killed.kill()
    assert "job.json" in small_sync.left()
    small_sync.run()
    assert small_sync.server.jobs_asked_for() == 2
    assert_whole(small_sync, loads=2)


def test_the_same_request_is_resumed_and_another_one_is_not(small_sync: Sync) -> None:
    """A run whose load failed keeps its job; with other fields, a new one is asked for."""
    first = small_sync.export()
    assert small_sync.export().job_ids == first.job_ids
    other = small_sync.export(fields=("Employer",))
    assert other.job_ids != first.job_ids
    assert small_sync.export(fields=("employer",)).job_ids == other.job_ids
    assert small_sync.server.jobs_asked_for() == 2
    small_sync.load(other)
    assert small_sync.export().job_ids not in (first.job_ids, other.job_ids)


def test_a_job_that_the_server_does_not_know_any_more_is_forgotten(small_sync: Sync) -> None:
    """A remembered job that is gone is no error: a new one is asked for."""
    small_sync.export()
    small_sync.server.order("POST", "reset")
    small_sync.server.order("PUT", "people", count=FEW)
    exported = small_sync.export()
    told = "is not known to the API any more: asking for a new one"
    assert any(line.endswith(told) for line in small_sync.said)
    small_sync.load(exported)
    assert small_sync.difference() is None


def test_a_job_of_yesterday_is_not_resumed(small_sync: Sync) -> None:
    """What was asked for half a day ago is not what is there today."""
    small_sync.export()
    store, place = ObjectStore(small_sync.settings), place_of(small_sync.table, small_sync.settings)
    with store.open(f"{place}job.json") as file:
        note = json.loads(file.read())
    note["asked_at"] = (datetime.now(UTC) - timedelta(hours=13)).isoformat()
    store.put(f"{place}job.json", json.dumps(note).encode())
    small_sync.run()
    assert small_sync.server.jobs_asked_for() == 2
    assert_whole(small_sync, loads=1)


def test_what_a_person_has_to_mend_is_not_kept(stack: Stack, small_sync: Sync) -> None:
    """A value that does not fit the table: after it was mended, a new job brings the new value."""
    clients.ask(stack, f"CREATE TABLE {small_sync.table} (vanid BIGINT, city BIGINT)")
    with pytest.raises(SchemaMismatch, match='column "City"'):
        small_sync.run()
    assert small_sync.left() == []
    clients.ask(stack, f"DROP TABLE {small_sync.table}")
    small_sync.run()
    assert small_sync.server.jobs_asked_for() == 2
    assert_whole(small_sync, loads=1)


def assert_whole(sync: Sync, loads: int) -> None:
    """The table equals the server's people, loaded so often; nothing is left on S3."""
    assert sync.difference() is None
    assert len(find_recent_loads(parse_table_name(sync.table), 10, sync.settings)) == loads
    assert sync.left() == []
