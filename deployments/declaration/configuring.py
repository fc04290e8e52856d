"""An environment laid over the deployments.

The later wins: default resources, prefect.yaml, the environment, its override.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from deployments.declaration import fargate
from deployments.declaration.declared import (
    TYPES_WITH_IMAGE,
    Configuration,
    EnvironmentLayer,
    Schedule,
)
from deployments.declaration.entries import Entry
from deployments.declaration.located import Items, Section, plain
from deployments.declaration.parameters import missing_parameters
from deployments.declaration.problems import Problems
from deployments.declaration.surroundings import NOTHING, Pool, Surroundings

SET_DIRECTORY = "prefect.deployments.steps.set_working_directory"


def configure(
    here: Surroundings,
    entries: Iterable[Entry],
    written_for: Mapping[str, str],
    problems: Problems,
) -> tuple[Configuration, ...]:
    """Return what an environment wants of each deployment that has a pool there.

    Args:
        here: the environment.
        entries: the deployments of prefect.yaml.
        written_for: type of work pool in whose words the job variables of prefect.yaml are, by
            the name that deployments pick.
        problems: gets what is wrong with the two together.
    """
    configurations = []
    for entry in entries:
        override = here.override(entry.name)
        pool = here.pools.get(override.get("pool", entry.pool))
        if pool is None:
            continue
        is_translated = written_for.get(entry.pool) != pool.type
        own = {} if is_translated else entry.job_variables
        one = _configuration(here, entry, override, pool, own)
        _check_size(here, entry, one, own, problems)
        _check_required(here, entry, one, problems)
        configurations.append(one)
    return tuple(configurations)


def _configuration(
    here: Surroundings, entry: Entry, override: Section, pool: Pool, own: Mapping[str, Any]
) -> Configuration:
    section = entry.section
    layer = _layer(here, entry, override)
    limit, options = _concurrency(section.get("concurrency_limit"))
    has_image = pool.type in TYPES_WITH_IMAGE
    resources = here.resources.get(override.get("pool", entry.pool), {})
    return Configuration(
        name=entry.name,
        entrypoint=entry.flow.entrypoint,
        line=entry.where.line,
        description=section.get("description"),
        tags=tuple(section.get("tags", ())),
        parameters={**entry.parameters, **layer.parameters},
        base_parameters=entry.parameters,
        enforce_parameter_schema=section.get("enforce_parameter_schema", True),
        schedules=_schedules(here, entry, override),
        concurrency_limit=layer.concurrency_limit or limit,
        concurrency_options=options,
        pool_type=pool.type,
        pool=pool.name,
        queue=pool.queue or section["work_pool"].get("work_queue_name"),
        job_variables={**resources, **own, **layer.job_variables},
        variables={**entry.variables, **layer.variables},
        pull_steps=entry.pull_steps if has_image else _local_steps(here, entry),
        paused=override.get("paused", section.get("paused")),
        image_repository=here.section.get("image_repository") if has_image else None,
        layer=layer,
    )


def _layer(here: Surroundings, entry: Entry, override: Section) -> EnvironmentLayer:
    names = {parameter.name for parameter in entry.flow.parameters} if here.parameters else ()
    general = {name: value for name, value in here.parameters.items() if name in names}
    return EnvironmentLayer(
        parameters={**general, **plain(override.get("parameters", NOTHING))},
        job_variables=plain(override.get("job_variables", NOTHING)),
        variables={**here.variables, **override.get("variables", NOTHING)},
        concurrency_limit=override.get("concurrency_limit"),
    )


def _schedules(here: Surroundings, entry: Entry, override: Section) -> tuple[Schedule, ...]:
    wanted = override.get("schedules", here.section.get("schedules", False))
    if isinstance(wanted, Items):
        return here.schedules[entry.name]
    return entry.schedules if wanted else ()


def _concurrency(value: Any) -> tuple[int | None, Mapping[str, Any] | None]:
    if not isinstance(value, Section):
        return value, None
    keys = ("collision_strategy", "grace_period_seconds")
    options = {key: value.get(key) for key in keys if value.get(key) is not None}
    return value.get("limit"), options or None


def _local_steps(here: Surroundings, entry: Entry) -> tuple[Mapping[str, Any], ...]:
    """Return the steps of a run whose code is already in a folder of its machine."""
    if here.working_directory is None:
        return entry.pull_steps
    return ({SET_DIRECTORY: {"directory": here.working_directory}},)


def _check_required(
    here: Surroundings, entry: Entry, one: Configuration, problems: Problems
) -> None:
    """Report parameters that scheduled runs would lack; runs by hand are asked for them."""
    for schedule in one.schedules:
        for name in missing_parameters(entry.flow, (one.parameters, schedule.parameters)):
            problems.add(
                entry.at("parameters"),
                f'the schedule "{schedule.slug}" cannot run in {here.name}: the parameter "{name}"'
                f" has no default ({entry.flow.file}:{entry.flow.line}) and no value. Give it one"
                " under parameters.",
            )


def _check_size(
    here: Surroundings,
    entry: Entry,
    one: Configuration,
    own: Mapping[str, Any],
    problems: Problems,
) -> None:
    """Report sizes that Fargate lacks, where they were said last."""
    if one.pool_type != "ecs" or not (reason := fargate.refusal(one.job_variables)):
        return
    sizes = {"cpu", "memory"}
    if sizes & one.layer.job_variables.keys():
        place = here.at("overrides", entry.name, "job_variables")
    elif sizes & own.keys():
        place = entry.at("work_pool", "job_variables")
    else:
        place = here.at("resources", here.override(entry.name).get("pool", entry.pool))
    problems.add(place, reason)
