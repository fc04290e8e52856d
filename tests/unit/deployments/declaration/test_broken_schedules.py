"""What is wrong with a schedule is told with line, place and what Prefect takes."""

from pathlib import Path

import pytest

from tests.unit.deployments.declaration.made_files import ORDERS, deployments, problems

SPAN = "expected seconds (3600) or an ISO 8601 duration (PT1H), more than none."

SCHEDULES = {
    "cron: 99 * * * *": '.cron: found "99 * * * *", expected a cron expression: minute hour day '
    'month weekday, such as "30 6 * * 1-5".',
    "corn: 1 * * * *": '.corn: the key is not known. Did you mean "cron"?',
    "active: true": ": found none of them, expected exactly one of cron, interval, rrule.",
    "cron: 1 * * * *, interval: 5": ": found cron and interval, expected exactly one of cron, "
    "interval, rrule.",
    "interval: 5, timezone: Europe/Belrin": '.timezone: found "Europe/Belrin", expected a name of '
    'the IANA database such as America/New_York. Did you mean "Europe/Berlin"?',
    "interval: 0": f".interval: found 0, {SPAN}",
    "interval: 1 hour": f'.interval: found the text "1 hour", {SPAN}',
    "interval: true": f".interval: found true, {SPAN}",
    "interval: P999999999999D": f'.interval: found the text "P999999999999D", {SPAN}',
    "interval: P1M": f'.interval: found the text "P1M", {SPAN}',
    "interval: 5, anchor_date: 2020-01-01T00:00:00Z": ".anchor_date: found the time "
    "2020-01-01T00:00:00Z, expected a text: write it in quotes.",
    "interval: 5, anchor_date: soon": '.anchor_date: found "soon", expected a time of ISO 8601 '
    'such as "2020-01-01T06:00:00+00:00".',
    "interval: 5, day_or: true": ".day_or: it has a meaning with cron only. Remove it.",
    "cron: 1 * * * *, anchor_date: '2020-01-01'": ".anchor_date: it has a meaning with interval "
    "only. Remove it.",
    "rrule: FREQ=DALY": '.rrule: found "FREQ=DALY", expected a rule such as "FREQ=DAILY": invalid '
    "'FREQ': DALY.",
    "rrule: COUNT=3": '.rrule: found "COUNT=3", expected a rule such as "FREQ=DAILY": a part of it '
    "is missing or too long.",
    "rrule: FREQ=MINUTELY": '.rrule: found "FREQ=MINUTELY", expected a rule such as "FREQ=DAILY": '
    "by minutes or seconds it needs a DTSTART; or use an interval.",
    "interval: 5, parameters: {dya: x}": ".parameters.dya: the flow orders (flows/orders.py:7) "
    'has no such parameter. Did you mean "day"?',
    "interval: 5, replaces: b": ".replaces: it is not used: a schedule is known by its slug; one "
    "that left the file leaves Prefect.",
}


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_a_schedule_that_cannot_be_is_explained(tmp_path: Path, schedule: str) -> None:
    """One wrong value gives one line."""
    text = f"{ORDERS}schedules:\n  - {{slug: hourly, {schedule}}}\n"
    found = problems(tmp_path, deployments(text))
    assert found == [f"prefect.yaml:10: deployments.orders.schedules.hourly{SCHEDULES[schedule]}"]


def test_every_schedule_has_a_slug_of_its_own(tmp_path: Path) -> None:
    """Slugs tell schedules apart, so that an edit of one is no removal of another."""
    text = f"{ORDERS}schedules:\n  - interval: 5\n  - {{slug: a, interval: 5}}\n  - {{slug: a, interval: 6}}\n"
    assert problems(tmp_path, deployments(text)) == [
        'prefect.yaml:10: deployments.orders.schedules[0]: "slug" is missing: name of the schedule '
        "within its deployment, such as hourly.",
        'prefect.yaml:12: deployments.orders.schedules.a: the slug "a" is used a second time (first '
        "in line 11). Slugs tell schedules apart: rename one.",
    ]


def test_schedules_are_a_list(tmp_path: Path) -> None:
    """One schedule alone is a list of one."""
    assert problems(tmp_path, deployments(f"{ORDERS}schedules: {{slug: a}}\n")) == [
        "prefect.yaml:9: deployments.orders.schedules: found a mapping, expected a list, each item "
        "a mapping with keys such as slug, cron, interval."
    ]
