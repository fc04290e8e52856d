"""What a plan's actions ask to be written, each with the record of its change."""

from collections.abc import Mapping
from typing import Any

from deployments.apply.writing_one import Target
from deployments.declaration import Schedule
from deployments.plan.actions import Action
from deployments.records import Record
from deployments.wanted import Wanted


def target_of(action: Action, at: str) -> Target:
    """Return what carries out the creation, the update or the putting back of a deployment.

    Args:
        action: of a plan; one that writes.
        at: time of the change, ISO 8601, UTC.
    """
    wanted, fields = action.wanted, action.fields
    assert wanted is not None and fields is not None
    return Target(
        identity=wanted.identity,
        flow=wanted.flow,
        live=action.live,
        fields=fields,
        schedules=action.schedules,
        paused=action.paused,
        record=_record(wanted, action.previous, fields, at),
    )


def recorded(schedule: Schedule) -> dict[str, Any]:
    """Return a schedule as a record holds it."""
    return {
        "slug": schedule.slug,
        "timing": dict(schedule.timing),
        "active": schedule.active,
        "parameters": dict(schedule.parameters),
    }


def _record(wanted: Wanted, previous: str | None, fields: Mapping[str, Any], at: str) -> Record:
    configuration = wanted.configuration
    return Record(
        name=wanted.identity.name,
        live_name=wanted.identity.live_name,
        version=fields["version"],
        previous=previous,
        at=at,
        how="apply",
        origin="",
        fields=fields,
        schedules=tuple(recorded(each) for each in configuration.schedules),
        paused=configuration.paused,
        base_parameters=dict(configuration.base_parameters),
    )
