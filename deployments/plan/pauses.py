"""Which pauses stay: one made by hand, unless the files say or said otherwise."""

from collections.abc import Sequence
from dataclasses import replace

from deployments.declaration import Schedule
from deployments.records import Record


def wanted_pause(said: bool | None, record: Record | None) -> bool | None:
    """Return whether a deployment is to be paused; None to leave that as it is.

    Args:
        said: by the file.
        record: of what is live; what it had said ends when the file says it no longer.
    """
    if said is None and record is not None and record.paused is not None:
        return False
    return said


def with_wanted_pauses(
    schedules: Sequence[Schedule], record: Record | None
) -> tuple[Schedule, ...]:
    """Return the schedules, active where the record of what is live had said so or not so."""
    told = (
        {each["slug"] for each in record.schedules if each["active"] is not None} if record else ()
    )
    return tuple(
        replace(each, active=True) if each.active is None and each.slug in told else each
        for each in schedules
    )
