"""What this project and environment did not make is never touched; nor is what may not be."""

import pytest

from tests.prefect.deployments.apply.workspace import Workspace
from utilities.errors import ChangeRefused, PrefectRefused, RepositoryNotReady


def test_a_deployment_of_others_with_our_name(workspace: Workspace) -> None:
    """It keeps every field; only the deployment of that name fails, and says what to do. --prune
    leaves alone what only looks like ours, and other environments."""
    project = workspace.made.project
    flow = workspace.direct.request("POST", "/flows/", {"name": "orders"})
    for name in ("orders--production", "gone--production"):
        content = {"name": f"{project}--main--{name}", "flow_id": flow["id"], "tags": ["theirs"]}
        workspace.direct.request("POST", "/deployments/", content)
    workspace.apply("reports", environment="staging")
    before = workspace.read()
    outcome = workspace.apply("orders", "reports", prune=True)
    assert workspace.kinds(outcome) == {"orders": "failed", "reports": "created"}
    failure = next(each.failure for each in outcome.results if each.kind == "failed")
    assert isinstance(failure, ChangeRefused)
    assert str(failure) == (
        f"{project}--main--orders--production: a deployment of this name exists at Prefect and was "
        "not made from this repository; it was left alone. Delete or rename it there, or rename "
        "the deployment in prefect.yaml."
    )
    after = workspace.read()
    assert {name: after[name] for name in before} == before
    assert not any(request.method == "DELETE" for request in workspace.proxy.writes())


def test_files_that_are_not_committed(workspace: Workspace) -> None:
    """An image cannot be made of them: nothing is written, not even a record or a work pool."""
    workspace.made.write("shelf/rounding.py", "DIGITS = 5\n")
    with pytest.raises(RepositoryNotReady, match=r"\(orders\).*shelf/rounding.py"):
        workspace.apply("orders")
    assert workspace.writes() == []


def test_a_work_pool_that_does_not_exist(workspace: Workspace) -> None:
    """One of type process is made along the way; another one is asked for, with the command."""
    made, project = workspace.made, workspace.made.project
    made.edit("environments.yaml", f'ecs: "{project}-production"', f'ecs: "{project}-nowhere"')
    made.edit("environments.yaml", f'process: "{project}-folder"', f'process: "{project}-new"')
    made.commit()
    outcome = workspace.apply()
    assert outcome.plan.pools == (f"{project}-new",)
    assert workspace.direct.request("GET", f"/work_pools/{project}-new")["type"] == "process"
    assert workspace.kinds(outcome) == {
        "orders": "failed",
        "people-of-today": "failed",
        "reports": "created",
    }
    failure = next(each.failure for each in outcome.results if each.kind == "failed")
    assert isinstance(failure, PrefectRefused)
    assert f"the work pool {project}-nowhere does not exist" in str(failure)
    assert "`python -m blocks apply --environment production`" in str(failure)
