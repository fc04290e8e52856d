"""Workers and Prefect start from the image alone, as its user: as ECS and as Compose start them."""

import json
import shlex
import urllib.request
from typing import Any, cast

import pytest

from infrastructure.local.stack import Stack
from tests.infrastructure.image.made import Made
from tests.infrastructure.image.services import check, command
from tests.infrastructure.image.system_postgres import find_programs
from tests.infrastructure.image.workers import run_once, working
from tests.infrastructure.templates.declared import resolved

FLOW = "flows/load_history.py:load_history"


def container() -> dict[str, Any]:
    """The worker's container as the task definition of production has it."""
    worker = resolved("fixed_egress_ecs").resources["WorkerTaskDefinition"]["Properties"]
    (found,) = worker["ContainerDefinitions"]
    return cast(dict[str, Any], found)


def test_the_worker_of_ecs_starts_and_ends_as_it_is_told(made: Made, server: Stack) -> None:
    """The command of the service needs no installation; its check passes, and SIGTERM ends it.

    ECS sends SIGTERM first:
    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_StopTask.html
    """
    words = container()["Command"]
    pool = words[words.index("--pool") + 1]
    given = {each["Name"]: each["Value"] for each in container()["Environment"]}
    moved = {**server.variables, "PREFECT_HOME": made.variables["HOME"]}
    with working(made, server, pool, words, given | moved) as worker:
        _, *asked = container()["HealthCheck"]["Command"]
        made.run(*[word.replace(":8080/", f":{worker.port}/") for word in asked])


def test_the_service_knows_the_images_user_and_volume(made: Made) -> None:
    """It runs as the image's user, and mounts its one writable folder where the image has it."""
    assert container()["User"] == made.dockerfile.last("USER")
    (mounted,) = container()["MountPoints"]
    assert json.loads(made.dockerfile.last("VOLUME")) == [mounted["ContainerPath"]]


def test_the_worker_of_compose_runs_flows_of_the_image(made: Made, server: Stack) -> None:
    """It needs the variables that the stack writes down and Prefect's address, and nothing else.

    Its check passes, and a run ends well that reads the warehouse.
    """
    volume = made.folder.parent
    written = {name: value for name, value in server.variables.items() if "PREFECT" not in name}
    lines = [f"export {name}={shlex.quote(value)}\n" for name, value in written.items()]
    (volume / "variables").write_text("".join(lines))
    address = {"PREFECT_API_URL": server.variables["PREFECT_API_URL"]}
    with working(made, server, "compose", command("worker", volume), address) as worker:
        asked = check("worker", volume)
        made.run(*[word.replace(":8080/", f":{worker.port}/") for word in asked])
        state = run_once(worker, server, "compose", FLOW, made.code)
        assert state == "COMPLETED", made.said("worker")


def test_the_prefect_of_compose_shows_its_pages(server: Stack) -> None:
    """They are unpacked where its user may write, though its package is read-only."""
    if find_programs() is None:
        pytest.skip("no PostgreSQL with pg_trgm on this machine (Debian: postgresql)")
    address = server.variables["PREFECT_API_URL"].removesuffix("/api")
    with urllib.request.urlopen(f"{address}/") as page:
        assert b"<title>Prefect" in page.read()
