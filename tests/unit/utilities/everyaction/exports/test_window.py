"""The window of an export overlaps with the last one, and never leaves a gap without a word."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utilities.errors import ParameterInvalid, WatermarkTooOld
from utilities.everyaction.exports.window import KEPT, Reading, as_text, next_start, parse_moment

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def reading(
    watermark: str | None,
    since: str | None = None,
    has_ids: bool = False,
    resource: str = "Contacts",
) -> Reading:
    """Return what is known of a table."""
    return Reading(resource, "van.contacts", watermark, since, has_ids=has_ids)


@pytest.mark.parametrize(
    ("watermark", "start"),
    [
        (None, "2026-08-24T12:00:00Z"),
        ("2026-11-21T11:30:00Z", "2026-11-21T10:30:00Z"),
        ("2026-11-21T06:30:00.123456-05:00", "2026-11-21T10:30:00.123456Z"),
        ("2026-11-21T11:30:00", "2026-11-21T10:30:00Z"),
        ("2026-11-20", "2026-11-19T23:00:00Z"),
        ("2026-08-23T13:30:00Z", "2026-08-23T13:00:00Z"),
        ("2027-01-01T00:00:00Z", "2026-11-21T11:00:00Z"),
    ],
)
def test_where_it_starts(watermark: str | None, start: str) -> None:
    """89 days back at first; then an hour before the watermark, in UTC, but not beyond what the
    API keeps; a watermark from the future is not taken."""
    assert as_text(next_start(reading(watermark), NOW)) == start


@given(st.datetimes(datetime(2026, 1, 1), datetime(2026, 11, 21, 12), timezones=st.just(UTC)))
def test_no_gap(watermark: datetime) -> None:
    """Whatever the watermark: the window begins before it, or the run stops."""
    try:
        start = next_start(reading(as_text(watermark)), NOW)
    except WatermarkTooOld:
        assert watermark < NOW - KEPT + timedelta(hours=1)
    else:
        assert NOW - KEPT < start <= watermark


def test_too_old() -> None:
    """The way out by a saved list is for contacts; ids are for every type, and begin anew."""
    old = "2026-08-23T12:30:00Z"
    for resource, has_list in (("Contacts", True), ("Contributions", False)):
        with pytest.raises(WatermarkTooOld) as refused:
            next_start(reading(old, resource=resource), NOW)
        assert ("--saved-list ID" in str(refused.value)) == has_list
        assert f"flows.van_changed_entities {resource} van.contacts --ids" in str(refused.value)
    assert next_start(reading(old, has_ids=True), NOW) == NOW - timedelta(days=89)


def test_a_watermark_that_is_no_time() -> None:
    """A table that another source has filled is told."""
    with pytest.raises(ParameterInvalid, match="van.contacts: the ledger's watermark is 'page 7'"):
        next_start(reading("page 7"), NOW)


@given(st.datetimes(timezones=st.just(UTC)))
def test_times_keep_their_value_as_text(moment: datetime) -> None:
    """UTC with a Z, short enough for the ledger, and read back the same."""
    text = as_text(moment)
    assert text.endswith("Z") and len(text) <= 64
    assert parse_moment(text) == moment
