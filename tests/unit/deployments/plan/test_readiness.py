"""A plan may be looked at from anywhere; it is carried out from a release only."""

from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

import pytest

from deployments.plan.actions import Action, Kind, Plan
from deployments.plan.readiness import require_ready
from tests.unit.deployments.made_wanted import COMMIT, make_wanted
from tests.unit.deployments.plan.made_live import make_desired
from utilities.errors import RepositoryNotReady

PATHS = tuple(PurePosixPath(f"flows/file_{number}.py") for number in range(7))
DIRTY: dict[str, Any] = {"is_dirty": True, "dirty_paths": PATHS[:1], "commit": COMMIT}


def make_plan(*kinds: Kind, pool: str = "ecs", branch: str | None = "main", **head: Any) -> Plan:
    """A plan with an action of each kind, for an environment of a branch."""
    wanted = [make_wanted(f"flow-{number}", pool_type=pool) for number in range(len(kinds))]
    actions = tuple(
        Action(kind, each.identity.name, each.identity.live_name, each)
        for kind, each in zip(kinds, wanted, strict=True)
    )
    return Plan(make_desired(wanted, branch, head=head), actions)


def checked_out(branch: str | None, *kinds: Kind, of: str | None = "main") -> Plan:
    """The same with a branch checked out, or none."""
    plan = make_plan(*kinds, branch=of)
    desired = replace(plan.desired, head=replace(plan.desired.head, branch=branch))
    return replace(plan, desired=desired)


@pytest.mark.parametrize(
    "plan",
    [
        checked_out("main", "create", "update"),
        checked_out("feature/x", "create", of=None),
        checked_out(None, "create"),
        make_plan("create", pool="process", **DIRTY),
        make_plan("drift", **DIRTY),
        make_plan("unchanged", "broken", "orphaned", **DIRTY),
        checked_out("feature/x", "unchanged", "broken"),
    ],
    ids=[
        "its branch",
        "any branch",
        "a commit, as CI checks it out",
        "no image is needed",
        "what was deployed is put back",
        "nothing is to be written",
        "nothing is to be written from another branch",
    ],
)
def test_it_is_carried_out(plan: Plan) -> None:
    """From a clean commit of the branch, and wherever it makes no difference."""
    require_ready(plan)


def test_another_branch() -> None:
    """An environment with a branch is not deployed from another one."""
    with pytest.raises(RepositoryNotReady) as refused:
        require_ready(checked_out("feature/x", "unchanged", "drift"))
    assert str(refused.value) == (
        "staging is deployed from the branch main, and feature/x is checked out. Merge it, or "
        "check main out."
    )


def test_files_that_no_commit_has() -> None:
    """Deployments with an image are named, and the files, as many as fit."""
    with pytest.raises(RepositoryNotReady) as refused:
        require_ready(make_plan("create", "unchanged", "update", **{**DIRTY, "dirty_paths": PATHS}))
    assert str(refused.value) == (
        "2 deployments (flow-0, flow-2) run from an image of a commit, and these files are not "
        f"those of {COMMIT[:12]}: flows/file_0.py, flows/file_1.py, flows/file_2.py, "
        "flows/file_3.py, flows/file_4.py and 2 more. Commit or stash them."
    )
