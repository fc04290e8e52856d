"""What Prefect or somebody else's change refuses leaves the deployment as it is."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from deployments.apply import applying
from deployments.apply.applying import Outcome
from deployments.live.deployment import LiveDeployment
from deployments.plan.actions import Plan
from infrastructure.local.stack import Stack
from tests.prefect.deployments.apply.workspace import Workspace, open_workspace
from utilities.errors import ChangeRefused, FlowError, PrefectRefused

TEMPLATE = {
    "job_configuration": {"workers": "{{ workers }}"},
    "variables": {"type": "object", "properties": {"workers": {"type": "integer"}}},
}


@pytest.fixture(scope="module")
def workspace(
    tmp_path_factory: pytest.TempPathFactory, prefect_stack: Stack
) -> Iterator[Workspace]:
    """A project with two deployments of one flow, both with schedules."""
    folder = tmp_path_factory.mktemp("refused")
    with open_workspace(folder, prefect_stack.variables["PREFECT_API_URL"]) as opened:
        pool = f"/work_pools/{opened.made.project}-folder"
        opened.direct.request("PATCH", pool, {"base_job_template": TEMPLATE})
        opened.made.edit(
            "prefect.yaml",
            "    work_pool: {name: process}\n",
            "    schedules:\n"
            "      - {slug: early, cron: '0 5 * * *', timezone: UTC}\n"
            "      - {slug: late, cron: '0 23 * * *', timezone: UTC}\n"
            "    work_pool: {name: process, job_variables: {workers: 1}}\n",
        )
        opened.made.commit()
        opened.apply("reports")
        yield opened


@pytest.fixture
def reports(workspace: Workspace) -> LiveDeployment:
    """What is live of one deployment."""
    return workspace.read()[f"{workspace.made.project}--main--reports--production"]


def carry_out(workspace: Workspace, plan: Plan) -> Outcome:
    """Apply a plan that was made before; what was asked since then counts."""
    workspace.proxy.clear()
    return applying.apply(workspace.api, plan)


def failure_of(outcome: Outcome) -> FlowError | None:
    """Why the only deployment of a plan failed."""
    (result,) = outcome.results
    assert result.kind == "failed" and not outcome.is_as_wanted
    return result.failure


def without_ids(live: LiveDeployment) -> LiveDeployment:
    """All but what the server decides."""
    schedules = tuple(replace(each, id="") for each in live.schedules)
    return replace(live, schedules=schedules, updated="")


def test_prefect_refuses_a_job_variable(workspace: Workspace, reports: LiveDeployment) -> None:
    """The pool's template refuses a value: fields and schedules, also those that were to leave,
    are as before; mended, the same change goes through."""
    made = workspace.made
    by_hand = {"active": False}
    late = f"/deployments/{reports.id}/schedules/{reports.schedules[1].id}"
    workspace.direct.request("PATCH", late, by_hand)
    before = workspace.read()[reports.live_name]
    made.edit("prefect.yaml", "workers: 1", "workers: many")
    made.edit("prefect.yaml", "      - {slug: late, cron: '0 23 * * *', timezone: UTC}\n", "")
    made.commit()
    failure = failure_of(workspace.apply("reports"))
    assert isinstance(failure, PrefectRefused) and failure.status == 409
    assert "workers" in str(failure) or "many" in str(failure)
    after = workspace.read()[reports.live_name]
    assert without_ids(after) == without_ids(before)

    made.edit("prefect.yaml", "workers: many", "workers: 2")
    made.commit()
    assert workspace.kinds(workspace.apply("reports")) == {"reports": "updated"}
    now = workspace.read()[reports.live_name]
    assert now.fields["job_variables"]["workers"] == 2
    assert [each.slug for each in now.schedules] == ["early"]


def test_somebody_changes_it_after_the_plan(workspace: Workspace, reports: LiveDeployment) -> None:
    """It is told, and nothing is written: what nobody has seen in a plan is not overwritten."""
    workspace.made.edit("prefect.yaml", "workers: 2", "workers: 3")
    workspace.made.commit()
    plan = workspace.plan("reports")
    workspace.direct.request("PATCH", f"/deployments/{reports.id}", {"description": "Mine."})
    before = workspace.read()
    failure = failure_of(carry_out(workspace, plan))
    assert isinstance(failure, ChangeRefused)
    assert str(failure) == (
        f"{reports.live_name} was changed by somebody else after it was read; nothing of it was "
        "written. Run the same command again: it starts from what is live then."
    )
    assert workspace.writes() == ["POST /artifacts/"]
    assert workspace.read() == before
    assert workspace.kinds(workspace.apply("reports")) == {"reports": "updated"}


def test_somebody_does_the_same_after_the_plan(
    workspace: Workspace, reports: LiveDeployment
) -> None:
    """What is already as it should be is not written again."""
    workspace.made.edit("prefect.yaml", "workers: 3", "workers: 4")
    workspace.made.commit()
    plan = workspace.plan("reports")
    assert workspace.apply("reports").is_as_wanted
    outcome = carry_out(workspace, plan)
    assert workspace.kinds(outcome) == {"reports": "unchanged"}
    assert workspace.writes() == ["POST /artifacts/"]


def test_somebody_deletes_it_after_the_plan(workspace: Workspace, reports: LiveDeployment) -> None:
    """It is told, and not made anew from a plan that changes it; the next apply makes it. What
    somebody made after a plan to make it is not made again, which would take its schedules."""
    workspace.made.edit("prefect.yaml", "workers: 4", "workers: 5")
    workspace.made.commit()
    change = workspace.plan("reports")
    workspace.direct.request("DELETE", f"/deployments/{reports.id}")
    failure = failure_of(carry_out(workspace, change))
    assert isinstance(failure, ChangeRefused) and "was deleted" in str(failure)
    assert workspace.read() == {}

    creation = workspace.plan("reports")
    assert workspace.kinds(workspace.apply("reports")) == {"reports": "created"}
    made = workspace.read()
    (live,) = made.values()
    workspace.direct.request("PATCH", f"/deployments/{live.id}", {"description": "Mine."})
    before = workspace.read()
    failure = failure_of(carry_out(workspace, creation))
    assert isinstance(failure, ChangeRefused) and "was changed by somebody else" in str(failure)
    assert workspace.read() == before
