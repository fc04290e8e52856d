"""An environment laid over the deployments: default resources < prefect.yaml < environment < override."""

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
from deployments.declaration.located import Items, Section
from deployments.declaration.parameters import missing_parameters, plain
from deployments.declaration.problems import Problems, Where, suggestion
from deployments.declaration.schedules import read_schedules
from deployments.declaration.surroundings import Pool, Surroundings

SET_DIRECTORY = "prefect.deployments.steps.set_working_directory"
NOTHING = Section()


def configure(
    surroundings: Surroundings,
    entries: Iterable[Entry],
    written_for: Mapping[str, str],
    problems: Problems,
) -> tuple[Configuration, ...]:
    """Return what an environment wants of each deployment.

    Args:
        surroundings: the environment.
        entries: the deployments of prefect.yaml.
        written_for: type of work pool in whose words the job variables of prefect.yaml are, by
            the name that deployments pick.
        problems: gets what is wrong with the two together.
    """
    configured = (_configure(surroundings, entry, written_for, problems) for entry in entries)
    return tuple(one for one in configured if one is not None)


def _configure(
    here: Surroundings, entry: Entry, written_for: Mapping[str, str], problems: Problems
) -> Configuration | None:
    override = here.overrides.get(entry.name, NOTHING)
    pool = _pool(here, entry, override, problems)
    if pool is None:
        return None
    layer = _layer(here, entry, override)
    own = entry.job_variables if written_for.get(entry.pool) == pool.type else {}
    resources = here.resources.get(override.get("pool", entry.pool), {})
    job_variables = {**resources, **own, **layer.job_variables}
    parameters = {**entry.parameters, **layer.parameters}
    schedules = _schedules(here, entry, override, problems)
    if pool.type == "ecs" and (reason := fargate.refusal(job_variables)):
        problems.add(_place_of_sizes(here, entry, override, own), reason)
    _check_required(here, entry, schedules, parameters, problems)
    limit, options = _concurrency(entry.section.get("concurrency_limit"))
    has_image = pool.type in TYPES_WITH_IMAGE
    section = entry.section
    return Configuration(
        name=entry.name,
        entrypoint=entry.flow.entrypoint,
        line=entry.where.line,
        description=section.get("description"),
        tags=tuple(section.get("tags", ())),
        parameters=parameters,
        base_parameters=entry.parameters,
        enforce_parameter_schema=section.get("enforce_parameter_schema", True),
        schedules=schedules,
        concurrency_limit=layer.concurrency_limit or limit,
        concurrency_options=options,
        pool_type=pool.type,
        pool=pool.name,
        queue=pool.queue or section["work_pool"].get("work_queue_name"),
        job_variables=job_variables,
        variables={**entry.variables, **layer.variables},
        pull_steps=entry.pull_steps if has_image else _local_steps(here, entry),
        paused=override.get("paused", section.get("paused")),
        image_repository=here.section.get("image_repository") if has_image else None,
        layer=layer,
    )


def _pool(here: Surroundings, entry: Entry, override: Section, problems: Problems) -> Pool | None:
    picked = override.get("pool", entry.pool)
    pool = here.pools.get(picked)
    if pool is None and picked not in here.section.get("pools", {}):
        at = entry.at("work_pool", "name")
        if "pool" in override:
            at = here.at("overrides", entry.name, "pool")
        problems.add(
            at,
            f'the environment {here.name} has no pool "{picked}" (environments.yaml:'
            f"{here.at('pools').line}).{suggestion(picked, here.pools, 'It has')}",
        )
    return pool


def _layer(here: Surroundings, entry: Entry, override: Section) -> EnvironmentLayer:
    names = {parameter.name for parameter in entry.flow.parameters}
    general = {name: value for name, value in here.parameters.items() if name in names}
    return EnvironmentLayer(
        parameters={**general, **plain(override.get("parameters", NOTHING))},
        job_variables=plain(override.get("job_variables", NOTHING)),
        variables={**here.variables, **override.get("variables", NOTHING)},
        concurrency_limit=override.get("concurrency_limit"),
    )


def _schedules(
    here: Surroundings, entry: Entry, override: Section, problems: Problems
) -> tuple[Schedule, ...]:
    wanted = override.get("schedules", here.section.get("schedules", False))
    if isinstance(wanted, Items):
        at = here.at("overrides", entry.name, "schedules")
        return read_schedules(wanted, entry.flow, at, problems)
    return entry.schedules if wanted else ()


def _check_required(
    here: Surroundings,
    entry: Entry,
    schedules: Iterable[Schedule],
    parameters: Mapping[str, Any],
    problems: Problems,
) -> None:
    """Report parameters that scheduled runs would lack; runs by hand are asked for them."""
    for schedule in schedules:
        for name in missing_parameters(entry.flow, (parameters, schedule.parameters)):
            problems.add(
                entry.at("parameters") if entry.parameters else entry.where,
                f'the schedule "{schedule.slug}" cannot run in {here.name}: the parameter "{name}"'
                f" has no default ({entry.flow.file}:{entry.flow.line}) and no value. Give it one"
                " under parameters.",
            )


def _concurrency(value: Any) -> tuple[int | None, Mapping[str, Any] | None]:
    if not isinstance(value, Section):
        return value, None
    options = {key: value.get(key) for key in ("collision_strategy", "grace_period_seconds")}
    return value.get("limit"), options


def _local_steps(here: Surroundings, entry: Entry) -> tuple[Mapping[str, Any], ...]:
    """Return the steps of a run whose code is already in a folder of its machine."""
    if here.working_directory is None:
        return entry.pull_steps
    return ({SET_DIRECTORY: {"directory": here.working_directory}},)


def _place_of_sizes(
    here: Surroundings, entry: Entry, override: Section, own: Mapping[str, Any]
) -> Where:
    """Return where the size of a run was said last."""
    sizes = {"cpu", "memory"}
    if sizes & override.get("job_variables", NOTHING).keys():
        return here.at("overrides", entry.name, "job_variables")
    if sizes & own.keys():
        return entry.at("work_pool", "job_variables")
    return here.at("resources", override.get("pool", entry.pool))
