"""`run` starts a run of what is live and tells how it ended; in the order of a story."""

from tests.prefect.deployments.apply.workspace import Workspace
from tests.prefect.deployments.moves.commands import Commands
from tests.prefect.deployments.moves.pretended_worker import pretended_worker

IN_STAGING = ("--environment", "staging")


def test_a_run_that_completes(commands: Commands, workspace: Workspace) -> None:
    """Status 0; the run is one of the live deployment, with its own parameters."""
    workspace.apply(environment="staging")
    states = ({"type": "RUNNING"}, {"type": "COMPLETED"})
    with pretended_worker(workspace.direct, workspace.made.project, *states) as taken:
        ended = commands("run", "orders", *IN_STAGING)
    (run,) = taken
    assert (ended.status, ended.errors) == (0, "")
    assert run["deployment_id"] == commands.live("orders", "staging").id
    assert (run["parameters"], run["job_variables"]) == ({"limit": 5}, {})
    lines = ended.output.splitlines()
    assert lines[0].endswith(f"--orders--staging: {run['name']} ({run['id']})")
    assert lines[-1] == "Completed"


def test_a_run_that_fails(commands: Commands, workspace: Workspace) -> None:
    """Status 1, with what Prefect says of it; the image that was given is the run's alone."""
    image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/shop:next"
    state = {"type": "FAILED", "message": "Flow run encountered an exception."}
    with pretended_worker(workspace.direct, workspace.made.project, state) as taken:
        ended = commands("run", "orders", *IN_STAGING, "--image", image)
    assert ended.status == 1
    assert ended.output.splitlines()[-1] == "Failed     Flow run encountered an exception."
    assert taken[0]["job_variables"] == {"image": image}
    assert commands.live("orders", "staging").image != image


def test_a_run_that_nobody_takes(commands: Commands, workspace: Workspace) -> None:
    """When the time is over the status is 1, and the work pool to look at is named."""
    ended = commands("run", "orders", *IN_STAGING, "--timeout-minutes", "0.001")
    assert ended.status == 1
    assert ended.output.splitlines()[-1] == (
        "It has not ended after 0.001 minutes and is left to itself. Look whether a worker takes "
        f"runs from the work pool {workspace.made.project}-staging."
    )


def test_mistakes_are_told_before_anything_runs(commands: Commands) -> None:
    """An image for what runs without one, an unknown name, no time to wait."""
    without = commands("run", "reports", *IN_STAGING, "--image", "shop:next")
    assert without.errors.startswith("ParameterInvalid: --image shop:next: ")
    unknown = commands("run", "order", *IN_STAGING)
    assert unknown.errors == (
        "ParameterInvalid: staging has no live deployment 'order'. Did you mean \"orders\"?\n"
    )
    never = commands("run", "orders", *IN_STAGING, "--timeout-minutes", "0")
    assert never.errors == "ParameterInvalid: --timeout-minutes 0: expected more than 0.\n"
    for ended in (without, unknown, never):
        assert (ended.status, ended.writes) == (1, [])
