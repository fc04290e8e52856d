"""How a schedule says when: what Prefect accepts, in the form in which its server tells it.

Source: prefect/client/schemas/schedules.py and prefect/_internal/schemas/validators.py of
Prefect 3.8.8. Not imported from there, because that takes longer than all that is done here.
"""

import re
from datetime import datetime, timedelta, timezone
from functools import cache
from typing import Any

from deployments.declaration.cron import is_cron
from deployments.declaration.kinds import INVALID, Number, Text
from deployments.declaration.problems import Problems, Where, shown, suggestion

FIXED_ANCHOR = datetime(2020, 1, 1, tzinfo=timezone.utc)
"""Phase of interval schedules that name none: Prefect's would be the time of the deploy."""

ISO_DURATION = re.compile(
    r"P(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d{1,6})?)S)?)?",
    re.ASCII,
)
CLOCK_DURATION = re.compile(
    r"(?P<hours>\d{2}):(?P<minutes>[0-5]\d)(?::(?P<seconds>[0-5]\d(?:\.\d{1,6})?))?",
    re.ASCII,
)
MAX_RRULE_CHARACTERS = 6500


class CronText(Text):
    """A cron expression that Prefect accepts."""

    def read(self, value: Any, where: Where, problems: Problems) -> Any:
        value = super().read(value, where, problems)
        if value is INVALID or is_cron(value):
            return value
        problems.add(
            where,
            f'found "{value}", expected a cron expression: minute hour day month weekday, such as'
            ' "30 6 * * 1-5".',
        )
        return INVALID


class TimeZone(Text):
    """A name of the IANA time zone database."""

    def read(self, value: Any, where: Where, problems: Problems) -> Any:
        value = super().read(value, where, problems)
        if value is INVALID or value in _time_zones():
            return value
        problems.add(
            where,
            f'found "{value}", expected a name of the IANA database such as America/New_York.'
            f"{suggestion(value, sorted(_time_zones()), 'Names')}",
        )
        return INVALID


class RecurrenceRule(Text):
    """A rule of RFC 5545 with a fixed start; see `rrule_with_start`."""

    def read(self, value: Any, where: Where, problems: Problems) -> Any:
        value = super().read(value, where, problems)
        if value is INVALID:
            return value
        try:
            return rrule_with_start(value)
        except ValueError as error:
            problems.add(where, f'found "{value}", expected a rule such as "FREQ=DAILY": {error}.')
            return INVALID


class Seconds(Number):
    """A number of seconds; more than none."""

    def expected(self) -> str:
        return "seconds (3600) or an ISO 8601 duration (PT1H), more than none"

    def read(self, value: Any, where: Where, problems: Problems) -> Any:
        value = super().read(value, where, problems)
        if value is INVALID or 0 < value <= timedelta.max.total_seconds():
            return value if value is INVALID else float(value)
        problems.add(where, f"found {value}, expected {self.expected()}.")
        return INVALID


class Duration(Text):
    """A time span as a text; in seconds when read."""

    def expected(self) -> str:
        return Seconds().expected()

    def read(self, value: Any, where: Where, problems: Problems) -> Any:
        value = super().read(value, where, problems)
        if value is INVALID:
            return value
        seconds = duration_seconds(value)
        if not seconds:
            problems.add(where, f"found {shown(value)}, expected {self.expected()}.")
            return INVALID
        return seconds


class PointInTime(Text):
    """A date or time of ISO 8601; UTC when it does not say otherwise."""

    def read(self, value: Any, where: Where, problems: Problems) -> Any:
        value = super().read(value, where, problems)
        if value is INVALID:
            return value
        try:
            return anchor(datetime.fromisoformat(value))
        except (ValueError, OverflowError):
            problems.add(
                where,
                f'found "{value}", expected a time of ISO 8601 such as'
                ' "2020-01-01T06:00:00+00:00".',
            )
            return INVALID


def anchor(moment: datetime) -> str:
    """Return a moment as a schedule's timing holds it.

    Raises:
        ValueError: its offset from UTC has seconds, which Prefect does not take.
    """
    aware = moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
    if (aware.utcoffset() or timedelta()) % timedelta(minutes=1):
        raise ValueError("an offset has whole minutes")
    return aware.astimezone(timezone.utc).isoformat()


def duration_seconds(text: str) -> float | None:
    """Return the length of an ISO 8601 duration or of HH:MM:SS; None for any other text."""
    match = ISO_DURATION.fullmatch(text) or CLOCK_DURATION.fullmatch(text)
    if match is None:
        return None
    parts = {unit: float(number) for unit, number in match.groupdict().items() if number}
    try:
        return timedelta(**parts).total_seconds() if parts else None
    except OverflowError:
        return None


def rrule_with_start(text: str) -> str:
    """Return a rule that starts when Prefect's server would let it start.

    Prefect adds a DTSTART to a rule without one: of 2020, but of the moment for a rule by
    minutes or seconds, so that each deploy would shift it.

    Raises:
        ValueError: the rule is not one, or has to name its start.

    Source: `normalize_rrule_string` in prefect/_internal/schemas/validators.py.
    """
    # Takes 10 ms and is seldom needed.
    from dateutil.rrule import (  # type: ignore[import-untyped]
        MINUTELY,
        SECONDLY,
        rrule,
        rrulestr,
    )

    if len(text) > MAX_RRULE_CHARACTERS:
        raise ValueError(f"it has {len(text)} characters, Prefect takes {MAX_RRULE_CHARACTERS}")
    try:
        parsed = rrulestr(text)
    except (TypeError, LookupError, AttributeError, OverflowError) as error:
        raise ValueError("a part of it is missing or too long") from error
    if "DTSTART" in text.upper():
        return text
    if isinstance(parsed, rrule):
        rule: Any = parsed
        if rule._freq in (MINUTELY, SECONDLY) and rule._count is None:
            raise ValueError("by minutes or seconds it needs a DTSTART; or use an interval")
    return f"DTSTART:{FIXED_ANCHOR:%Y%m%dT%H%M%S}\n{text}"


@cache
def _time_zones() -> frozenset[str]:
    from zoneinfo import available_timezones

    return frozenset(available_timezones()) - {"localtime", "Factory"}
