"""The deployments of prefect.yaml, each with its flow, before an environment adds to them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from deployments.catalog import Catalog, CatalogFlow
from deployments.declaration.declared import Schedule
from deployments.declaration.located import Section
from deployments.declaration.parameters import check_parameters, plain
from deployments.declaration.prefect_file import FILE
from deployments.declaration.problems import Problems, Where, suggestion
from deployments.declaration.schedules import read_schedules
from deployments.identity import Identity


@dataclass(frozen=True)
class Entry:
    """One deployment as prefect.yaml alone has it.

    Attributes:
        where: it stands in the file.
        name: of the deployment.
        flow: that its entrypoint names.
        section: of the file, its shape is right.
        parameters: without lines.
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
        place, section = self.where, self.section
        for key in keys:
            if key in section:
                place = place.child(key, section.lines[key])
                section = section[key]
        return place


def read_entries(file: Section, catalog: Catalog, problems: Problems) -> list[Entry]:
    """Return the deployments that can be judged further; what is wrong with any is reported."""
    listed = file.get("deployments")
    if listed is None:
        return []
    top = Where(FILE, listed.line).child("deployments", listed.line)
    places = [
        (section, top.child(section.get("name", f"[{number}]"), line))
        for number, (section, line) in enumerate(zip(listed, listed.lines, strict=True))
    ]
    _check_names(places, problems)
    by_entrypoint = {flow.entrypoint: flow for flow in catalog.flows}
    entries = []
    for section, where in places:
        flow = _find_flow(section, where, by_entrypoint, catalog, problems)
        entry = _read_entry(section, where, flow, file.get("pull"), problems)
        if entry is not None:
            entries.append(entry)
    return entries


def _check_names(places: list[tuple[Section, Where]], problems: Problems) -> None:
    """Report names that are equal, or become so in the live name."""
    lines: dict[str, int] = {}
    for section, where in places:
        if "name" not in section:
            continue
        live = Identity("", "", section["name"], "").live_name
        if live in lines:
            problems.add(
                where.child("name", section.lines["name"]),
                f"a deployment of this name stands in line {lines[live]}. Give it a suffix of its"
                " own, such as -hourly.",
            )
        else:
            lines[live] = section.lines["name"]


def _find_flow(
    section: Section,
    where: Where,
    by_entrypoint: Mapping[str, CatalogFlow],
    catalog: Catalog,
    problems: Problems,
) -> CatalogFlow | None:
    entrypoint = section.get("entrypoint")
    if entrypoint is None:
        return None
    place = where.child("entrypoint", section.lines["entrypoint"])
    flow = by_entrypoint.get(entrypoint)
    if flow is None:
        file = entrypoint.partition(":")[0]
        broken = next((one for one in catalog.unreadable if str(one.file) == file), None)
        if broken is not None:
            text = f"{broken.file}:{broken.line} is not Python: {broken.reason}. Mend it."
        else:
            known = suggestion(entrypoint, by_entrypoint, "Flows")
            text = f'found "{entrypoint}", expected file:function of a flow.{known}'
        problems.add(place, text)
        return None
    name = section.get("name", flow.hyphenated)
    if name != flow.hyphenated and not name.startswith(f"{flow.hyphenated}-"):
        problems.add(
            where.child("name", section.lines["name"]),
            f'found "{name}", expected its flow\'s name with hyphens, "{flow.hyphenated}", or that'
            f' and a suffix, such as "{flow.hyphenated}-hourly".',
        )
    return flow


def _read_entry(
    section: Section, where: Where, flow: CatalogFlow | None, pull: Any, problems: Problems
) -> Entry | None:
    schedules: tuple[Schedule, ...] = ()
    if "schedules" in section:
        at = where.child("schedules", section.lines["schedules"])
        schedules = read_schedules(section["schedules"], flow, at, problems)
    parameters = section.get("parameters", Section())
    if flow is not None and parameters:
        at = where.child("parameters", section.lines["parameters"])
        check_parameters(parameters, flow, at, problems)
    pool = section.get("work_pool", {})
    if flow is None or "name" not in section or "name" not in pool:
        return None
    job_variables = plain(pool.get("job_variables", {}))
    variables = job_variables.pop("env", {})
    return Entry(
        where=where,
        name=section["name"],
        flow=flow,
        section=section,
        parameters=plain(parameters),
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
