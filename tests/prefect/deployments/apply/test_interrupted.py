"""An apply that ends half way, however: each deployment is whole, and the next apply finishes."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from deployments.live.deployment import LiveDeployment
from infrastructure.local.folder import Folder
from infrastructure.local.stack import temporary_stack
from infrastructure.local.state import read_state
from tests.made_repository import REPOSITORY
from tests.prefect.deployments.apply.workspace import Workspace, open_workspace
from utilities.errors import PrefectUnavailable

COUNT = 10
BOUND_SECONDS = 60.0


def declare_many(workspace: Workspace) -> None:
    """Declare many deployments of one flow, so that there is a middle."""
    entries = "".join(
        f"  - name: reports-{number}\n"
        "    entrypoint: flows/reports.py:reports\n"
        f"    schedules: [{{slug: daily, cron: '{number} 6 * * *'}}]\n"
        "    work_pool: {name: process}\n"
        for number in range(COUNT)
    )
    text = (workspace.made.root / "prefect.yaml").read_text()
    start = text.index("  - name: orders")
    workspace.made.write("prefect.yaml", text[:start] + entries)
    text = (workspace.made.root / "environments.yaml").read_text()
    lines = [
        line for line in text.splitlines() if "orders:" not in line and "overrides" not in line
    ]
    workspace.made.write("environments.yaml", "\n".join(lines) + "\n")
    workspace.made.commit()


def until(condition: Callable[[], bool], what: str) -> None:
    """Wait for a condition, no longer than the bound."""
    end = time.monotonic() + BOUND_SECONDS
    while not condition():
        assert time.monotonic() < end, what


def written(workspace: Workspace, method: str) -> int:
    """How many deployments were written through the proxy."""
    return sum(
        request.method == method and request.path.startswith("/deployments/")
        for request in list(workspace.proxy.requests)
    )


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


def test_the_server_is_killed(tmp_path: Path) -> None:
    """SIGKILL of Prefect's server in the middle of an apply: deployments that were not written
    are told, or written when it is back; the next apply finishes, and all are what they would
    have been."""
    with (
        temporary_stack(prefect=True) as stack,
        open_workspace(tmp_path, stack.variables["PREFECT_API_URL"]) as workspace,
        ThreadPoolExecutor(1) as beside,
    ):
        declare_many(workspace)
        workspace.proxy.clear()
        applying = beside.submit(workspace.apply)
        until(lambda: written(workspace, "POST") >= 3, "three deployments")
        now = read_state(Folder(stack.root))
        assert now is not None
        psutil.Process(now.parts["prefect"].pid).kill()
        try:
            outcome = applying.result()
            failures = [each.failure for each in outcome.results if each.kind == "failed"]
        except PrefectUnavailable as error:
            failures = [error]
        assert all(isinstance(failure, PrefectUnavailable) for failure in failures)
        until(lambda: is_answering(workspace), "the server started again")
        outcome = workspace.apply()
        assert outcome.is_as_wanted
        (version,) = {each.fields["version"][:3] for each in workspace.read().values()}
        assert version == "v1-" and len(workspace.read()) == COUNT
        assert not workspace.plan().of("create", "update", "drift", "orphaned")


def is_answering(workspace: Workspace) -> bool:
    """Prefect's server is there."""
    try:
        workspace.read()
    except PrefectUnavailable:
        return False
    return True
