"""One deployment moved whole to a new release, or kept at the one that it has."""

from collections.abc import Mapping
from typing import Any

from deployments.identity import Release, Version
from deployments.live import LiveDeployment
from deployments.parameter_schemas import FlowSchema
from deployments.plan.actions import Action
from deployments.plan.changes import find_changes
from deployments.plan.differences import find_differences
from deployments.plan.parameters import check_parameters
from deployments.plan.pauses import wanted_pause, with_wanted_pauses
from deployments.records import Record
from deployments.wanted import Wanted

SCHEMA = "parameter_openapi_schema"


def move(
    release: Release,
    wanted: Wanted,
    live: LiveDeployment | None,
    record: Record | None,
    schema: FlowSchema | None,
) -> Action:
    """Return the creation of a deployment, or its update to a release, image and schema included.

    Args:
        release: what is checked out.
        wanted: of it.
        live: None to create it.
        record: of what is live.
        schema: of its flow; None when the code did not change.

    Raises:
        DeclarationInvalid: a parameter does not fit the schema.
    """
    parameters = schema.parameters if schema else _deployed(live, record)[SCHEMA]
    check_parameters(wanted, parameters)
    image = wanted.image(release.commit)
    number = _number(live, record) + 1
    fields = wanted.fields(release, image, number, parameters)
    schedules = with_wanted_pauses(wanted.configuration.schedules, record)
    paused = wanted_pause(wanted.configuration.paused, record)
    return Action(
        "update" if live else "create",
        wanted.identity.name,
        wanted.identity.live_name,
        wanted,
        live,
        changes=find_changes(live, fields, schedules, paused, record) if live else (),
        release=release,
        image=image,
        number=number,
        previous=_previous(live, record),
        fields=fields,
        schedules=schedules,
        paused=paused,
    )


def keep(wanted: Wanted, live: LiveDeployment, record: Record | None) -> Action:
    """Return what puts a deployment back to what was deployed, if anybody changed it by hand.

    Release, image and schema are those that it was given; of a promoted one the image may be of
    another repository than this environment's.
    """
    deployed = _deployed(live, record)
    release = Release.from_tags(deployed["tags"])
    version = Version.read(deployed["version"])
    assert release is not None and version is not None
    image = deployed["job_variables"].get("image") if record else wanted.image(release.commit)
    fields = wanted.fields(release, image, version.number, deployed[SCHEMA])
    schedules, paused = wanted.configuration.schedules, wanted.configuration.paused
    is_drift = bool(find_differences(live, fields, schedules, paused))
    return Action(
        "drift" if is_drift else "unchanged",
        wanted.identity.name,
        wanted.identity.live_name,
        wanted,
        live,
        changes=find_changes(live, fields, schedules, paused, record) if is_drift else (),
        release=release,
        image=image,
        number=version.number,
        fields=fields,
        schedules=schedules,
        paused=paused,
    )


def _deployed(live: LiveDeployment | None, record: Record | None) -> Mapping[str, Any]:
    """Return the fields that were deployed, as far as they are known."""
    if record is not None:
        return record.fields
    assert live is not None
    return live.fields


def _previous(live: LiveDeployment | None, record: Record | None) -> str | None:
    """Return the version before; the record knows it when somebody has overwritten it."""
    if live is not None and live.version is None and record is not None:
        return record.version
    return live.fields["version"] if live else None


def _number(live: LiveDeployment | None, record: Record | None) -> int:
    version = live.version if live else None
    if version is None and record is not None:
        version = Version.read(record.version)
    return version.number if version else 0
