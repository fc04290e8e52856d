"""Where a live deployment differs from what it should be, in the words of Prefect's API."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from deployments.declaration import Schedule
from deployments.live import LiveDeployment, LiveSchedule
from deployments.plan.leaves import given_options


@dataclass(frozen=True)
class ScheduleDifferences:
    """What makes live schedules equal to those wanted.

    Attributes:
        removed: live ones that nobody wants, or that have no slug to know them by.
        added: wanted ones that are not live.
        changed: live ones, each with what is wanted of it.
    """

    removed: tuple[LiveSchedule, ...] = ()
    added: tuple[Schedule, ...] = ()
    changed: tuple[tuple[LiveSchedule, Schedule], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.removed or self.added or self.changed)


@dataclass(frozen=True)
class Differences:
    """All differences of one deployment.

    Attributes:
        fields: wanted value by name, of those that differ.
        schedules: differences of its schedules.
        paused: what it should be; None when it is that, or when nobody says.
    """

    fields: Mapping[str, Any]
    schedules: ScheduleDifferences
    paused: bool | None

    def __bool__(self) -> bool:
        return bool(self.fields or self.schedules or self.paused is not None)


def find_differences(
    live: LiveDeployment,
    fields: Mapping[str, Any],
    schedules: Sequence[Schedule],
    paused: bool | None,
) -> Differences:
    """Compare a live deployment with what it should be.

    Args:
        live: as it was read.
        fields: all of `Wanted.fields`.
        schedules: wanted ones; of one that does not say whether it is active, both will do.
        paused: None when both will do.
    """
    return Differences(
        fields={
            name: value
            for name, value in fields.items()
            if name not in live.fields or not _is_same_field(name, live.fields[name], value)
        },
        schedules=_find_schedule_differences(live.schedules, schedules),
        paused=None if paused == live.paused else paused,
    )


def is_same(one: Any, other: Any) -> bool:
    """Compare two JSON values as Prefect's server would: 1 is 1.0, and neither is true."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(is_same(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(is_same, one, other))
    return bool(one == other)


def _is_same_field(name: str, live: Any, wanted: Any) -> bool:
    if name == "concurrency_options":
        live, wanted = given_options(live), given_options(wanted)
    return is_same(live, wanted)


def _find_schedule_differences(
    live: Sequence[LiveSchedule], wanted: Sequence[Schedule]
) -> ScheduleDifferences:
    by_slug = {each.slug: each for each in wanted}
    there = {each.slug: each for each in live if each.slug in by_slug}
    return ScheduleDifferences(
        removed=tuple(each for each in live if each.slug not in by_slug),
        added=tuple(each for each in wanted if each.slug not in there),
        changed=tuple(
            (each, by_slug[slug])
            for slug, each in there.items()
            if slug is not None and _differ(each, by_slug[slug])
        ),
    )


def _differ(live: LiveSchedule, wanted: Schedule) -> bool:
    return (
        not is_same(live.timing, wanted.timing)
        or not is_same(live.parameters, wanted.parameters)
        or wanted.active not in (None, live.active)
    )
