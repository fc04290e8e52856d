"""An apply that ends half way, however: each deployment is whole, and the next apply finishes."""

import os
import signal
import subprocess
import sys
from dataclasses import replace

import pytest

from deployments.live.deployment import LiveDeployment
from tests.made_repository import REPOSITORY
from tests.prefect.deployments.apply.many import BOUND_SECONDS, COUNT, declare_many, until, written
from tests.prefect.deployments.apply.workspace import Workspace


def state(workspace: Workspace) -> dict[str, LiveDeployment]:
    """What is live, but for what the server decides."""
    return {
        name: replace(
            each,
            id="",
            updated="",
            schedules=tuple(replace(schedule, id="") for schedule in each.schedules),
        )
        for name, each in workspace.read().items()
    }


def test_the_process_is_killed(workspace: Workspace) -> None:
    """SIGKILL in the middle of a first apply, and of an update: whatever is live is whole, old or
    new, and the next apply does the rest and nothing else."""
    declare_many(workspace)
    for method in ("POST", "PATCH"):
        if method == "PATCH":
            workspace.made.edit("prefect.yaml", " * * *", " * * 1")
            workspace.made.commit()
        before = state(workspace)
        kill_in_the_middle(workspace, method)
        middle = state(workspace)
        assert 0 < sum(middle[name] != before.get(name) for name in middle) < COUNT
        outcome = workspace.apply()
        assert outcome.is_as_wanted
        finished = state(workspace)
        assert len(finished) == COUNT
        for name, each in middle.items():
            assert each in (before.get(name), finished[name])
        assert not workspace.plan().of("create", "update", "drift", "orphaned")


def kill_in_the_middle(workspace: Workspace, method: str) -> None:
    """Run apply as a person does, and kill it after a few deployments."""
    workspace.proxy.clear()
    process = subprocess.Popen(
        [sys.executable, "-m", "deployments", "apply", "--environment", "production"],
        cwd=workspace.made.root,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), "PREFECT_API_URL": workspace.proxy.url},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    until(lambda: written(workspace, method) >= 3, f"three times {method}")
    process.send_signal(signal.SIGKILL)
    process.wait(BOUND_SECONDS)
    count = -1
    while count != (count := len(workspace.proxy.requests)):
        workspace.read()  # what was on its way has arrived


@pytest.mark.parametrize("after", [False, True], ids=["request lost", "answer lost"])
def test_the_connection_breaks(workspace: Workspace, after: bool) -> None:
    """A request or an answer that gets lost is made up for, also of a creation: nothing is there
    twice or half."""
    made, name = workspace.made, "reports"
    for number, kind in ((3, "created"), (1, "updated"), (2, "updated")):
        made.edit("environments.yaml", "variables: {", f"variables: {{LOST_{number}: x, ")
        made.commit()
        workspace.proxy.drop_write(number, after=after)
        assert workspace.kinds(workspace.apply(name)) == {name: kind}
        assert [request.status for request in workspace.proxy.writes()].count(0) == 1
    assert {action.kind for action in workspace.plan(name).actions} == {"unchanged"}
    assert len(workspace.read()) == 1
