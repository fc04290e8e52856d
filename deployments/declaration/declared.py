"""What the two files say, resolved: one Configuration for each deployment and environment."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

PoolType = Literal["ecs", "coiled", "managed", "process"]

TYPES_WITH_IMAGE: frozenset[PoolType] = frozenset({"ecs", "coiled", "managed"})
"""Work pools whose runs start from a container image; the others run in a folder."""


@dataclass(frozen=True)
class Schedule:
    """One schedule.

    Attributes:
        slug: its name within the deployment.
        timing: exactly as Prefect's server reads it back: {"cron", "timezone", "day_or"},
            {"interval" (seconds, float), "anchor_date", "timezone"} or {"rrule", "timezone"}.
        active: None when the file does not say: a pause made by hand then stays.
        parameters: of its runs alone.
    """

    slug: str
    timing: Mapping[str, Any]
    active: bool | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class EnvironmentLayer:
    """What an environment alone adds to a deployment; all that a promotion takes from the target.

    Attributes:
        parameters: of the environment and of its override.
        job_variables: of its override, in the words of the pool's type; default resources are
            not among them.
        variables: environment variables of the run.
        concurrency_limit: of its override; None when it has none.
    """

    parameters: Mapping[str, Any]
    job_variables: Mapping[str, Any]
    variables: Mapping[str, str]
    concurrency_limit: int | None = None


@dataclass(frozen=True)
class Configuration:
    """What one environment wants of one deployment, code and identity apart.

    Attributes:
        name: in prefect.yaml.
        entrypoint: `flows/van_contacts.py:van_contacts`.
        line: of the deployment in prefect.yaml.
        description: None when the flow's docstring is to be shown.
        tags: those of prefect.yaml, ours apart.
        parameters: of prefect.yaml, environment and override, the later wins.
        base_parameters: of prefect.yaml alone.
        enforce_parameter_schema: whether Prefect refuses parameters that do not fit.
        schedules: by slug; empty where the environment runs none.
        concurrency_limit: runs at once; None for any number.
        concurrency_options: {"collision_strategy", "grace_period_seconds"}; None without.
        pool_type: which kind of work pool.
        pool: its name at Prefect.
        queue: of the pool; None for its default.
        job_variables: of default resources, prefect.yaml and override, without `env` and `image`.
        variables: environment variables of the run, those of our own apart.
        pull_steps: how a run gets at its code.
        paused: None when the file does not say: a pause made by hand then stays.
        image_repository: None where runs need no image.
        layer: what the environment alone adds.
    """

    name: str
    entrypoint: str
    line: int
    description: str | None
    tags: tuple[str, ...]
    parameters: Mapping[str, Any]
    base_parameters: Mapping[str, Any]
    enforce_parameter_schema: bool
    schedules: tuple[Schedule, ...]
    concurrency_limit: int | None
    concurrency_options: Mapping[str, Any] | None
    pool_type: PoolType
    pool: str
    queue: str | None
    job_variables: Mapping[str, Any]
    variables: Mapping[str, str]
    pull_steps: tuple[Mapping[str, Any], ...]
    paused: bool | None
    image_repository: str | None
    layer: EnvironmentLayer

    def content(self) -> dict[str, Any]:
        """Return all that makes two configurations differ, as JSON."""
        content = asdict(self)
        for key in ("line", "layer", "base_parameters", "image_repository"):
            del content[key]
        return content


@dataclass(frozen=True)
class Environment:
    """One environment.

    Attributes:
        name: in environments.yaml.
        branch: that it is deployed from; None for whichever is checked out.
        configurations: one for each deployment, in the order of prefect.yaml.
    """

    name: str
    branch: str | None
    configurations: tuple[Configuration, ...]


@dataclass(frozen=True)
class Declaration:
    """Both files, resolved and valid.

    Attributes:
        project: `name` of prefect.yaml.
        packages: top-level packages that a run may import, and that the image holds.
        environments: by name.
    """

    project: str
    packages: tuple[str, ...]
    environments: Mapping[str, Environment]
