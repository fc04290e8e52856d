"""The deployments of prefect.yaml, each with its flow, before an environment adds to them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from deployments.catalog import CatalogFlow
from deployments.declaration.declared import Schedule
from deployments.declaration.entrypoints import Entrypoints
from deployments.declaration.located import Section, place_of, plain
from deployments.declaration.names import check_live_names
from deployments.declaration.parameters import check_parameters
from deployments.declaration.prefect_file import FILE
from deployments.declaration.problems import Problems, Where
from deployments.declaration.schedules import read_schedules


@dataclass(frozen=True)
class Entry:
    """One deployment as prefect.yaml alone has it.

    Attributes:
        where: it stands in the file.
        name: of the deployment.
        flow: that its entrypoint names.
        section: of the file, its shape is right.
        parameters: of its runs.
        schedules: all of them.
        pool: name of a pool that environments map.
        job_variables: without `env`.
        variables: `env` of the job variables.
        pull_steps: its own, else those of the file.
    """

    where: Where
    name: str
    flow: CatalogFlow
    section: Section
    parameters: Mapping[str, Any]
    schedules: tuple[Schedule, ...]
    pool: str
    job_variables: Mapping[str, Any]
    variables: Mapping[str, str]
    pull_steps: tuple[Mapping[str, Any], ...]

    def at(self, *keys: str) -> Where:
        """Return the place of a key, or of a key below it."""
        return place_of(self.where, self.section, *keys)


def read_entries(file: Section, entrypoints: Entrypoints, problems: Problems) -> Sequence[Entry]:
    """Return the deployments that can be judged further; what is wrong with any is reported."""
    listed = file.get("deployments")
    if listed is None:
        return []
    top = Where(FILE, listed.line).child("deployments", listed.line)
    places = [
        (section, top.child(section.get("name", f"[{number}]"), line))
        for number, (section, line) in enumerate(zip(listed, listed.lines, strict=True))
    ]
    named = [place_of(where, section, "name") for section, where in places if "name" in section]
    names = [section["name"] for section, _ in places if "name" in section]
    check_live_names(names, named, problems)
    entries = []
    for section, where in places:
        flow = entrypoints.find(section, where, problems)
        schedules = _check(section, flow, where, problems)
        if flow is not None and "name" in section and "name" in section.get("work_pool", {}):
            entries.append(_entry(section, where, flow, schedules, file.get("pull")))
    return entries


def _check(
    section: Section, flow: CatalogFlow | None, where: Where, problems: Problems
) -> tuple[Schedule, ...]:
    if flow is not None and "parameters" in section:
        at = place_of(where, section, "parameters")
        check_parameters(section["parameters"], flow, at, problems)
    if "schedules" not in section:
        return ()
    at = place_of(where, section, "schedules")
    return read_schedules(section["schedules"], flow, at, problems)


def _entry(
    section: Section,
    where: Where,
    flow: CatalogFlow,
    schedules: tuple[Schedule, ...],
    pull: Any,
) -> Entry:
    pool = section["work_pool"]
    job_variables = plain(pool.get("job_variables", {}))
    variables = job_variables.pop("env", {})
    return Entry(
        where=where,
        name=section["name"],
        flow=flow,
        section=section,
        parameters=plain(section.get("parameters", {})),
        schedules=schedules,
        pool=pool["name"],
        job_variables=job_variables,
        variables=variables,
        pull_steps=_steps(section.get("pull", pull)),
    )


def _steps(pull: Any) -> tuple[Mapping[str, Any], ...]:
    """Return the steps of a list, or the one that stands alone."""
    steps = plain(pull) or []
    return tuple(steps) if isinstance(steps, list) else (steps,)
