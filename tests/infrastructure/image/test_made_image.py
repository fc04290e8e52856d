"""The image holds what a run needs and nothing else; workers and Prefect start from it alone.

As its user, and as ECS and Compose start them. One file, so that the image is made once.
"""

import json
import os
import re
import shlex
import urllib.request
from typing import Any, cast

import pytest
import yaml

from infrastructure.local.stack import Stack
from tests.infrastructure.image.made import REPOSITORY, Made
from tests.infrastructure.image.services import check, command
from tests.infrastructure.image.system_postgres import find_programs
from tests.infrastructure.image.workers import run_once, working
from tests.infrastructure.templates.declared import resolved
from tests.unit.repository.test_locks import locked

OURS = ("tests", "deployments", "infrastructure", "benchmarks")

LOAD = """
import json, sys
from prefect.flows import load_flow_from_entrypoint
print(json.dumps([load_flow_from_entrypoint(each).name for each in sys.argv[1:]]))
"""

INSTALLED = """
import json, importlib.metadata as metadata
found = {each.name.lower().replace("_", "-").replace(".", "-"): each.version for each in metadata.distributions()}
print(json.dumps(found))
"""

FOUND = """
import importlib.util, json, sys
print(json.dumps([name for name in sys.argv[1:] if importlib.util.find_spec(name)]))
"""

FLOW = "flows/load_history.py:load_history"


def test_every_deployment_finds_its_flow(made: Made) -> None:
    """Each entrypoint of prefect.yaml is loaded from the image's files and packages alone."""
    declared = yaml.safe_load((REPOSITORY / "prefect.yaml").read_text())["deployments"]
    entrypoints = [each["entrypoint"] for each in declared]
    names = json.loads(made.run("python", "-c", LOAD, *entrypoints))
    assert len(names) == len(entrypoints) > 0


def test_the_packages_are_those_of_the_lock(made: Made) -> None:
    """Exactly what requirements.txt names is installed: no tool of development.

    What the lock has for another patch of Python than this one may be there, as the image's Python
    may be of another patch.
    """
    installed = json.loads(made.run("python", "-c", INSTALLED))
    pins = re.findall(
        r"^([a-z0-9-]+)==([^ ;]+)", (REPOSITORY / "requirements.txt").read_text(), re.M
    )
    assert locked("requirements").items() <= installed.items() <= set(pins)


def test_nothing_of_development_can_be_imported(made: Made) -> None:
    """Neither tests nor what deploys and what serves a laptop are in the image."""
    development = locked("requirements-dev").keys() - locked("requirements").keys()
    names = [*OURS, *sorted(name.replace("-", "_") for name in development)]
    assert json.loads(made.run("python", "-c", FOUND, *names)) == []


def test_a_run_cannot_change_its_image(made: Made) -> None:
    """Code and packages belong to another user than the one that runs; only /tmp is open."""
    if not made.before:
        pytest.skip("only root can become another user")
    check = 'touch "$TMPDIR/own" && ! touch new && ! touch flows/new && ! touch "$0"'
    made.run("sh", "-c", f"{{ {check}; }} 2>/dev/null", str(made.folder / "opt/venv/new"))


def test_the_code_lies_where_runs_look_for_it(made: Made) -> None:
    """The pull step of prefect.yaml sets the folder that the Dockerfile copies to."""
    (step,) = yaml.safe_load((REPOSITORY / "prefect.yaml").read_text())["pull"]
    (arguments,) = step.values()
    assert made.dockerfile.last("WORKDIR") == arguments["directory"]
    assert made.dockerfile.environment()["PYTHONPATH"] == arguments["directory"]


def test_the_image_names_no_deployment(made: Made) -> None:
    """Which deployment a run belongs to, and where anything is, comes from outside."""
    assert set(made.dockerfile.environment()) == {"PATH", "PYTHONPATH", "PYTHONUNBUFFERED"}
    assert "DEPLOYMENT_NAME" not in (REPOSITORY / "Dockerfile").read_text()
    assert not {"DEPLOYMENT_NAME", "COMMIT_HASH"} & made.variables.keys() & os.environ.keys()


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
