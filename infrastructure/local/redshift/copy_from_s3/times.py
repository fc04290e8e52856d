"""Dates and times as COPY reads them.

https://docs.aws.amazon.com/redshift/latest/dg/r_DATEFORMAT_and_TIMEFORMAT_strings.html
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache

from infrastructure.local.redshift.copy_from_s3.options import CopyOptions
from infrastructure.local.redshift.copy_from_s3.refusal import BAD_DATE, BAD_TIMESTAMP, Refusal
from infrastructure.local.redshift.copy_from_s3.target import TargetColumn

_CLOCK = r"(?P<clock>\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)(?:\s*(?P<half>[AaPp][Mm]))?"
_ZONE = r"\s*(?P<zone>Z|z|UTC|GMT|[+-]\d{1,2}(?::?\d{2})?)?"
_ISO = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})(?:(?P<mark>[ T])" + _CLOCK + _ZONE + ")?"
)
_AUTO_DATES = (
    r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})",
    r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})",
    r"(?P<month>\d{1,2})[/-](?P<day>\d{1,2})[/-](?P<year>\d{4}|\d{2})",
    r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})",
    r"(?P<day>\d{1,2})[ -](?P<name>[A-Za-z]{3,9})[ -](?P<year>\d{4})",
    r"(?P<name>[A-Za-z]{3,9})[ -](?P<day>\d{1,2}),?[ -](?P<year>\d{4})",
    r"(?P<year>\d{4})\.(?P<ordinal>\d{3})",
)
_AUTO = tuple(re.compile(date + r"(?:[ T]+" + _CLOCK + _ZONE + ")?") for date in _AUTO_DATES)
_TIME = re.compile(_CLOCK + _ZONE)
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()

_PIECES = {
    "YYYY": r"(?P<year>\d{4})",
    "YY": r"(?P<year>\d{2})",
    "MONTH": r"(?P<name>[A-Za-z]{3,9})",
    "MON": r"(?P<name>[A-Za-z]{3})",
    "MM": r"(?P<month>\d{1,2})",
    "DDD": r"(?P<ordinal>\d{3})",
    "DD": r"(?P<day>\d{1,2})",
    "HH24": r"(?P<hour>\d{1,2})",
    "HH12": r"(?P<hour>\d{1,2})",
    "HH": r"(?P<hour>\d{1,2})",
    "MI": r"(?P<minute>\d{1,2})",
    "SS": r"(?P<second>\d{1,2})(?:\.(?P<fraction>\d{1,6}))?",
    "AM": r"(?P<half>[AaPp][Mm])",
    "PM": r"(?P<half>[AaPp][Mm])",
    "OF": r"(?P<zone>[+-]\d{1,2}(?::?\d{2})?)",
    "TZ": r"(?P<zone>Z|UTC|GMT|[+-]\d{1,2}(?::?\d{2})?)",
}
_PIECE = re.compile("|".join(sorted(_PIECES, key=len, reverse=True)), re.IGNORECASE)
_EPOCHS = {"epochsecs": 1_000_000, "epochmillisecs": 1_000}
"""Microseconds of one unit."""

_DEFAULT_DATE = "YYYY-MM-DD"
_DEFAULT_TIME = "YYYY-MM-DD HH24:MI:SS"


def _date(text: str, column: TargetColumn, options: CopyOptions) -> str | None:
    shown = options.date_format or _DEFAULT_DATE
    found = _read(text.strip(" "), options.date_format)
    if found is not None:
        return found[0].date().isoformat()
    if options.accept_any_date:
        return None
    if options.date_format is None and len(text.strip()) < 10:
        raise Refusal(BAD_DATE, "Invalid Date Format - length must be 10 or more")
    raise Refusal(BAD_DATE, f"Invalid date format or value [{shown}]")


def _timestamp(text: str, column: TargetColumn, options: CopyOptions) -> str | None:
    found = _read(text.strip(" "), options.time_format)
    if found is not None and not (
        found[1] and column.kind == "timestamp" and not options.time_format
    ):
        moment, zone = found
        # With a format, a zone is read and has no effect on a column that keeps none.
        return f"{moment.isoformat(' ')}{zone if column.kind == 'timestamptz' else ''}"
    if options.accept_any_date:
        return None
    shown = options.time_format or _DEFAULT_TIME
    raise Refusal(BAD_TIMESTAMP, f"Invalid timestamp format or value [{shown}]")


def _time(text: str, column: TargetColumn, options: CopyOptions) -> str:
    found = _TIME.fullmatch(text.strip(" "))
    moment = None if found is None else _moment(found.groupdict() | {"year": "2000", "day": "1"})
    if found is None or moment is None:
        raise Refusal(BAD_TIMESTAMP, "Invalid time format or value [HH24:MI:SS]")
    zone = _zone(found["zone"]) if column.kind == "timetz" else ""
    return moment.time().isoformat() + zone


CONVERT_TIME: dict[str, Callable[[str, TargetColumn, CopyOptions], str | None]] = {
    "date": _date,
    "timestamp": _timestamp,
    "timestamptz": _timestamp,
    "time": _time,
    "timetz": _time,
}


def _read(text: str, wanted: str | None) -> tuple[datetime, str] | None:
    """Return the moment and its zone as text, or None when the format does not fit."""
    if wanted in _EPOCHS:
        return _epoch(text, _EPOCHS[wanted])
    patterns: tuple[re.Pattern[str], ...] = (_ISO,)
    if wanted == "auto":
        patterns = (_ISO, *_AUTO)
    elif wanted is not None:
        patterns = (_pattern(wanted),)
    for pattern in patterns:
        match = pattern.fullmatch(text)
        if match is None or (wanted is None and match["mark"] == "T"):
            continue
        fields = match.groupdict()
        moment = _moment(fields)
        if moment is not None:
            return moment, _zone(fields.get("zone"))
    return None


def _epoch(text: str, unit: int) -> tuple[datetime, str] | None:
    if re.fullmatch(r"-?\d{1,13}(\.\d+)?", text) is None:
        return None
    try:
        moment = datetime(1970, 1, 1) + timedelta(microseconds=round(float(text) * unit))
    except OverflowError:
        return None
    return moment, "+00"


def _moment(fields: dict[str, str | None]) -> datetime | None:
    clock = fields.get("clock")
    if clock:
        hour, minute, *rest = clock.split(":")
        second, _, fraction = (rest[0] if rest else "0").partition(".")
    else:
        hour, minute = fields.get("hour") or "0", fields.get("minute") or "0"
        second, fraction = fields.get("second") or "0", fields.get("fraction") or ""
    try:
        day = _day(fields)
        hours = _hours(int(hour), fields.get("half"))
        micros = int(fraction.ljust(6, "0")) if fraction else 0
        return day.replace(hour=hours, minute=int(minute), second=int(second), microsecond=micros)
    except (ValueError, OverflowError):
        return None


def _day(fields: dict[str, str | None]) -> datetime:
    """Return midnight of the day; ValueError when there is no such day."""
    year = int(fields.get("year") or "1970")
    if len(fields.get("year") or "") == 2:
        year += 2000 if year < 70 else 1900
    if fields.get("ordinal"):
        day = datetime(year, 1, 1) + timedelta(days=int(fields["ordinal"] or 0) - 1)
        if day.year != year:
            raise ValueError
        return day
    name = (fields.get("name") or "")[:3].lower()
    month = _MONTHS.index(name) + 1 if name else int(fields.get("month") or "1")
    return datetime(year, month, int(fields.get("day") or "1"))


def _hours(hour: int, half: str | None) -> int:
    if half is None:
        return hour
    if not 1 <= hour <= 12:
        raise ValueError
    return hour % 12 + (12 if half.lower() == "pm" else 0)


def _zone(zone: str | None) -> str:
    if not zone:
        return ""
    return zone if zone[0] in "+-" else "+00"


@lru_cache(maxsize=64)
def _pattern(wanted: str) -> re.Pattern[str]:
    """Turn a format of Redshift into a pattern; each field may occur once."""
    parts: list[str] = []
    position = 0
    for piece in _PIECE.finditer(wanted):
        parts.append(re.escape(wanted[position : piece.start()]))
        parts.append(_PIECES[piece[0].upper()])
        position = piece.end()
    parts.append(re.escape(wanted[position:]))
    try:
        return re.compile("".join(parts) + "(?P<mark>)")
    except re.error:
        return re.compile("(?!)")
