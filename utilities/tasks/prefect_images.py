"""Which images Prefect knows of: those that deployments and work pools name, and those of the
versions that a deployment had before, to which it may be returned.

Whoever deploys with `python -m deployments` leaves a record of each change at Prefect: artifacts of
type `deployments`, whose data is {"records": [{"live_name", "fields": {"job_variables"}}, ...]}.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeVar

import httpx

from utilities.errors import AccessDenied, PrefectUnavailable

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient

RECORDS = "deployments"
RECORDED_VERSIONS = 10
"""Of each deployment, the newest first; more than any command returns to without a warning."""

PAGE = 200
RECORDS_PAGE = 10
"""Artifacts at once: each may hold half a megabyte."""

_DENIED = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}

Item = TypeVar("Item")


def images_in_use() -> frozenset[str]:
    """Return the address of every image that a deployment or a work pool names, or named lately.

    Raises:
        PrefectUnavailable, AccessDenied: Prefect's server did not answer, or refused; nobody
            knows then what is in use.
    """
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        try:
            live = set(_of_deployments(client))
            named = {image for _, image in live}
            named |= set(_of_pools(client))
            named |= set(_of_records(client, {name for name, _ in live}))
        except httpx.HTTPStatusError as error:
            raise _refused(error.response.status_code) from None
        except httpx.HTTPError as error:
            raise PrefectUnavailable(
                f"Prefect's server did not tell which images are in use ({type(error).__name__}). "
                "Nothing was removed. Check PREFECT_API_URL and that the server runs, then run "
                "again."
            ) from None
    return frozenset(image for image in named if image)


def _of_deployments(client: "SyncPrefectClient") -> Iterator[tuple[str, str]]:
    """Yield the name and the image of each deployment; no image is an empty text."""
    for deployment in paged(lambda at: client.read_deployments(limit=PAGE, offset=at), PAGE):
        yield deployment.name, _image(deployment.job_variables)


def _of_pools(client: "SyncPrefectClient") -> Iterator[str]:
    """Yield the images that pools give to deployments which name none."""
    for pool in paged(lambda at: client.read_work_pools(limit=PAGE, offset=at), PAGE):
        template: Mapping[str, Any] = pool.base_job_template
        variables = template.get("variables", {}).get("properties", {})
        yield _text(variables.get("image", {}).get("default"))
        yield _image(template.get("job_configuration"))


def _of_records(client: "SyncPrefectClient", live: set[str]) -> Iterator[str]:
    """Yield the images of the last versions of deployments that are live."""
    from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterType
    from prefect.client.schemas.sorting import ArtifactSort

    def read(at: int) -> Sequence[Any]:
        return client.read_artifacts(
            artifact_filter=ArtifactFilter(type=ArtifactFilterType(any_=[RECORDS])),
            sort=ArtifactSort.CREATED_DESC,
            limit=RECORDS_PAGE,
            offset=at,
        )

    seen: Counter[str] = Counter()
    read_before: set[Any] = set()
    for artifact in paged(read, RECORDS_PAGE):
        if artifact.id in read_before:
            continue
        read_before.add(artifact.id)
        for record in _records(artifact.data):
            name = record["live_name"]
            if name in live and seen[name] < RECORDED_VERSIONS:
                seen[name] += 1
                yield _image(record["fields"].get("job_variables"))


def _records(data: Any) -> Sequence[Mapping[str, Any]]:
    """Return what an artifact of ours holds; one of somebody else's holds nothing for us."""
    content = json.loads(data) if isinstance(data, str) else data
    records = content.get("records", ()) if isinstance(content, Mapping) else ()
    return records if isinstance(records, Sequence) else ()


def paged(read: Callable[[int], Sequence[Item]], size: int) -> Iterator[Item]:
    """Yield what a list of Prefect's holds, a page at a time; some of it twice.

    What is removed meanwhile moves the others to earlier places, so pages overlap by half.
    """
    at = 0
    while True:
        page = read(at)
        yield from page
        if len(page) < size:
            return
        at += size // 2


def _image(variables: Any) -> str:
    return _text(variables.get("image")) if isinstance(variables, Mapping) else ""


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _refused(status: int) -> Exception:
    if status in _DENIED:
        return AccessDenied(
            f"Prefect's server refused to tell which images are in use ({status}). Nothing was "
            "removed. Check PREFECT_API_KEY."
        )
    return PrefectUnavailable(
        f"Prefect's server answered {status} when asked which images are in use. Nothing was "
        "removed. Run again later."
    )
