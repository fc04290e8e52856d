"""One way of a run for the whole module: declared, made, deployed, and a worker that carries on."""

import os
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest
import yaml

from deployments.live.address import Address
from deployments.live.api import PrefectApi
from infrastructure.local.stack import Stack
from tests.made_repository import REPOSITORY, MadeRepository, make_repository
from tests.prefect.blocks.declared import REGION, Declared, make_stacks, store_secret
from tests.prefect.execution.aws_requests import AwsRequests, recorded
from tests.prefect.execution.ground import Ground, build
from tests.scripted_server import ScriptedServer, scripted_server

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


@pytest.fixture(scope="module")
def way(prefect_stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Way]:
    """Build what runs stand on, make Prefect's objects, deploy, and start a worker."""
    project = f"way-{uuid.uuid4().hex[:8]}"
    variables = prefect_stack.variables
    ground = build(project, variables)
    with scripted_server() as webhook, recorded(variables["AWS_ENDPOINT_URL"]) as aws:
        repository = _repository(tmp_path_factory.mktemp("way") / "of a run", project)
        declared = Declared(repository.root, project, ENVIRONMENT, {}, variables)
        make_stacks(declared, ground.outputs)
        for name, value in {**SECRETS, "ALARMS": f"{webhook.url}alarms"}.items():
            store_secret(declared, name, value)
        for module in ("blocks", "deployments"):
            _run(repository, variables, module, "apply", "--environment", ENVIRONMENT)
        with PrefectApi(Address(variables["PREFECT_API_URL"])) as api:
            way = Way(api, repository, ground, aws, webhook, variables)
            with _worker(way):
                yield way


def _repository(root: Path, project: str) -> MadeRepository:
    root.mkdir()
    repository = make_repository(root, project)
    file = root / "environments.yaml"
    content = yaml.safe_load(file.read_text())
    content["environments"][ENVIRONMENT] |= {
        "secrets": list(SECRETS),
        "infrastructure": {"region": REGION},
        "prefect": {"notifications": {"type": "webhook", "address_from": "ALARMS"}},
    }
    file.write_text(yaml.safe_dump(content))
    repository.commit("Declare what production stands on")
    return repository


def _run(repository: MadeRepository, variables: Mapping[str, str], *words: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *words],
        cwd=repository.root,
        env={**os.environ, **variables, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@contextmanager
def _worker(way: Way) -> Iterator[None]:
    """Run the ECS worker as its service does, with a key of its own."""
    environ = {
        **os.environ,
        **way.variables,
        "AWS_ENDPOINT_URL": way.aws.url,
        "PREFECT_API_KEY": SECRETS["PREFECT_API_KEY"],
        "PREFECT_INTEGRATIONS_AWS_ECS_OBSERVER_SQS_QUEUE_NAME": way.ground.queue,
        "PREFECT_WORKER_QUERY_SECONDS": "1",
    }
    words = ("worker", "start", "--pool", way.pool, "--type", "ecs", "--install-policy", "never")
    log = way.repository.root.parent / "worker.log"
    with log.open("w") as output:
        worker = subprocess.Popen(
            [sys.executable, "-m", "prefect", *words],
            cwd=way.repository.root.parent,
            env=environ,
            stdout=output,
            stderr=output,
        )
        try:
            yield
        finally:
            worker.terminate()
            worker.wait(30)
