"""What an environment stands on: stacks, secrets, and what Prefect holds for it.

For those who make these things, `infrastructure` and `blocks`: the flows are not looked at.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deployments.declaration import environments_file, prefect_file
from deployments.declaration.environment_checks import check_platform
from deployments.declaration.located import Section, plain
from deployments.declaration.problems import Problems, Where, suggestion
from deployments.declaration.shapes import Shape
from deployments.declaration.surroundings import NOTHING, Pool, Surroundings, read_surroundings
from deployments.declaration.yaml_files import read_located
from utilities.errors import ParameterInvalid


@dataclass(frozen=True)
class Notifications:
    """Where automations send their messages.

    Attributes:
        type: slack or webhook.
        address_from: name of the secret that holds the address.
    """

    type: str
    address_from: str


@dataclass(frozen=True)
class Platform:
    """What one environment stands on.

    Attributes:
        project: name of the project, from prefect.yaml.
        environment: its name.
        branch: that it is deployed from; None for the one checked out.
        pools: work pools by the name that deployments pick.
        resources: default job variables by the same name.
        variables: environment variables of all runs.
        image_repository: where images are pushed to; None without images.
        region: of AWS; None where the environment has no stacks.
        parameters: values for parameters of the templates, by name.
        worker: whether the stacks have a worker for the pool of type ecs.
        secrets: names of the secrets that runs get, by reference.
        queues: of each pool, by the name that deployments pick: priority, concurrency_limit.
        prefect_variables: by name, JSON values.
        concurrency_limits: global ones: how many at once.
        notifications: None when nobody is told.
        automations: whether there are any.
        late_after_minutes, stuck_after_hours: when a run counts as such.
    """

    project: str
    environment: str
    branch: str | None
    pools: Mapping[str, Pool]
    resources: Mapping[str, Mapping[str, Any]]
    variables: Mapping[str, str]
    image_repository: str | None
    region: str | None
    parameters: Mapping[str, str]
    worker: bool
    secrets: tuple[str, ...]
    queues: Mapping[str, Mapping[str, Mapping[str, int]]]
    prefect_variables: Mapping[str, Any]
    concurrency_limits: Mapping[str, int]
    notifications: Notifications | None
    automations: bool
    late_after_minutes: int
    stuck_after_hours: int

    @property
    def served_pools(self) -> frozenset[str]:
        """Names of the work pools that the stacks' worker is for."""
        if not self.worker:
            return frozenset()
        return frozenset(pool.name for pool in self.pools.values() if pool.type == "ecs")


def read_platforms(root: Path) -> dict[str, Platform]:
    """Return what every environment stands on, by name.

    Args:
        root: of the repository; holds prefect.yaml and environments.yaml.

    Raises:
        DeclarationInvalid: something is wrong in one of the files; see `read_declaration`.
    """
    problems = Problems()
    prefect = _read(root, prefect_file.FILE, prefect_file.PREFECT_FILE, problems)
    file = _read(root, environments_file.FILE, environments_file.ENVIRONMENTS_FILE, problems)
    everywhere = read_surroundings(file, root, problems)
    for here in everywhere:
        check_platform(here, problems)
    problems.refuse()
    return {here.name: _platform(prefect["name"], here) for here in everywhere}


def read_platform(root: Path, environment: str) -> Platform:
    """Return what one environment stands on.

    Raises:
        DeclarationInvalid: see `read_platforms`.
        ParameterInvalid: there is no such environment.
    """
    platforms = read_platforms(root)
    if environment not in platforms:
        raise ParameterInvalid(
            f"--environment {environment}: {environments_file.FILE} has no such environment."
            f"{suggestion(environment, platforms, 'It has')}"
        )
    return platforms[environment]


def _read(root: Path, file: str, shape: Shape, problems: Problems) -> Section:
    located = read_located(root / file, problems)
    if located is None:
        return Section()
    section: Section = shape.read(located, Where(file, 1), problems)
    return section


def _platform(project: str, here: Surroundings) -> Platform:
    section = here.section
    infrastructure = section.get("infrastructure", NOTHING)
    prefect = section.get("prefect", NOTHING)
    told = prefect.get("notifications")
    return Platform(
        project=project,
        environment=here.name,
        branch=section.get("branch"),
        pools=here.pools,
        resources=here.resources,
        variables=here.variables,
        image_repository=section.get("image_repository"),
        region=infrastructure.get("region"),
        parameters={
            name: str(value) for name, value in infrastructure.get("parameters", NOTHING).items()
        },
        worker=infrastructure.get("worker", True),
        secrets=tuple(section.get("secrets", ())),
        queues=plain(prefect.get("queues", {})),
        prefect_variables=plain(prefect.get("variables", {})),
        concurrency_limits=plain(prefect.get("concurrency_limits", {})),
        notifications=Notifications(told["type"], told["address_from"]) if told else None,
        automations=prefect.get("automations", True),
        late_after_minutes=prefect.get("late_after_minutes", 15),
        stuck_after_hours=prefect.get("stuck_after_hours", 6),
    )
