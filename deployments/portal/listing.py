"""Flows and live deployments, with the fields of the SDK's FlowDetails and DeploymentDetails.

The extension shows the deployments below the flow whose `name` is their `flow_name`, and takes that
name when it deploys or promotes one.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from deployments.catalog import CatalogFlow
from deployments.catalog.finding import FOLDER, find_flows
from deployments.declaration.reading import read_declaration
from deployments.identity import Identity
from deployments.live import LiveDeployment, reading
from deployments.live.address import find_address
from deployments.live.api import PrefectApi
from deployments.portal.pages import find_pages, page_of


def list_flows(root: Path) -> list[dict[str, Any]]:
    """Return every flow of the repository as FlowDetails has it."""
    return [_flow(root, flow) for flow in find_flows(root).flows]


def list_deployments(root: Path) -> list[dict[str, Any]]:
    """Return every live deployment of this project as DeploymentDetails has it, those of all
    environments and branches, and none that others made.

    Raises:
        SettingsInvalid: it is not known which Prefect to ask.
        DeclarationInvalid, PrefectUnavailable, AccessDenied.
    """
    project = read_declaration(root, find_flows(root)).project
    with PrefectApi(find_address(root)) as api:
        live = [each for each in reading.read_live(api, project) if each.identity]
        told = {item["id"]: item for item in _as_told(api, live)}
    pages = find_pages(root, api.address)
    return [
        _deployment(each, each.identity, told[each.id], page_of(pages, each.id))
        for each in live
        if each.identity and each.id in told
    ]


def shown_name(flow: str) -> str:
    """Return how a flow's name is shown: the SDK knows names with underscores alone."""
    return flow.replace("-", "_")


def _as_told(api: PrefectApi, live: list[LiveDeployment]) -> Iterator[dict[str, Any]]:
    """Yield what Prefect tells besides: when each was created, and its flow's id."""
    wanted = {"deployments": {"id": {"any_": [each.id for each in live]}}}
    return reading.pages(api, "/deployments/filter", wanted)


def _flow(root: Path, flow: CatalogFlow) -> dict[str, Any]:
    return {
        "name": shown_name(flow.name),
        "original_name": flow.name,
        "description": flow.description,
        "id": flow.entrypoint,
        "source_path": str(root / flow.file),
        "source_relative": str(flow.file),
        "line_number": flow.line,
        "grouping": _folders(flow.file),
        "child_attributes": {
            "obj_name": flow.function,
            "module": flow.module,
            "import_path": flow.module,
        },
    }


def _folders(file: PurePosixPath) -> list[str]:
    """Return the folders that a flow is shown in; one that is a flow by itself is none of them."""
    place = file.parent if file.name == "__init__.py" else file
    return list(place.parent.relative_to(FOLDER).parts)


def _deployment(
    live: LiveDeployment, identity: Identity, told: Mapping[str, Any], page: str
) -> dict[str, Any]:
    return {
        "name": live.live_name,
        "project_name": identity.project,
        "branch": identity.branch,
        "flow_name": shown_name(live.flow),
        "env": identity.environment,
        "commit_hash": live.release.commit if live.release else "",
        "package_version": live.release.package_version if live.release else "",
        "tags": list(live.fields["tags"]),
        "id": live.id,
        "created_at": told["created"],
        "updated_at": live.updated,
        "flow_id": told["flow_id"],
        "url": page,
        "child_attributes": {
            "deployment": identity.name,
            "version": str(live.version or ""),
            "image": live.image or "",
            "paused": live.paused,
        },
    }
