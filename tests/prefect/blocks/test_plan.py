"""`python -m blocks plan`: what differs, field by field; the secret is compared and not shown."""

import json
from typing import Any

import pytest

from blocks import telling
from deployments.live.api import PrefectApi
from tests.prefect.blocks.declared import ADDRESS, Declared, store_secret


def changes(declared: Declared) -> dict[str, dict[str, tuple[Any, Any]]]:
    """Return what would change: live and wanted value by field, by object."""
    return {
        action.name: {
            change.field: (telling.shown(change.live), telling.shown(change.wanted))
            for change in action.changes
        }
        for action in declared.plan().of("update")
    }


def test_what_was_changed_by_hand_is_told_and_put_back(made: Declared, api: PrefectApi) -> None:
    """Each field with both values; afterwards it is as declared again."""
    pool = api.request("GET", f"/work_pools/{made.pool}")
    template = pool["base_job_template"]
    template["variables"]["properties"]["cpu"]["default"] = 4096
    request = template["job_configuration"]["task_run_request"]
    request["networkConfiguration"]["awsvpcConfiguration"]["assignPublicIp"] = "ENABLED"
    api.request("PATCH", f"/work_pools/{made.pool}", {"base_job_template": template})
    variable = f"{made.project}-regions"
    api.request("PATCH", f"/variables/name/{variable}", {"value": ["east"]})
    limit = f"{made.project}-warehouse"
    api.request("PATCH", f"/v2/concurrency_limits/{limit}", {"limit": 9, "active": False})
    api.request("PATCH", f"/work_pools/{made.pool}/queues/later", {"concurrency_limit": 7})
    top = "base_job_template"
    network = "job_configuration.task_run_request.networkConfiguration.awsvpcConfiguration"
    assert changes(made) == {
        made.pool: {
            f"{top}.{network}.assignPublicIp": ("ENABLED", "DISABLED"),
            f"{top}.variables.properties.cpu.default": (4096, 512),
        },
        f"{made.pool}/later": {"concurrency_limit": (7, 2)},
        limit: {"limit": (9, 4), "active": (False, True)},
        variable: {"value": (["east"], ["north", "south"])},
    }
    assert "failed" not in made.applied().values()
    assert changes(made) == {}


def test_an_automation_that_was_edited_is_told_and_put_back(
    made: Declared, api: PrefectApi
) -> None:
    """What it waits for and what it says are compared; Prefect's own numbers are not."""
    name = f"{made.owner}: run failed"
    (found,) = [
        item for item in api.request("POST", "/automations/filter", {}) if item["name"] == name
    ]
    content = {
        key: found[key] for key in ("name", "description", "enabled", "tags", "trigger", "actions")
    }
    content["trigger"]["expect"] = ["prefect.flow-run.Completed"]
    content["actions"][0]["subject"] = "all is well"
    api.request("PUT", f"/automations/{found['id']}", content)
    told = changes(made)[name]
    assert told["trigger.expect"] == (["prefect.flow-run.Completed"], ["prefect.flow-run.Failed"])
    assert told["actions.0.subject"][0] == "all is well"
    made.apply()
    assert changes(made) == {}


def test_an_automation_that_was_switched_off_stays_off(made: Declared, api: PrefectApi) -> None:
    """Somebody wants quiet for a while: apply does not wake it, not even where it mends it."""
    name = f"{made.owner}: run late"
    (found,) = [
        item for item in api.request("POST", "/automations/filter", {}) if item["name"] == name
    ]
    api.request("PATCH", f"/automations/{found['id']}", {"enabled": False})
    assert changes(made) == {}
    made.section["prefect"]["late_after_minutes"] = 45
    assert "within" in str(changes(made)[name])
    made.apply()
    now = api.request("GET", f"/automations/{found['id']}")
    assert (now["enabled"], now["trigger"]["within"]) == (False, 45 * 60)


def test_the_address_is_compared_and_never_shown(made: Declared) -> None:
    """A new address is told as a change, without either of the two."""
    store_secret(made, "ALARMS", f"{ADDRESS}/renewed")
    plan = made.plan()
    (action,) = plan.of("update")
    assert action.name == f"{made.project}-{made.environment}-webhook"
    assert [change.field for change in action.changes] == ["address"]
    done = made.apply()
    told = telling.told(plan).plain + json.dumps(telling.content(plan, done)) + repr(plan)
    told += repr([telling.done(each) for each in done])
    assert "(not shown)" in told
    assert "a-secret-path" not in told
    assert changes(made) == {}


def test_status_tells_whether_something_is_to_be_done(laptop: Declared) -> None:
    """2 before apply, 0 after it, for scripts; both plans are JSON for machines."""
    before = laptop.run("plan", "--json")
    assert before.returncode == 2, before.stderr
    objects = {each["name"]: each["what"] for each in json.loads(before.stdout)["objects"]}
    assert objects[laptop.pool] == "create"
    assert laptop.run("apply").returncode == 0
    after = laptop.run("plan", "--json")
    counts = json.loads(after.stdout)["counts"]
    assert (after.returncode, counts["create"], counts["update"]) == (0, 0, 0)


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"PREFECT_API_URL": "http://127.0.0.1:9/api"}, "PREFECT_API_URL"),
        ({"PREFECT_API_URL": "nowhere"}, "PREFECT_API_URL: does not begin with http"),
    ],
)
def test_a_failure_says_what_to_mend(
    variables: dict[str, str], message: str, laptop: Declared
) -> None:
    """One line for a person, and a status for a machine."""
    found = laptop.run("plan", **variables)
    assert found.returncode == 1
    assert message in found.stderr
    assert "Traceback" not in found.stderr
