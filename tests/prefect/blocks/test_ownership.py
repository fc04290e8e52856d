"""Whose an object is: what is ours and no longer declared goes with --prune, nothing else does."""

from dataclasses import replace
from typing import Any

import pytest

from deployments.live.api import PrefectApi
from tests.prefect.blocks.declared import ADDRESS, Declared, client


@pytest.fixture
def emptied(made: Declared) -> Declared:
    """The shop, applied; its declaration has nothing more than a pool of type process.

    For the last test alone: what others need is removed.
    """
    section = {"pools": {"process": f"{made.project}-other"}, "working_directory": "."}
    return replace(made, section=section)


def named(api: PrefectApi, path: str, beginning: str) -> set[str]:
    """Return the names of all objects that begin so."""
    found = api.request("POST", path, {"limit": 200})
    return {item["name"] for item in found if item["name"].startswith(beginning)}


def test_what_others_made_is_never_touched(made: Declared, api: PrefectApi) -> None:
    """Objects without our mark are not even shown, whatever they are called."""
    name = f"{made.project}-by-hand"
    api.request("POST", "/work_pools/", {"name": name, "type": "process"})
    api.request("POST", "/variables/", {"name": name, "value": 1, "tags": ["MADE_FOR=others/x"]})
    api.request("POST", "/v2/concurrency_limits/", {"name": name, "limit": 1})
    api.request("POST", f"/work_pools/{made.pool}/queues", {"name": name})
    made.apply(prune=True)
    assert all(name not in action.name for action in made.plan().actions)
    for path in ("/work_pools/filter", "/variables/filter", "/v2/concurrency_limits/filter"):
        assert name in named(api, path, made.project)
    assert name in named(api, f"/work_pools/{made.pool}/queues/filter", made.project)


def test_orphans_are_shown_left_and_removed_when_told(laptop: Declared, api: PrefectApi) -> None:
    """plan shows them, apply leaves them, --prune removes them, and then there is nothing to do."""
    name = f"{laptop.project}-limit"
    laptop.section["prefect"] = {
        "variables": {name: {"a": 1}},
        "concurrency_limits": {name: 3},
        "queues": {"process": {"urgent": {"priority": 1}}},
    }
    laptop.apply()
    laptop.section["prefect"] = {}
    orphans = {f"{action.kind.noun} {action.name}" for action in laptop.plan().of("orphaned")}
    assert orphans == {
        f"variable {name}",
        f"concurrency limit {name}",
        f"work queue {laptop.pool}/urgent",
    }
    left = laptop.applied()
    assert {left[orphan] for orphan in orphans} == {"left"}
    assert len(laptop.plan().of("orphaned")) == 3
    removed = laptop.applied(prune=True)
    assert {removed[orphan] for orphan in orphans} == {"removed"}
    assert laptop.plan().of("orphaned", "create", "update") == ()
    assert named(api, "/v2/concurrency_limits/filter", name) == set()


def test_what_another_environment_made_is_shared_or_refused(laptop: Declared) -> None:
    """The same value serves both; another value is refused, and the first one's is not touched."""
    name = f"{laptop.project}-shared"
    laptop.section["prefect"] = {"variables": {name: 1}, "concurrency_limits": {name: 3}}
    laptop.apply()
    section: dict[str, Any] = {**laptop.section, "prefect": {**laptop.section["prefect"]}}
    other = replace(laptop, environment="other", section=section)
    assert {action.what for action in other.plan().actions} == {"unchanged"}
    other.section["prefect"] = {"variables": {name: 2}, "concurrency_limits": {name: 4}}
    broken = other.plan().of("broken")
    assert [action.name for action in broken] == [name, name]
    assert all(f"made for {laptop.owner}" in str(action.reason) for action in broken)
    assert other.run("plan").returncode == 1
    assert other.run("apply", "--prune").returncode == 1
    assert {action.what for action in laptop.plan().actions} == {"unchanged"}


def test_a_notification_of_another_type_gets_a_block_of_its_own(
    made: Declared, api: PrefectApi
) -> None:
    """Slack instead of a webhook: automations point to the new block, the old one is an orphan."""
    secret = "https://hooks.slack.com/services/T000/B000/abcdef"  # pragma: allowlist secret
    client("ssm", made.variables).put_parameter(
        Name=f"/PrefectFlows/{made.environment}/SLACK", Value=secret, Type="SecureString"
    )
    told = {**made.section["prefect"], "notifications": {"type": "slack", "address_from": "SLACK"}}
    slack = replace(made, section={**made.section, "prefect": told})
    outcomes = slack.applied(prune=True)
    prefix = f"block {made.project}-{made.environment}"
    assert outcomes[f"{prefix}-slack"] == "created"
    assert outcomes[f"{prefix}-webhook"] == "removed"
    assert {what for name, what in outcomes.items() if name.startswith("automation")} == {"updated"}
    (block,) = api.request(
        "POST",
        "/block_documents/filter",
        {"block_documents": {"name": {"any_": [f"{made.project}-{made.environment}-slack"]}}},
    )
    assert "abcdef" not in str(block["data"])
    assert {action.what for action in slack.plan().actions} == {"unchanged"}
    assert ADDRESS not in str(outcomes)


def test_a_pool_that_deployments_run_from_is_not_removed(
    emptied: Declared, api: PrefectApi
) -> None:
    """It fails alone and names them; without them it goes."""
    pool = f"{emptied.project}-ecs"
    flow = api.request("POST", "/flows/", {"name": f"{emptied.project}-flow"})
    content = {"name": "still-here", "flow_id": flow["id"], "work_pool_name": pool}
    deployment = api.request("POST", "/deployments/", content)
    (done,) = [each for each in emptied.apply(prune=True) if each.action.name == pool]
    assert done.outcome == "failed"
    assert done.reason is not None
    assert "1 deployments still run from it, as still-here" in done.reason
    api.request("DELETE", f"/deployments/{deployment['id']}")
    assert emptied.applied(prune=True)[f"work pool {pool}"] == "removed"
