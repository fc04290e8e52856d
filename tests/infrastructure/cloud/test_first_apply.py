"""From an empty account to a worker, in the order in which a person gets there."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
import urllib3

from tests.infrastructure.cloud.commands import Commands, Ended, Repository
from tests.infrastructure.cloud.made_platform import REGION

PATIENCE = urllib3.Retry(total=None, connect=100, backoff_factor=0.02, backoff_max=0.5)
"""Until the server listens."""

LABS = ("--environment", "labs")


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The local AWS server, with tasks of services that start, as it reads from a variable."""
    with socket.create_server(("127.0.0.1", 0)) as reserved:
        port = reserved.getsockname()[1]
    command = [sys.executable, "-m", "infrastructure.local.aws", "--port", str(port)]
    server = subprocess.Popen(
        [*command, "--objects", str(tmp_path_factory.mktemp("objects"))],
        env={**os.environ, "MOTO_ECS_SERVICE_RUNNING": "1"},
        stderr=subprocess.DEVNULL,
    )
    try:
        address = f"http://127.0.0.1:{port}"
        with urllib3.PoolManager(retries=PATIENCE) as client:
            client.request("GET", f"{address}/moto-api/data.json")
        yield address
    finally:
        server.terminate()
        server.wait()


@pytest.fixture
def aws_here(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The variables that lead a client there."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")


@pytest.fixture
def applied(commands: Commands) -> Ended:
    """The first apply, without an image."""
    return commands("apply", *LABS, "--yes")


def test_the_addresses_come_first_and_the_worker_follows(
    applied: Ended, repository: Repository
) -> None:
    """An allow list takes days, an image takes minutes: nothing waits for the image but the worker,
    and what leads to it is printed."""
    assert applied.status == 0
    images = repository.images
    for line in (
        "Send this to those who keep an allow list.",
        "There is no worker yet: it needs an image, and its key. Next, as far as it is not done:",
        "  python -m infrastructure secrets set PREFECT_API_KEY --environment labs",
        f"  docker build --platform linux/amd64 --tag {images}:$TAG .",
        f"  docker push {images}:$TAG",
        f"  python -m infrastructure apply --environment labs --worker-image {images}:$TAG",
    ):
        assert line in applied.output


def test_outputs_are_one_object_for_machines(applied: Ended, commands: Commands) -> None:
    """What a work pool needs, by name."""
    ended = commands("outputs", *LABS, "--json")
    found = json.loads(ended.output)
    assert ended.status == 0
    assert found["EgressAddresses"] in commands("outputs", *LABS).output
    assert len(found["PrivateSubnetIds"].split(",")) == 2


def push(images: str, tag: str) -> str:
    """Put an image into the local registry; return its address."""
    manifest = {
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": {"digest": f"{images}:{tag}"},
        "layers": [],
    }
    ecr: Any = boto3.client("ecr", region_name=REGION)
    ecr.put_image(
        repositoryName=images.partition("/")[2], imageManifest=json.dumps(manifest), imageTag=tag
    )
    return f"{images}:{tag}"


def test_a_worker_is_made_with_an_image_and_moved_to_another(
    commands: Commands, repository: Repository
) -> None:
    """Registry, image, key, worker, next image; and the stack never takes it back."""
    images = repository.images
    assert commands("apply", *LABS, "--only", "container_registry", "--yes").status == 0
    first, second = push(images, "one"), push(images, "two")
    without_key = commands("apply", *LABS, "--yes", "--worker-image", first)
    assert without_key.errors == (
        "SourceNotFound: /PrefectFlows/labs/PREFECT_API_KEY: the worker needs this secret, and it "
        "was never set. Run `python -m infrastructure secrets set PREFECT_API_KEY --environment "
        "labs` first.\n"
    )
    commands("secrets", "set", "PREFECT_API_KEY", *LABS, typed=b"key")
    made = commands("apply", *LABS, "--yes", "--worker-image", first)
    assert (made.status, "There is no worker yet" in made.output) == (0, False)

    moved = commands("worker", *LABS, "--image", second)
    assert (moved.status, moved.errors) == (0, "")
    assert moved.output.endswith(f"The worker of labs runs {second}.\n")
    assert json.loads(commands("worker", *LABS, "--json").output) == {"image": second}
    again = commands("worker", *LABS, "--image", second)
    assert again.output == f"The worker of labs runs {second} already.\n"
    assert commands("plan", *LABS).status == 0

    # Whatever else changes, the worker keeps what it runs.
    repository.edit("infrastructure/fixed_egress_ecs.yaml", "-alarms-", "-alerts-")
    planned = json.loads(commands("plan", *LABS, "--json").output)
    network = planned["stacks"][2]
    assert network["parameters"] == [{"name": "WorkerImage", "before": first, "after": second}]


@pytest.mark.parametrize(
    ("image", "text"),
    [
        ("{images}:never", "ecr.us-east-1.amazonaws.com/{project}:never: there is no such image"),
        ("{images}", "is no image of this environment; expected {images}:TAG."),
        ("elsewhere/{project}:one", "is no image of this environment; expected {images}:TAG."),
        ("{images}-other:one", "is no image of this environment; expected {images}:TAG."),
    ],
)
def test_an_image_that_is_not_there_is_told_before_anything_starts(
    commands: Commands, repository: Repository, image: str, text: str
) -> None:
    """A worker that cannot start takes back the whole change of its stack."""
    names = {"images": repository.images, "project": repository.project}
    for command in (("apply", *LABS, "--worker-image"), ("worker", *LABS, "--image")):
        ended = commands(*command, image.format(**names))
        assert (ended.status, ended.output) == (1, "")
        assert text.format(**names) in ended.errors


def test_without_a_service_there_is_nothing_to_move(
    applied: Ended, commands: Commands, repository: Repository
) -> None:
    """The way to a worker is told."""
    ended = commands("worker", *LABS, "--image", push(repository.images, "one"))
    assert ended.errors == (
        "SourceNotFound: There is no service of a worker. Make it: `python -m infrastructure "
        "apply --worker-image ADDRESS` for the same environment.\n"
    )
