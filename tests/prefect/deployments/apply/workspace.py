"""A repository of its own, deployed to the session's Prefect through a proxy that remembers."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deployments.apply import applying
from deployments.apply.applying import Outcome
from deployments.live.address import Address
from deployments.live.api import PrefectApi
from deployments.live.deployment import LiveDeployment
from deployments.live.reading import read_live
from deployments.plan import planning
from deployments.plan.actions import Plan
from tests.made_repository import MadeRepository, make_repository
from tests.recording_proxy import RecordingProxy, recording_proxy


@dataclass(frozen=True)
class Workspace:
    """One project.

    Attributes:
        made: its repository.
        proxy: between it and Prefect.
        api: client through the proxy.
        direct: client that the proxy does not see.
    """

    made: MadeRepository
    proxy: RecordingProxy
    api: PrefectApi
    direct: PrefectApi

    def plan(self, *names: str, environment: str = "production") -> Plan:
        """Make a plan; forget what was asked before."""
        self.proxy.clear()
        return planning.plan(self.api, self.made.root, environment, names)

    def apply(self, *names: str, environment: str = "production", **options: Any) -> Outcome:
        """Plan and apply; forget what was asked before."""
        return applying.apply(self.api, self.plan(*names, environment=environment), **options)

    def kinds(self, outcome: Outcome) -> dict[str, str]:
        """Return what became of each deployment, by its name in prefect.yaml."""
        return {result.action.name: result.kind for result in outcome.results}

    def read(self) -> dict[str, LiveDeployment]:
        """Return what is live of the project, by live name."""
        return {each.live_name: each for each in read_live(self.direct, self.made.project)}

    def raw(self, live_name: str) -> dict[str, Any]:
        """Return a deployment just as Prefect's API tells it."""
        item: dict[str, Any] = self.direct.request(
            "GET", f"/deployments/{self.read()[live_name].id}"
        )
        return item

    def writes(self) -> list[str]:
        """Return what was written through the proxy, sorted: `PATCH orders`, `POST /artifacts/`."""
        names = {each.id: each.identity.name for each in self.read().values() if each.identity}
        told = []
        for request in self.proxy.writes():
            path = request.path
            for each_id, name in names.items():
                path = path.replace(f"/deployments/{each_id}", name)
            told.append(f"{request.method} {path}")
        return sorted(told)

    def schedule_runs(self, live_name: str) -> set[str]:
        """Let Prefect make the scheduled runs now that it would make in a moment; return ids."""
        live = self.read()[live_name]
        self.direct.request("POST", f"/deployments/{live.id}/schedule", {"min_runs": 3})
        return self.runs(live_name)

    def runs(self, live_name: str) -> set[str]:
        """Return the ids of the runs that are scheduled."""
        wanted = {"deployments": {"id": {"any_": [self.read()[live_name].id]}}}
        return {run["id"] for run in self.direct.request("POST", "/flow_runs/filter", wanted)}


@contextmanager
def open_workspace(root: Path, api_url: str) -> Iterator[Workspace]:
    """Make a repository in a folder, and work pools for its environments; both are its own."""
    project = f"shop_{uuid.uuid4().hex[:8]}"
    with (
        recording_proxy(api_url) as proxy,
        PrefectApi(Address(proxy.url)) as api,
        PrefectApi(Address(api_url)) as direct,
    ):
        for pool in ("production", "staging", "folder"):
            # As a person makes it who has no worker yet.
            content = {
                "name": f"{project}-{pool}",
                "type": "process" if pool == "folder" else "ecs",
            }
            direct.request("POST", "/work_pools/", content)
        yield Workspace(make_repository(root / "a repository", project), proxy, api, direct)
