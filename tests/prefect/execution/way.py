"""What a test knows of the way of a run: Prefect, the flows, what they stand on, what was asked."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from deployments.live.api import PrefectApi
from tests.made_repository import MadeRepository
from tests.prefect.execution.aws_requests import AwsRequests
from tests.prefect.execution.ground import Ground
from tests.scripted_server import ScriptedServer

ENVIRONMENT = "production"
SECRETS = {
    "PREFECT_API_KEY": "pnu_a-key-that-nobody-may-see",
    "REDSHIFT_PASSWORD": "a-pass-phrase-that-nobody-may-see",
}
T = TypeVar("T")
LOOKS, PAUSE_SECONDS = 600, 0.1


@dataclass(frozen=True)
class Way:
    """Everything on the way of a run.

    Attributes:
        api: Prefect.
        repository: of the flows.
        ground: what runs stand on.
        aws: what the worker asked AWS for.
        webhook: where messages go.
        variables: of the stack.
    """

    api: PrefectApi
    repository: MadeRepository
    ground: Ground
    aws: AwsRequests
    webhook: ScriptedServer
    variables: Mapping[str, str]

    @property
    def pool(self) -> str:
        """Name of the work pool of type ecs."""
        return f"{self.repository.project}-{ENVIRONMENT}"

    def deployment(self, name: str) -> dict[str, Any]:
        """Return a live deployment by its name in prefect.yaml."""
        live = f"{self.repository.project}--main--{name}--{ENVIRONMENT}"
        wanted = {"deployments": {"name": {"any_": [live]}}}
        (found,) = self.api.request("POST", "/deployments/filter", wanted)
        return dict(found)

    def trigger(self, name: str, **content: Any) -> str:
        """Start a run of a deployment and return its id."""
        path = f"/deployments/{self.deployment(name)['id']}/create_flow_run"
        run = self.api.request("POST", path, {"state": {"type": "SCHEDULED"}, **content})
        return str(run["id"])

    def run_task(self, run: str) -> dict[str, Any]:
        """Wait for the RunTask request of a run and return it."""

        def found() -> dict[str, Any] | None:
            for request in self.aws.of("RunTask"):
                if {"key": "prefect.io/flow-run-id", "value": run} in request["tags"]:
                    return request
            return None

        return until(found, f"RunTask of {run}")

    def task_definition(self, run_task: Mapping[str, Any]) -> dict[str, Any]:
        """Return the definition that a RunTask request names, as it was registered."""
        family = run_task["taskDefinition"].rpartition("/")[2].partition(":")[0]
        return [
            request
            for request in self.aws.of("RegisterTaskDefinition")
            if request["family"] == family
        ][-1]


def until(look: Callable[[], T | None], what: str) -> T:
    """Look until there is something, and return it."""
    pause = threading.Event()
    for _ in range(LOOKS):
        found = look()
        if found is not None:
            return found
        pause.wait(PAUSE_SECONDS)
    raise AssertionError(f"never: {what}")
