"""The environments of environments.yaml, before they are laid over the deployments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deployments.declaration.declared import PoolType, Schedule
from deployments.declaration.environments_file import FILE, POOL_TYPES
from deployments.declaration.located import Section, place_of, plain
from deployments.declaration.names import check_live_names
from deployments.declaration.problems import Problems, Where

NOTHING = Section()


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
        pools: by the name that deployments pick; those that are right.
        resources: default job variables by the same name.
        parameters: for every flow that has them.
        variables: environment variables of all runs.
        working_directory: of runs without an image; None where pull steps say it.
        schedules: that replace those of a deployment, by its name; filled in by
            `environment_checks`, which knows the flows.
    """

    where: Where
    name: str
    section: Section
    pools: Mapping[str, Pool]
    resources: Mapping[str, Mapping[str, Any]]
    parameters: Mapping[str, Any]
    variables: Mapping[str, str]
    working_directory: str | None
    schedules: dict[str, tuple[Schedule, ...]]

    def at(self, *keys: str) -> Where:
        """Return the place of a key, or of a key below it."""
        return place_of(self.where, self.section, *keys)

    def override(self, deployment: str) -> Section:
        """Return what differs for one deployment."""
        section: Section = self.section.get("overrides", NOTHING).get(deployment, NOTHING)
        return section


def read_surroundings(file: Section, root: Path, problems: Problems) -> Sequence[Surroundings]:
    """Return all environments, reporting pools that are of no type.

    Args:
        file: environments.yaml, its shape is right.
        root: of the repository, which working directories begin at.
        problems: gets what is wrong.
    """
    listed = file.get("environments", NOTHING)
    top = Where(FILE, listed.line).child("environments", listed.line)
    places = [top.child(name, line) for name, line in listed.lines.items()]
    check_live_names(list(listed), places, problems)
    return [
        _read(name, section, place, root, problems)
        for (name, section), place in zip(listed.items(), places, strict=True)
    ]


def _read(
    name: str, section: Section, where: Where, root: Path, problems: Problems
) -> Surroundings:
    directory = section.get("working_directory")
    pools = {}
    for key, value in section.get("pools", NOTHING).items():
        pool = _pool(key, value, place_of(where, section, "pools", key), problems)
        if pool is not None:
            pools[key] = pool
    return Surroundings(
        where=where,
        name=name,
        section=section,
        pools=pools,
        resources=plain(section.get("resources", {})),
        parameters=plain(section.get("parameters", {})),
        variables=plain(section.get("variables", {})),
        working_directory=None if directory is None else str((root / directory).resolve()),
        schedules={},
    )


def _pool(key: str, value: Any, where: Where, problems: Problems) -> Pool | None:
    given = {"name": value} if isinstance(value, str) else value
    kind = given.get("type", key)
    if kind in POOL_TYPES:
        return Pool(kind, given["name"], given.get("queue")) if "name" in given else None
    problems.add(
        where,
        f'"{key}" is no type of work pool, and none is given. Write {{name: ..., type: ...}} with'
        f" one of {', '.join(POOL_TYPES)}.",
    )
    return None
