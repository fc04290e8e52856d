"""One way of a run for the whole module: declared, made, deployed, and a worker that carries on."""

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml

from blocks.scope import RATE
from deployments.live.address import Address
from deployments.live.api import PrefectApi
from infrastructure.local.stack import Stack
from tests.made_repository import REPOSITORY, MadeRepository, make_repository
from tests.prefect.blocks.declared import REGION, Declared, make_stacks, store_secret
from tests.prefect.execution.aws_requests import recorded
from tests.prefect.execution.ground import build
from tests.prefect.execution.way import ENVIRONMENT, SECRETS, Way
from tests.prefect.shared_limit import forget_limit
from tests.scripted_server import scripted_server


@pytest.fixture(scope="module")
def way(prefect_stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Way]:
    """Build what runs stand on, make Prefect's objects, deploy, and start a worker."""
    project = f"way-{uuid.uuid4().hex[:8]}"
    variables = prefect_stack.variables
    forget_limit(prefect_stack)
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
    environment = content["environments"][ENVIRONMENT]
    environment["variables"][RATE] = "20"
    environment |= {
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
