"""One environment of environments.yaml, before it is laid over the deployments."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deployments.declaration.declared import TYPES_WITH_IMAGE, PoolType
from deployments.declaration.entries import Entry
from deployments.declaration.environments_file import FILE, POOL_TYPES
from deployments.declaration.located import Section
from deployments.declaration.parameters import check_parameters, check_value, plain
from deployments.declaration.problems import Problems, Where, suggestion


@dataclass(frozen=True)
class Pool:
    """A work pool at Prefect.

    Attributes:
        type: which kind of work pool.
        name: at Prefect.
        queue: of the pool; None for the one that the deployment names.
    """

    type: PoolType
    name: str
    queue: str | None


@dataclass(frozen=True)
class Surroundings:
    """What one environment says.

    Attributes:
        where: it stands in the file.
        name: of the environment.
        section: of the file, its shape is right.
        pools: by the name that deployments pick.
        resources: default job variables by the same name.
        parameters: for every flow that has them.
        variables: environment variables of all runs.
        working_directory: of runs without an image; None where pull steps say it.
        overrides: by deployment, their shape is right.
    """

    where: Where
    name: str
    section: Section
    pools: Mapping[str, Pool]
    resources: Mapping[str, Mapping[str, Any]]
    parameters: Mapping[str, Any]
    variables: Mapping[str, str]
    working_directory: str | None
    overrides: Mapping[str, Section]

    def at(self, *keys: str) -> Where:
        """Return the place of a key, or of a key below it."""
        place, section = self.where, self.section
        for key in keys:
            if key in section:
                place = place.child(key, section.lines[key])
                section = section[key]
        return place


def read_surroundings(
    file: Section, entries: Sequence[Entry], names: Collection[str], root: Path, problems: Problems
) -> list[Surroundings]:
    """Return all environments.

    Args:
        file: environments.yaml, its shape is right.
        entries: the deployments whose flows are known.
        names: of all deployments.
        root: of the repository.
        problems: gets what is wrong with an environment, whatever is deployed there.
    """
    listed = file.get("environments", Section())
    top = Where(FILE, listed.line).child("environments", listed.line)
    read = []
    for name, section in listed.items():
        place = top.child(name, listed.lines[name])
        one = _read(name, section, place, root, problems)
        _check_images(one, problems)
        _check_parameters(one, entries, problems)
        _check_overrides(one, entries, names, problems)
        read.append(one)
    return read


def _read(
    name: str, section: Section, place: Where, root: Path, problems: Problems
) -> Surroundings:
    directory = section.get("working_directory")
    one = Surroundings(
        where=place,
        name=name,
        section=section,
        pools={},
        resources=plain(section.get("resources", {})),
        parameters=plain(section.get("parameters", {})),
        variables=plain(section.get("variables", {})),
        working_directory=None if directory is None else str((root / directory).resolve()),
        overrides=section.get("overrides", {}),
    )
    listed = section.get("pools", Section())
    pools = {key: _pool(key, value, one, problems) for key, value in listed.items()}
    for key in one.resources:
        if key not in pools:
            problems.add(one.at("resources", key), f"no such pool here.{suggestion(key, pools)}")
    known = {key: pool for key, pool in pools.items() if pool is not None}
    return Surroundings(**(vars(one) | {"pools": known}))


def _pool(key: str, value: Any, one: Surroundings, problems: Problems) -> Pool | None:
    given = {"name": value} if isinstance(value, str) else value
    kind = given.get("type", key)
    if kind not in POOL_TYPES:
        problems.add(
            one.at("pools", key),
            f'"{key}" is no type of work pool, and none is given. Write {{name: ..., type: ...}}'
            f" with one of {', '.join(POOL_TYPES)}.",
        )
        return None
    return Pool(kind, given["name"], given.get("queue")) if "name" in given else None


def _check_images(one: Surroundings, problems: Problems) -> None:
    with_image = [key for key, pool in one.pools.items() if pool.type in TYPES_WITH_IMAGE]
    if with_image and "image_repository" not in one.section:
        problems.add(
            one.where,
            f'"image_repository" is missing: runs in the pool {with_image[0]} start from an image.'
            " Name the repository that images are pushed to.",
        )


def _check_parameters(one: Surroundings, entries: Iterable[Entry], problems: Problems) -> None:
    if not one.parameters:
        return
    flows = {entry.flow.entrypoint: entry.flow for entry in entries}
    for name, value in one.section["parameters"].items():
        place = one.at("parameters", name)
        takers = [
            (parameter, flow)
            for flow in flows.values()
            for parameter in flow.parameters
            if parameter.name == name
        ]
        if not takers:
            known = sorted({p.name for flow in flows.values() for p in flow.parameters})
            hint = suggestion(name, known, "Parameters")
            problems.add(place, f"no deployed flow has such a parameter.{hint}")
        for parameter, flow in takers:
            check_value(parameter, value, flow, place, problems)


def _check_overrides(
    one: Surroundings, entries: Iterable[Entry], names: Collection[str], problems: Problems
) -> None:
    by_name = {entry.name: entry for entry in entries}
    for name, override in one.overrides.items():
        place = one.at("overrides", name)
        entry = by_name.get(name)
        if name not in names:
            hint = suggestion(name, names, "Deployments")
            problems.add(place, f"prefect.yaml has no such deployment.{hint}")
        elif entry is not None and "parameters" in override:
            at = place.child("parameters", override.lines["parameters"])
            check_parameters(override["parameters"], entry.flow, at, problems)
