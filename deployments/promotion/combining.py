"""What a promotion makes of a tested deployment and of the environment that it goes to.

As it was tested: code, image, schema, entrypoint, description, tags, parameters of prefect.yaml,
concurrency, resources. Of the target alone: pool, schedules, variables, and what environments.yaml
lays over parameters, resources and concurrency.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from deployments.declaration import Configuration
from deployments.identity import Release, Version
from deployments.records import Record
from deployments.wanted import Wanted

NOT_RESOURCES = ("env", "image")


def combine(record: Record, here: Wanted, there: Wanted) -> Wanted:
    """Return the target's deployment with what was tested in the source.

    Args:
        record: of the source's live version.
        here: the source, as the checked-out files want it.
        there: the target, as the checked-out files want it.
    """
    version = Version.read(record.version)
    if version is None:
        raise ValueError(f"{record.live_name}: {record.version!r} is no version of ours")
    return replace(
        there,
        configuration=_configuration(record, here, there),
        fingerprint=version.fingerprint,
        description=record.fields["description"],
    )


def tested_image(record: Record) -> str | None:
    """Return the image of a recorded version; None when its runs needed none."""
    image = record.fields["job_variables"].get("image")
    return None if image is None else str(image)


def _configuration(record: Record, here: Wanted, there: Wanted) -> Configuration:
    """Replace what was tested in the target's configuration.

    What the files do not say for themselves, as a description taken from the docstring, stays
    unsaid: the result equals the files' own configuration as long as they are those of the commit.
    """
    fields, target = record.fields, there.configuration
    layer = target.layer
    is_told = target.description not in (None, fields["description"])
    return replace(
        target,
        entrypoint=fields["entrypoint"],
        description=fields["description"] if is_told else target.description,
        tags=_own_tags(record, here.identity.project, target.tags),
        parameters={**record.base_parameters, **layer.parameters},
        base_parameters=record.base_parameters,
        enforce_parameter_schema=fields["enforce_parameter_schema"],
        concurrency_limit=(
            fields["concurrency_limit"]
            if layer.concurrency_limit is None
            else layer.concurrency_limit
        ),
        concurrency_options=fields["concurrency_options"],
        job_variables=_job_variables(fields["job_variables"], here.configuration, target),
        pull_steps=_pull_steps(fields["pull_steps"], here.configuration, target),
    )


def _own_tags(record: Record, project: str, declared: tuple[str, ...]) -> tuple[str, ...]:
    """Return the tags of prefect.yaml, in its order where it still has the same."""
    release = Release.from_tags(record.fields["tags"])
    ours = release.tags(project) if release else []
    tags = tuple(tag for tag in record.fields["tags"] if tag not in ours)
    return declared if sorted(declared) == sorted(tags) else tags


def _job_variables(
    tested: Mapping[str, Any], source: Configuration, target: Configuration
) -> Mapping[str, Any]:
    """Return the resources that were tested; those of the files where pools differ in kind."""
    if source.pool_type != target.pool_type:
        return target.job_variables
    resources = {key: value for key, value in tested.items() if key not in NOT_RESOURCES}
    return {**resources, **target.layer.job_variables}


def _pull_steps(
    tested: Any, source: Configuration, target: Configuration
) -> tuple[Mapping[str, Any], ...]:
    """Return how the code was reached; what the files say where environments differ in it."""
    if source.pull_steps != target.pull_steps:
        return target.pull_steps
    return tuple(tested)
