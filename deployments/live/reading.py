"""Read what is deployed, in a form that can be compared with what is wanted, value by value."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

from deployments.identity import SEPARATOR, Identity, Release, Version
from deployments.live.api import PrefectApi
from deployments.live.deployment import LiveDeployment, LiveSchedule

PAGE = 200
"""The most that Prefect's server gives at once."""

AS_THEY_ARE = (
    "entrypoint",
    "path",
    "parameter_openapi_schema",
    "enforce_parameter_schema",
    "parameters",
    "work_pool_name",
    "work_queue_name",
    "job_variables",
    "version",
)


def read_live(api: PrefectApi, project: str) -> list[LiveDeployment]:
    """Return every live deployment whose name begins as those of a project, in all environments.

    Some of them may have been made by others: `identity` tells.

    Raises:
        PrefectUnavailable, AccessDenied: see `PrefectApi.request`.
    """
    beginning = Identity(project, "", "", "").live_name.partition(SEPARATOR)[0] + SEPARATOR
    # The server looks for the text anywhere, in any case, and takes `_` for any character.
    wanted = {"deployments": {"name": {"like_": beginning}}, "sort": "NAME_ASC"}
    with ThreadPoolExecutor(1) as beside:
        reading_flows = beside.submit(lambda: list(pages(api, "/flows/filter", wanted)))
        found = {item["id"]: item for item in pages(api, "/deployments/filter", wanted)}
        flows = {flow["id"]: flow["name"] for flow in reading_flows.result()}
    return [
        as_live(item, flows.get(item["flow_id"]) or _flow_name(api, item["flow_id"]))
        for item in found.values()
        if item["name"].startswith(beginning)
    ]


def read_one(api: PrefectApi, deployment_id: str, flow: str | None = None) -> LiveDeployment:
    """Return one live deployment.

    Args:
        api: Prefect.
        deployment_id: at Prefect.
        flow: name of its flow, where it is known; saves a request.

    Raises:
        PrefectRefused: there is none; `status` is 404.
    """
    item = api.request("GET", f"/deployments/{deployment_id}")
    return as_live(item, flow or _flow_name(api, item["flow_id"]))


def pages(
    api: PrefectApi, path: str, wanted: Mapping[str, Any], page: int = PAGE
) -> Iterator[dict[str, Any]]:
    """Yield what a filter finds, page by page, as long as there is more.

    Something that is made or removed meanwhile may shift the pages, so that one comes twice.
    """
    offset = 0
    while True:
        found = api.request("POST", path, {**wanted, "limit": page, "offset": offset})
        yield from found
        if len(found) < page:
            return
        offset += page


def as_live(item: Mapping[str, Any], flow: str) -> LiveDeployment:
    """Make a deployment as the API shows it comparable.

    Args:
        item: the API's answer.
        flow: name of its flow.
    """
    image = item["job_variables"].get("image")
    return LiveDeployment(
        id=item["id"],
        live_name=item["name"],
        flow=flow,
        identity=Identity.from_labels(item["labels"] or {}),
        version=Version.read(item["version"]),
        release=Release.from_tags(item["tags"]),
        image=image if isinstance(image, str) else None,
        paused=item["paused"],
        schedules=tuple(sorted(map(as_schedule, item["schedules"]), key=_place)),
        fields=_fields(item),
        updated=item["updated"],
    )


def as_schedule(item: Mapping[str, Any]) -> LiveSchedule:
    """Make a schedule as the API shows it comparable."""
    timing = dict(item["schedule"])
    if "interval" in timing:
        anchor = datetime.fromisoformat(timing["anchor_date"]).astimezone(UTC)
        timing |= {"interval": float(timing["interval"]), "anchor_date": anchor.isoformat()}
    return LiveSchedule(item["id"], item["slug"], timing, item["active"], item["parameters"])


def _fields(item: Mapping[str, Any]) -> dict[str, Any]:
    limit = item["global_concurrency_limit"]
    options = item["concurrency_options"] or {}
    # A client that sends null as text leaves it so: Prefect's own does for a flow without one.
    description = item["description"]
    return {
        **{name: item[name] for name in AS_THEY_ARE},
        "description": None if description == "None" else description,
        "tags": sorted(item["tags"]),
        "concurrency_limit": limit["limit"] if limit else None,
        "concurrency_options": {name: value for name, value in options.items() if value is not None}
        or None,
        "pull_steps": item["pull_steps"] or [],
    }


def _place(schedule: LiveSchedule) -> tuple[bool, str, str]:
    return schedule.slug is None, schedule.slug or "", schedule.id


def _flow_name(api: PrefectApi, flow_id: str) -> str:
    name: str = api.request("GET", f"/flows/{flow_id}")["name"]
    return name
