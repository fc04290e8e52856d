"""From when on an export reads changes: in UTC, overlapping with what the last one has read.

Its end is the moment at which the API begins: it says which, and nobody's clock has to be right.
The API tells what changed in the last 90 days only.
https://docs.everyaction.com/reference/changed-entities-common-models
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from utilities.errors import ParameterInvalid, WatermarkTooOld

KEPT = timedelta(days=90)
"""How long the API knows what changed."""

MARGIN = timedelta(hours=1)
"""An export that waits for its turn must not fall out of what is kept meanwhile."""

COARSE = timedelta(minutes=1)
"""How far a watermark may lie after the server's own time, which comes in whole seconds, and not
always the newest one. What lies beyond is not from this server."""

FIRST = timedelta(days=89)
"""How far back a table without a watermark is read."""

COMMAND = "python -m flows.van_changed_entities"


@dataclass(frozen=True)
class Reading:
    """What the start of a window follows from.

    Attributes:
        resource, table: what is read, and where to.
        watermark: how far the table's source was read, from the ledger; None before the first load.
        since: start that was asked for; it may lie before the watermark, but leaves no gap after it.
        overlap: what is read again before the watermark, for changes that became visible late.
        has_ids: records are asked for by their ids as well, which makes a full export.
    """

    resource: str
    table: str
    watermark: str | None
    since: str | None = None
    overlap: timedelta = timedelta(hours=1)
    has_ids: bool = False


def next_start(reading: Reading, now: datetime) -> datetime:
    """Return the time from which changes have to be read, UTC.

    Args:
        reading: what is known.
        now: by the server's clock.

    Raises:
        WatermarkTooOld: the changes since the watermark are no longer all known to the API.
        ParameterInvalid: watermark or start are no times, or the start is too old.
    """
    oldest = now - KEPT + MARGIN
    start = _start(reading, now, oldest)
    if reading.since is not None:
        since = _require_moment(f"{reading.resource}: since", reading.since)
        if since < oldest:
            raise ParameterInvalid(
                f"{reading.resource}: since is {as_text(since)}, and the API tells what changed in "
                f"the last {KEPT.days} days only. Give a time after {as_text(oldest)}. For records "
                f"that did not change since then: {_ways_out(reading)}."
            )
        start = since if reading.watermark is None else min(start, since)
    return start if start < now + COARSE else now - MARGIN


def _start(reading: Reading, now: datetime, oldest: datetime) -> datetime:
    if reading.watermark is None:
        return now - FIRST
    watermark = _require_moment(f"{reading.table}: the ledger's watermark", reading.watermark)
    if watermark >= oldest:
        return max(watermark - reading.overlap, oldest)
    if reading.has_ids:
        return now - FIRST
    raise WatermarkTooOld(
        f"{reading.table}: the last load read {reading.resource} up to {as_text(watermark)}, and the "
        f"API tells what changed in the last {KEPT.days} days only, since {as_text(oldest)}. Nothing "
        "was exported: changes between the two would be missing without a word. Export the records "
        f"once in full: {_ways_out(reading)}."
    )


def _ways_out(reading: Reading) -> str:
    command = f"{COMMAND} {reading.resource} {reading.table}"
    ways = [f"{command} --saved-list ID"] if reading.resource == "Contacts" else []
    return " or ".join([*ways, f"{command} --ids ID --ids ID ..."])


def _require_moment(what: str, text: str) -> datetime:
    moment = parse_moment(text)
    if moment is None:
        raise ParameterInvalid(
            f"{what} is {text!r}. Expected a date or a time in ISO 8601, such as "
            "2026-01-31T10:00:00Z; without an offset it is UTC."
        )
    return moment


def parse_moment(text: str) -> datetime | None:
    """Return an ISO 8601 time in UTC, where a time without an offset is; None for anything else."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def as_text(moment: datetime) -> str:
    """Return a time as the API takes it and the ledger keeps it: UTC, with a Z."""
    moment = moment.astimezone(UTC)
    return moment.isoformat(timespec="microseconds" if moment.microsecond else "seconds").replace(
        "+00:00", "Z"
    )


def in_utc(answered: str | None, known: str) -> str:
    """Return a time of the server in UTC; the one that is known when it gave none.

    A time without an offset is of a zone that the answer does not tell; so it is not used.
    https://docs.everyaction.com/reference/changed-entities-common-models
    """
    try:
        moment = datetime.fromisoformat(answered or "")
    except ValueError:
        return known
    return as_text(moment) if moment.tzinfo is not None else known
