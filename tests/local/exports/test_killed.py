"""An export that is killed is finished by the next run; its job is not asked for again."""

import pytest

from tests.faults import Call, Hold, Moment, start, statement_proxy, storage_proxy
from tests.local.exports.conftest import FEW, Sync
from tests.local.exports.jobs import sync_once
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

STATEMENTS = {
    "in the transaction": (Moment("INSERT INTO prefect_flows.loads", "before", "hold"), 1),
    "before the commit": (Moment("COMMIT", "before", "hold"), 1),
    "after the commit": (Moment("COMMIT", "after", "hold"), 2),
}
"""A moment at the warehouse; after the commit, what comes next is an export of its own."""


@pytest.mark.parametrize("step", STEPS)
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


def assert_whole(sync: Sync, loads: int) -> None:
    """The table equals the server's people, loaded so often; nothing is left on S3."""
    assert sync.difference() is None
    assert len(find_recent_loads(parse_table_name(sync.table), 10, sync.settings)) == loads
    assert sync.left() == []
