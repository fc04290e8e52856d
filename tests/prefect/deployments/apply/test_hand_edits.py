"""What somebody changes at Prefect by hand is told, and put back; a pause stays."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from deployments.plan.actions import Change
from deployments.plan.changes import HIDDEN
from infrastructure.local.stack import Stack
from tests.prefect.deployments.apply.workspace import Workspace, open_workspace


@pytest.fixture(scope="module")
def workspace(
    tmp_path_factory: pytest.TempPathFactory, prefect_stack: Stack
) -> Iterator[Workspace]:
    """A project with everything deployed; each test leaves it so."""
    folder = tmp_path_factory.mktemp("by hand")
    with open_workspace(folder, prefect_stack.variables["PREFECT_API_URL"]) as opened:
        opened.apply()
        yield opened


@pytest.fixture
def orders(workspace: Workspace) -> str:
    """The live name of a deployment."""
    return f"{workspace.made.project}--main--orders--production"


def test_it_is_told_as_drift_and_put_back(workspace: Workspace, orders: str) -> None:
    """Every field, with what is live; no secret of a variable; then the state is what it was,
    version and release included, and nothing but this deployment was written."""
    before = workspace.read()
    live = before[orders]
    made = workspace.made
    made.write("README.md", "The release stays the one that it had.\n")
    made.commit()
    variables = {**live.fields["job_variables"], "cpu": 256, "image": "another:image"}
    variables["env"] = {**variables["env"], "TOKEN": "a secret", "SHOP": "another secret"}
    by_hand = {
        "description": "Mine.",
        "parameters": {"limit": 1},
        "tags": ["mine", "COMMIT_HASH=0000"],
        "job_variables": variables,
        "concurrency_limit": None,
        "concurrency_options": None,
        "enforce_parameter_schema": False,
        "version": "mine",
        "pull_steps": [],
    }
    workspace.direct.request("PATCH", f"/deployments/{live.id}", by_hand)
    path = f"/deployments/{live.id}/schedules"
    cron = {"cron": "* * * * *", "timezone": "UTC"}
    workspace.direct.request("POST", path, [{"schedule": cron, "slug": "mine"}])
    workspace.direct.request("PATCH", f"{path}/{live.schedules[0].id}", {"schedule": cron})

    plan = workspace.plan()
    (action,) = plan.of("drift")
    assert len(plan.of("unchanged")) == 2
    assert all(change.by_hand for change in action.changes)
    told = {change.field: change for change in action.changes}
    assert told["job_variables.cpu"] == Change("job_variables.cpu", 256, 1024, True)
    assert told["parameters.limit"] == Change("parameters.limit", 1, 20, True)
    assert told["tags.mine"] == Change("tags.mine", "mine", None, True)
    assert told["job_variables.env.TOKEN"].live == HIDDEN
    assert told["job_variables.env.SHOP"].live == HIDDEN
    assert "secret" not in repr(action.changes)
    assert {field.split(".")[0] for field in told} == {*by_hand, "schedules"}
    assert told["schedules.daily.cron"].live == "* * * * *"
    assert told["schedules.mine.cron"].wanted is None

    outcome = workspace.apply()
    assert workspace.kinds(outcome)["orders"] == "put back"
    assert {line.split("/")[0] for line in workspace.writes()} == {"DELETE orders", "PATCH orders"}
    after = workspace.read()
    assert after[orders] == replace(live, updated=after[orders].updated)
    assert {**after, orders: live} == before


def test_a_pause_stays_unless_the_file_says_otherwise(workspace: Workspace, orders: str) -> None:
    """Of a deployment and of a schedule: it outlives an apply with changes; a file that says
    `paused: false` ends it; and what a file said ends when it says so no longer."""
    live = workspace.read()[orders]
    workspace.direct.request("PATCH", f"/deployments/{live.id}", {"paused": True})
    schedule = f"/deployments/{live.id}/schedules/{live.schedules[0].id}"
    workspace.direct.request("PATCH", schedule, {"active": False})
    assert not workspace.plan().of("drift", "update")

    def state() -> tuple[bool, list[bool]]:
        now = workspace.read()[orders]
        return now.paused, [each.active for each in now.schedules]

    made = workspace.made
    made.edit("prefect.yaml", '"0 6 * * *"', '"0 7 * * *"')
    made.commit()
    assert workspace.kinds(workspace.apply())["orders"] == "updated"
    assert state() == (True, [False])

    made.edit("prefect.yaml", "slug: daily,", "slug: daily, active: false,")
    made.edit("prefect.yaml", "  - name: orders\n", "  - name: orders\n    paused: false\n")
    made.commit()
    workspace.apply()
    assert state() == (False, [False])

    made.edit("prefect.yaml", "paused: false", "paused: true")
    made.commit()
    workspace.apply()
    assert state() == (True, [False])

    made.edit("prefect.yaml", "    paused: true\n", "")
    made.edit("prefect.yaml", " active: false,", "")
    made.commit()
    workspace.apply()
    assert state() == (False, [True])


def test_an_edit_is_told_when_the_code_changes_too(workspace: Workspace, orders: str) -> None:
    """What an update overwrites is marked, so that nobody loses it unseen."""
    live = workspace.read()[orders]
    workspace.direct.request("PATCH", f"/deployments/{live.id}", {"parameters": {"limit": 3}})
    workspace.made.edit("prefect.yaml", "memory: 2048", "memory: 4096")
    workspace.made.commit()
    (action,) = workspace.plan().of("update")
    told = {change.field: change for change in action.changes}
    assert told["parameters.limit"] == Change("parameters.limit", 3, 20, True)
    assert told["job_variables.memory"] == Change("job_variables.memory", 2048, 4096, False)
    assert workspace.kinds(workspace.apply())["orders"] == "updated"
