"""A deployment as Prefect's server tells it, made comparable with what is declared."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from deployments.identity import Identity, Release, Version


@dataclass(frozen=True)
class LiveSchedule:
    """One schedule of a live deployment.

    Attributes:
        id: at Prefect.
        slug: None when it was made by hand or by another tool.
        timing: in the form of `declaration.Schedule.timing`.
        active: whether it makes runs.
        parameters: of its runs alone.
    """

    id: str
    slug: str | None
    timing: Mapping[str, Any]
    active: bool
    parameters: Mapping[str, Any]


@dataclass(frozen=True)
class LiveDeployment:
    """One live deployment.

    Attributes:
        id: at Prefect.
        live_name: at Prefect.
        flow: name of its flow.
        identity: from its labels; None when this software did not make it.
        version: None when somebody has overwritten what we wrote there.
        release: from its tags; None when one was removed.
        image: of its job variables; None without one.
        paused: by hand or by the file.
        schedules: all of them.
        fields: the rest, by the API's names and in a form that equals what is wanted:
            description, entrypoint, path, tags (sorted), parameters, parameter_openapi_schema,
            enforce_parameter_schema, concurrency_limit, concurrency_options, work_pool_name,
            work_queue_name, job_variables, pull_steps, version.
        updated: when it was written last, ISO 8601.
    """

    id: str
    live_name: str
    flow: str
    identity: Identity | None
    version: Version | None
    release: Release | None
    image: str | None
    paused: bool
    schedules: tuple[LiveSchedule, ...]
    fields: Mapping[str, Any]
    updated: str
