"""Change what is deployed: one function for each request, each safe to send twice."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol
from urllib.parse import quote

from deployments.declaration import Schedule
from deployments.identity import Identity
from deployments.live.api import PrefectApi
from deployments.live.deployment import LiveDeployment
from deployments.live.reading import as_live
from utilities.errors import PrefectRefused

NOT_FOUND = 404
FAULT = 500


class Named(Protocol):
    """What tells a new deployment from every other: a `Wanted`, or whatever has the same two."""

    @property
    def identity(self) -> Identity:
        """Which deployment it is."""

    @property
    def flow(self) -> str:
        """Name of its flow at Prefect."""


def create(
    api: PrefectApi,
    wanted: Named,
    fields: Mapping[str, Any],
    schedules: Sequence[Schedule],
    paused: bool = False,
) -> LiveDeployment:
    """Create a deployment, with labels that tell whose it is, and its flow if there is none.

    Only for one that does not exist: of an existing one Prefect would remove every schedule.

    Args:
        api: Prefect.
        wanted: which one.
        fields: of `Wanted.fields`.
        schedules: all of them.
        paused: whether its schedules make no runs for now.

    Raises:
        PrefectRefused: a field is not valid, or the work pool does not exist.
    """
    flow = api.request("POST", "/flows/", {"name": wanted.flow})
    content = {
        **fields,
        "name": wanted.identity.live_name,
        "flow_id": flow["id"],
        "labels": wanted.identity.labels,
        "schedules": [_content(schedule) for schedule in schedules],
        "paused": paused,
    }
    return as_live(api.request("POST", "/deployments/", content), wanted.flow)


def patch(api: PrefectApi, deployment_id: str, fields: Mapping[str, Any]) -> None:
    """Change some fields of a deployment; its runs that are scheduled already are made anew.

    Args:
        api: Prefect.
        deployment_id: at Prefect.
        fields: of `Wanted.fields`, those that differ; `paused` too, where the file says it.

    Raises:
        PrefectRefused: a field is not valid, or the deployment (404) or its work pool is gone.
    """
    try:
        api.request("PATCH", f"/deployments/{deployment_id}", fields)
    except PrefectRefused as error:
        # The server breaks down over a work pool that does not exist; asked for it, it says so.
        if error.status == FAULT and (pool := fields.get("work_pool_name")):
            api.request("GET", f"/work_pools/{quote(pool, safe='')}")
        raise


def delete(api: PrefectApi, deployment_id: str) -> None:
    """Remove a deployment; nothing happens when it is gone already."""
    _delete(api, f"/deployments/{deployment_id}")


def delete_schedule(api: PrefectApi, deployment_id: str, schedule_id: str) -> None:
    """Remove a schedule; nothing happens when it is gone already."""
    _delete(api, f"/deployments/{deployment_id}/schedules/{schedule_id}")


def _content(schedule: Schedule) -> dict[str, Any]:
    return {
        "slug": schedule.slug,
        "schedule": dict(schedule.timing),
        "active": schedule.active is not False,
        "parameters": dict(schedule.parameters),
    }


def _delete(api: PrefectApi, path: str) -> None:
    try:
        api.request("DELETE", path)
    except PrefectRefused as error:
        if error.status != NOT_FOUND:
            raise
