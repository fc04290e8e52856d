"""Workers start from the image alone, as its user: with the commands of ECS and of Compose."""

import json
import shlex
from typing import Any, cast

from infrastructure.local.stack import Stack
from tests.infrastructure.image.made import Made
from tests.infrastructure.image.services import check, command
from tests.infrastructure.image.workers import LIMIT_SECONDS, free_port, run_once, wait_for_worker
from tests.infrastructure.templates.declared import resolved

FLOW = "flows/load_history.py:load_history"
SOON = {"PREFECT_WORKER_QUERY_SECONDS": "1"}
"""A worker looks for runs every ten seconds otherwise."""


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
    port = free_port()
    words = container()["Command"]
    pool = words[words.index("--pool") + 1]
    variables = {each["Name"]: each["Value"] for each in container()["Environment"]} | {
        **server.variables,
        "PREFECT_HOME": made.variables["HOME"],
        "PREFECT_WORKER_WEBSERVER_PORT": str(port),
    }
    with made.running(*words, **variables) as process:
        wait_for_worker(process, server, pool, port, made.folder / "said")
        _, *asked = container()["HealthCheck"]["Command"]
        made.run(*[word.replace(":8080/", f":{port}/") for word in asked])
        process.terminate()
        assert process.wait(LIMIT_SECONDS) == 0, (made.folder / "said").read_text()


def test_the_service_knows_the_images_user_and_volume(made: Made) -> None:
    """It runs as the image's user, and mounts its one writable folder where the image has it."""
    assert container()["User"] == made.dockerfile.last("USER")
    (mounted,) = container()["MountPoints"]
    assert json.loads(made.dockerfile.last("VOLUME")) == [mounted["ContainerPath"]]


def test_the_worker_of_compose_runs_flows_of_the_image(made: Made, server: Stack) -> None:
    """It needs the variables that the stack writes down and Prefect's address, and nothing else.

    Its check passes, and a run ends well that reads the warehouse.
    """
    port = free_port()
    volume = made.folder.parent
    written = {name: value for name, value in server.variables.items() if "PREFECT" not in name}
    lines = [f"export {name}={shlex.quote(value)}\n" for name, value in written.items()]
    (volume / "variables").write_text("".join(lines))
    environment = {
        "PREFECT_API_URL": server.variables["PREFECT_API_URL"],
        "PREFECT_WORKER_WEBSERVER_PORT": str(port),
        **SOON,
    }
    with made.running(*command("worker", volume), **environment) as process:
        wait_for_worker(process, server, "compose", port, made.folder / "said")
        made.run(*[word.replace(":8080/", f":{port}/") for word in check("worker", volume)])
        state = run_once(process, server, "compose", FLOW, made.code)
        assert state == "COMPLETED", (made.folder / "said").read_text()
        process.terminate()
        assert process.wait(LIMIT_SECONDS) == 0, (made.folder / "said").read_text()
