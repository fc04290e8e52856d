"""`python -m blocks apply`: what is declared is made once, and left alone afterwards."""

from dataclasses import replace
from typing import Any

import pytest

from blocks.objects import Api
from deployments.live.api import PrefectApi
from tests.prefect.blocks.declared import ADDRESS, OUTPUTS, Declared, store_secret
from tests.recording_proxy import recording_proxy
from utilities.errors import SettingsInvalid, SourceNotFound

NOWHERE = {"type": "webhook", "address_from": "NOWHERE"}

FILTERS = (
    "/work_pools/filter",
    "/variables/filter",
    "/v2/concurrency_limits/filter",
    "/automations/filter",
    "/block_documents/filter",
)


def updated(api: Api) -> dict[str, Any]:
    """Return when each object at Prefect was last written."""
    found = {}
    for path in FILTERS:
        for item in api.request("POST", path, {"limit": 200}):
            if item["name"] != "everyaction":
                found[item["id"]] = item["updated"]
    return found


def test_everything_that_is_declared_is_made(made: Declared, api: PrefectApi) -> None:
    """Pool, queues, limits, variables, blocks and automations are at Prefect as declared."""
    pool = api.request("GET", f"/work_pools/{made.pool}")
    assert pool["type"] == "ecs"
    assert pool["description"] == f"Made for {made.owner} by python -m blocks."
    queues = api.request("POST", f"/work_pools/{made.pool}/queues/filter", {})
    places = {queue["name"]: (queue["priority"], queue["concurrency_limit"]) for queue in queues}
    assert places["urgent"] == (1, None)
    assert places["later"][1] == 2
    limit = api.request("GET", f"/v2/concurrency_limits/{made.project}-warehouse")
    assert (limit["limit"], limit["active"], limit["slot_decay_per_second"]) == (4, True, 0)
    variable = api.request("GET", f"/variables/name/{made.project}-regions")
    assert variable["value"] == ["north", "south"]
    found = api.request("POST", "/automations/filter", {"limit": 200})
    assert len([item for item in found if item["name"].startswith(f"{made.owner}: ")]) == 7


def test_results_are_kept_in_the_bucket_of_the_stacks(made: Declared) -> None:
    """The block that Prefect's own class loads names the bucket, and holds no key."""
    from prefect_aws import AwsCredentials, S3Bucket

    block = S3Bucket.load(f"{made.project}-{made.environment}-results")
    assert isinstance(block, S3Bucket)
    assert (block.bucket_name, block.bucket_folder) == (OUTPUTS["ResultsBucketName"], "results")
    assert isinstance(block.credentials, AwsCredentials)
    assert block.credentials.aws_access_key_id is None
    assert block.credentials.aws_secret_access_key is None


def test_a_second_apply_writes_nothing(
    made: Declared, api: PrefectApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No request that could change something is sent, and nothing was written at Prefect."""
    before = updated(api)
    with recording_proxy(made.variables["PREFECT_API_URL"]) as proxy:
        monkeypatch.setenv("PREFECT_API_URL", proxy.url)
        outcomes = made.applied()
        assert proxy.writes() == []
        assert len(proxy.requests) > 5
    assert set(outcomes.values()) == {"unchanged"}
    assert updated(api) == before


def test_a_stack_that_is_not_made_is_named(made: Declared) -> None:
    """Nothing is written before the stacks have told what a pool needs; the message says how."""
    other = replace(made, environment="labs")
    with pytest.raises(SourceNotFound, match="python -m infrastructure apply --environment labs"):
        other.apply()


def test_a_webhook_without_its_address_stops_apply_and_not_plan(made: Declared) -> None:
    """plan says what it could not compare; apply does not make an alarm that tells nobody."""
    told = {**made.section["prefect"], "notifications": NOWHERE}
    other = replace(made, section={**made.section, "prefect": told})
    assert any("notifications is not compared" in note for note in other.plan().scope.notes)
    with pytest.raises(SourceNotFound, match="secrets set NOWHERE --environment"):
        other.apply()


def test_an_address_that_is_none_is_said_and_not_shown(made: Declared) -> None:
    """Prefect would take it, and no message would ever come."""
    store_secret(made, "WRONG", "xoxb-a-token-instead")
    told = {"type": "slack", "address_from": "WRONG"}
    section = {**made.section, "prefect": {**made.section["prefect"], "notifications": told}}
    with pytest.raises(SettingsInvalid, match="https://hooks.slack.com/services") as refused:
        replace(made, section=section).apply()
    assert "xoxb" not in str(refused.value)


def test_secrets_that_nobody_stored_are_told(made: Declared) -> None:
    """A run whose secret is missing does not start: each is named, and no value is shown."""
    store_secret(made, "REDSHIFT_PASSWORD", "pass phrase")
    found = made.run("apply")
    assert found.returncode == 0, found.stderr
    assert "MISSING SECRETS: PREFECT_API_KEY." in found.stdout
    assert "pass phrase" not in found.stdout + found.stderr
    assert ADDRESS not in found.stdout + found.stderr


def test_an_answer_that_was_lost_is_no_failure(
    laptop: Declared, api: PrefectApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The request is sent again; Prefect has the object almade, which is what was wanted."""
    with recording_proxy(laptop.variables["PREFECT_API_URL"]) as proxy:
        proxy.drop_write(1, after=True)
        monkeypatch.setenv("PREFECT_API_URL", proxy.url)
        outcomes = laptop.applied()
        assert 0 in [request.status for request in proxy.requests]
    assert outcomes[f"work pool {laptop.pool}"] == "unchanged"
    assert api.request("GET", f"/work_pools/{laptop.pool}")["type"] == "process"
