"""Schedules of a deployment, in the form in which Prefect's server tells them."""

from collections.abc import Mapping
from typing import Any

from deployments.catalog import CatalogFlow
from deployments.declaration.declared import Schedule
from deployments.declaration.located import Items, Section, plain
from deployments.declaration.parameters import check_parameters
from deployments.declaration.problems import Problems, Where
from deployments.declaration.timing_kinds import FIXED_ANCHOR, anchor

ONLY_WITH = {"day_or": "cron", "anchor_date": "interval"}


def read_schedules(
    items: Items, flow: CatalogFlow | None, where: Where, problems: Problems
) -> tuple[Schedule, ...]:
    """Return the schedules of a list whose shape is right, reporting what else is wrong."""
    schedules: dict[str, Schedule] = {}
    lines: dict[str, int] = {}
    for item, line in zip(items, items.lines, strict=True):
        slug = item.get("slug")
        place = where.child(slug or "?", line)
        _check(item, flow, place, problems)
        timing = _timing(item)
        if slug is None or timing is None:
            continue
        if slug in schedules:
            problems.add(
                place,
                f'the slug "{slug}" is used a second time (first in line {lines[slug]}). Slugs tell'
                " schedules apart: rename one.",
            )
            continue
        lines[slug] = line
        parameters = plain(item.get("parameters", {}))
        schedules[slug] = Schedule(slug, timing, item.get("active"), parameters)
    return tuple(schedules[slug] for slug in sorted(schedules))


def _check(item: Section, flow: CatalogFlow | None, place: Where, problems: Problems) -> None:
    for key, kind in ONLY_WITH.items():
        if key in item and kind not in item:
            problems.add(
                place.child(key, item.lines[key]), f"it has a meaning with {kind} only. Remove it."
            )
    if flow is not None and "parameters" in item:
        values = item["parameters"]
        at = place.child("parameters", item.lines["parameters"])
        check_parameters(values, flow, at, problems)


def _timing(item: Section) -> Mapping[str, Any] | None:
    zone = item.get("timezone", "UTC")
    if "cron" in item:
        return {"cron": item["cron"], "timezone": zone, "day_or": item.get("day_or", True)}
    if "interval" in item:
        start = item.get("anchor_date", anchor(FIXED_ANCHOR))
        return {"interval": item["interval"], "anchor_date": start, "timezone": zone}
    if "rrule" in item:
        return {"rrule": item["rrule"], "timezone": zone}
    return None
