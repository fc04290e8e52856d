"""When a schedule runs, in the form in which Prefect's server tells it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from deployments.declaration import Schedule
from tests.unit.deployments.declaration.made_files import ORDERS, deployments, read

FIXED = "2020-01-01T00:00:00+00:00"

TIMINGS: dict[str, Mapping[str, Any]] = {
    "cron: 30 6 * * 1-5": {"cron": "30 6 * * 1-5", "timezone": "UTC", "day_or": True},
    "cron: 0 6 1 * 1, timezone: America/New_York, day_or: false": {
        "cron": "0 6 1 * 1",
        "timezone": "America/New_York",
        "day_or": False,
    },
    "interval: 3600": {"interval": 3600.0, "anchor_date": FIXED, "timezone": "UTC"},
    "interval: PT90M, timezone: Europe/Berlin": {
        "interval": 5400.0,
        "anchor_date": FIXED,
        "timezone": "Europe/Berlin",
    },
    "interval: 5, anchor_date: '2026-01-01T02:00:00+02:00'": {
        "interval": 5.0,
        "anchor_date": "2026-01-01T00:00:00+00:00",
        "timezone": "UTC",
    },
    "interval: 5, anchor_date: '2026-01-01'": {
        "interval": 5.0,
        "anchor_date": "2026-01-01T00:00:00+00:00",
        "timezone": "UTC",
    },
    "rrule: FREQ=DAILY": {
        "rrule": "DTSTART:20200101T000000\nFREQ=DAILY",
        "timezone": "UTC",
    },
    'rrule: "DTSTART:20260101T000000\\nRRULE:FREQ=MINUTELY"': {
        "rrule": "DTSTART:20260101T000000\nRRULE:FREQ=MINUTELY",
        "timezone": "UTC",
    },
}


def schedules(root: Path, *texts: str) -> tuple[Schedule, ...]:
    """Return the schedules of a deployment that has these."""
    items = "".join(f"  - {{{text}}}\n" for text in texts)
    declared = read(root, deployments(f"{ORDERS}schedules:\n{items}"))
    return declared.environments["production"].configurations[0].schedules


@pytest.mark.parametrize("text", TIMINGS)
def test_a_timing_is_what_the_server_tells(tmp_path: Path, text: str) -> None:
    """With every default written out, so that nothing is different at the next look."""
    [schedule] = schedules(tmp_path, f"slug: a, {text}")
    assert schedule.timing == TIMINGS[text]


def test_schedules_are_in_the_order_of_their_slugs(tmp_path: Path) -> None:
    """Moving one in the file changes nothing; what is not said of it stays open."""
    found = schedules(
        tmp_path,
        "slug: b, interval: 1, active: false",
        "slug: a, interval: 1, parameters: {limit: 3}",
    )
    assert [(one.slug, one.active, one.parameters) for one in found] == [
        ("a", None, {"limit": 3}),
        ("b", False, {}),
    ]
