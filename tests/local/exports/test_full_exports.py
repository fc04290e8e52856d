"""What the API no longer tells as a change is exported by its id, once."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.local.exports.conftest import FEW, Sync
from utilities.errors import ParameterInvalid, WatermarkTooOld
from utilities.everyaction.exports.window import as_text
from utilities.redshift import LoadOptions, load, parse_table_name
from utilities.references import Staged

LONG_AGO_SECONDS = -100 * 86_400
IDS = tuple(range(1, FEW + 1))


@pytest.fixture
def old_sync(small_sync: Sync) -> Sync:
    """People who did not change within what the API tells, and a watermark from before that."""
    small_sync.server.order("PUT", "clock", offset_seconds=LONG_AGO_SECONDS)
    small_sync.server.order("PUT", "people", count=FEW)
    small_sync.server.order("PUT", "clock", offset_seconds=0)
    watermark = as_text(datetime.now(UTC) - timedelta(days=95))
    nothing = Staged("s3://none/manifest.json", "an old export", "0" * 64, (), rows=0, bytes=0)
    options = LoadOptions(mode="upsert", key=("vanid",), watermark=watermark)
    load(nothing, parse_table_name(small_sync.table), options, small_sync.settings)
    return small_sync


def test_a_watermark_that_is_too_old_stops_with_the_way_out(old_sync: Sync) -> None:
    """Nothing is asked of the API; the message names the watermark, the limit and two commands."""
    with pytest.raises(WatermarkTooOld) as refused:
        old_sync.export()
    said = str(refused.value)
    command = f"python -m flows.van_changed_entities Contacts {old_sync.table}"
    assert f"up to {old_sync.watermark}" in said
    assert "in the last 90 days only" in said
    assert f"{command} --saved-list ID or {command} --ids ID --ids ID ..." in said
    assert old_sync.server.jobs_asked_for() == 0


def test_ids_bring_everything_and_a_watermark_from_which_to_go_on(old_sync: Sync) -> None:
    """Several jobs, with the changes of the window: each record once, in one load, and the next
    run reads from there."""
    old_sync.server.order("POST", "changes", changed=30, created=5, suppressed=3)
    exported = old_sync.export(ids=IDS, ids_per_job=150)
    assert len(exported.job_ids) == 3
    assert exported.staged.rows == FEW + 5
    loaded = old_sync.load(exported)
    assert loaded.rows_inserted == FEW + 5 - 3
    assert old_sync.difference() is None
    old_sync.server.order("POST", "changes", changed=10)
    old_sync.run()
    assert old_sync.difference() is None
    assert old_sync.left() == []


def test_several_jobs_are_resumed_too(old_sync: Sync) -> None:
    """Jobs that were asked for are not asked for again, though their number is not complete."""
    old_sync.export(ids=IDS, ids_per_job=150)
    assert old_sync.export(ids=IDS, ids_per_job=150).staged.rows == FEW
    assert old_sync.server.jobs_asked_for() == 3


def test_since_goes_back_and_never_leaves_a_gap(small_sync: Sync) -> None:
    """A start before the watermark is taken; a later one does not skip what lies between."""
    small_sync.run()
    day_before = as_text(datetime.now(UTC).replace(microsecond=0) - timedelta(days=1))
    assert small_sync.export(since=day_before).changed_from == day_before
    watermark = small_sync.watermark
    assert watermark is not None
    assert small_sync.export(since=watermark).changed_from < watermark
    too_early = as_text(datetime.now(UTC) - timedelta(days=95))
    with pytest.raises(ParameterInvalid, match="the last 90 days only. Give a time after"):
        small_sync.export(since=too_early)
    with pytest.raises(ParameterInvalid, match="since is 'yesterday'. Expected a date"):
        small_sync.export(since="yesterday")
