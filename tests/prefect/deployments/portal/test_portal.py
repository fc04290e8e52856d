"""What a portal shows and does: flows, live deployments, deploy, promote."""

import pytest

from deployments.portal import deploy, list_deployments, list_flows, promote
from infrastructure.local.stack import Stack
from tests.clients import ask_prefect
from tests.made_repository import MadeRepository
from utilities.errors import ChangeRefused, ParameterInvalid, RepositoryNotReady


def test_flows_are_listed_with_their_place(repository: MadeRepository) -> None:
    """Name with underscores, file, line, and the folders that they are shown in."""
    repository.write(
        "flows/money/daily/invoices.py",
        "from prefect import flow\n\n\n@flow\ndef send_invoices() -> None:\n    '''Send.'''\n",
    )
    shown = {flow["original_name"]: flow for flow in list_flows(repository.root)}
    assert set(shown) == {"orders", "people_of_today", "reports", "send-invoices"}
    invoices = shown["send-invoices"]
    assert (invoices["name"], invoices["description"]) == ("send_invoices", "Send.")
    assert (invoices["source_relative"], invoices["line_number"]) == (
        "flows/money/daily/invoices.py",
        5,
    )
    assert invoices["source_path"] == str(repository.root / invoices["source_relative"])
    assert invoices["grouping"] == ["money", "daily"]
    assert invoices["child_attributes"]["module"] == "flows.money.daily.invoices"
    assert shown["people_of_today"]["grouping"] == []


def test_what_was_deployed_is_listed(repository: MadeRepository, prefect_stack: Stack) -> None:
    """The flow that was asked for and no other, below its flow, with the commit that it runs; and
    no deployment that somebody else made, whatever its name."""
    commit = repository.git("rev-parse", "HEAD")
    page = deploy(repository.root, ["people_of_today"], "main", "local")
    (shown,) = list_deployments(repository.root)
    body = {"deployments": {"name": {"any_": [shown["name"]]}}}
    (live,) = ask_prefect(prefect_stack, "/deployments/filter", body)
    assert page == shown["url"]
    assert page.endswith(f"/deployments/deployment/{live['id']}")
    assert (shown["id"], shown["flow_id"]) == (live["id"], live["flow_id"])
    assert (shown["created_at"], shown["updated_at"]) == (live["created"], live["updated"])
    assert shown["flow_name"] in {flow["name"] for flow in list_flows(repository.root)}
    place = (shown["project_name"], shown["branch"], shown["env"])
    assert place == (repository.project, "main", "local")
    assert (shown["commit_hash"], shown["package_version"]) == (commit, "1.2.0")
    assert f"COMMIT_HASH={commit}" in shown["tags"]

    foreign = {"name": f"{repository.project}--by-hand", "flow_id": live["flow_id"]}
    ask_prefect(prefect_stack, "/deployments/", foreign)
    assert [each["id"] for each in list_deployments(repository.root)] == [live["id"]]


def test_a_flow_is_promoted(repository: MadeRepository, prefect_stack: Stack) -> None:
    """From one environment to another, and shown there at the commit that was deployed first."""
    pool = {"name": f"{repository.project}-folder", "type": "process"}
    ask_prefect(prefect_stack, "/work_pools/", pool)
    commit = repository.git("rev-parse", "HEAD")
    deploy(repository.root, ["reports"], "main", "local")
    page = promote(repository.root, ["reports"], "main", "local", "production")
    shown = {each["env"]: each for each in list_deployments(repository.root)}
    assert set(shown) == {"local", "production"}
    assert shown["production"]["url"] == page
    assert shown["production"]["commit_hash"] == commit


def test_another_branch_is_not_deployed(repository: MadeRepository) -> None:
    """Files of one branch are not deployed as those of another."""
    with pytest.raises(RepositoryNotReady, match=r"^feature/x was asked for, and main is"):
        deploy(repository.root, ["orders"], "feature/x", "local")
    with pytest.raises(RepositoryNotReady, match="git switch feature/x"):
        promote(repository.root, ["orders"], "feature/x", "local", "staging")
    assert list_deployments(repository.root) == []


def test_a_flow_without_a_deployment(repository: MadeRepository) -> None:
    """Said by name, with the nearest one that has a deployment."""
    with pytest.raises(ParameterInvalid, match=r"no deployment of a flow 'order'.*orders"):
        deploy(repository.root, ["order"], "main", "local")


def test_what_was_never_deployed_is_not_promoted(repository: MadeRepository) -> None:
    """The refusal of each deployment is told, and nothing is written."""
    with pytest.raises(ChangeRefused, match="^2 of 2 deployments failed:\norders: ChangeRefused"):
        promote(repository.root, ["orders", "reports"], "main", "local", "staging")
    assert list_deployments(repository.root) == []
