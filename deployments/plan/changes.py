"""What a person is told of the differences of one deployment."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from deployments.declaration import Schedule
from deployments.live import LiveDeployment
from deployments.plan.actions import Change
from deployments.plan.differences import is_same
from deployments.plan.leaves import field_leaves, schedule_leaves
from deployments.records import Record

VARIABLES = "job_variables.env."
OURS = frozenset({f"{VARIABLES}DEPLOYMENT_NAME", f"{VARIABLES}COMMIT_HASH"})

HIDDEN = "(not shown)"
"""Stands for the value of an environment variable that somebody set by hand: it may be a secret."""


def find_changes(
    live: LiveDeployment,
    fields: Mapping[str, Any],
    schedules: Sequence[Schedule],
    paused: bool | None,
    record: Record | None,
) -> tuple[Change, ...]:
    """Compare a live deployment with what it should be, leaf by leaf.

    Args:
        live: as it was read.
        fields, schedules, paused: what it should be, as in `find_differences`.
        record: of what was deployed; None when it is not known, so that nobody can tell what was
            changed by hand.
    """
    active = {each.slug: each.active for each in live.schedules}
    wanted_schedules = [
        _with_active(each, active.get(each.slug, True)) if each.active is None else each
        for each in schedules
    ]
    now = field_leaves(live.fields) | schedule_leaves(live.schedules)
    then = field_leaves(fields) | schedule_leaves(wanted_schedules)
    before = _recorded(record)
    changes = tuple(_compare(now, then, before))
    if paused in (None, live.paused):
        return changes
    by_hand = record is not None and live.paused != (record.paused is True)
    return (*changes, Change("paused", live.paused, paused, by_hand))


def _compare(
    now: Mapping[str, Any], then: Mapping[str, Any], before: Mapping[str, Any] | None
) -> Iterator[Change]:
    for path in [*now, *(path for path in then if path not in now)]:
        live, wanted = now.get(path), then.get(path)
        if path in now and path in then and is_same(live, wanted):
            continue
        by_hand = before is not None and not is_same(live, before.get(path))
        is_variable = path.startswith(VARIABLES) and path not in OURS
        if is_variable and live is not None and (by_hand or path not in then):
            live = HIDDEN
        yield Change(path, live, wanted, by_hand)


def _recorded(record: Record | None) -> dict[str, Any] | None:
    """Return the leaves that were deployed; what a schedule did not say was its default."""
    if record is None:
        return None
    schedules = [{**each, "active": each["active"] is not False} for each in record.schedules]
    return field_leaves(record.fields) | schedule_leaves(schedules)


def _with_active(schedule: Schedule, active: bool) -> Schedule:
    return Schedule(schedule.slug, schedule.timing, active, schedule.parameters)
