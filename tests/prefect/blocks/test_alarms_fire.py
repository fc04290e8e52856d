"""Alarms about what does not happen: Prefect's own clock, with seconds in the place of hours."""

import json
import threading
import uuid
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from blocks.alarms import alarms_of
from blocks.kinds.automations import normal_trigger
from deployments.declaration.surroundings import Pool
from deployments.live.api import PrefectApi
from tests.scripted_server import ScriptedServer, scripted_server
from tests.unit.blocks.made_scope import made_scope

LOOKS, PAUSE_SECONDS = 600, 0.1
SHORTEST_SECONDS = 10
"""That Prefect waits for something that does not come."""

STATES: dict[str, dict[str, Any]] = {
    "pending": {"type": "PENDING"},
    "running": {"type": "RUNNING"},
    "completed": {"type": "COMPLETED"},
    "late": {"type": "SCHEDULED", "name": "Late"},
    "waiting": {"type": "SCHEDULED", "name": "AwaitingConcurrencySlot"},
    "retrying": {"type": "SCHEDULED", "name": "AwaitingRetry"},
}

Runs = Mapping[str, tuple[str, ...]]

QUIET: Runs = {
    "came late": ("late", "pending", "running", "completed"),
    "waits for a slot": ("pending", "waiting"),
    "tries again": ("pending", "running", "retrying"),
}
LOUD: Mapping[str, Runs] = {
    "run late": {
        "nobody took it": ("late",),
        "taken, not begun": ("late", "pending"),
        "not begun": ("pending",),
    },
    "run stuck": {"does not end": ("pending", "running")},
}


@pytest.fixture
def webhook() -> Iterator[ScriptedServer]:
    """Where messages go."""
    with scripted_server() as server:
        yield server


def make_block(api: PrefectApi, address: str) -> str:
    """Make a webhook's block that passes the subject on, and return its id."""
    kind = api.request("GET", "/block_types/slug/custom-webhook")["id"]
    wanted = {"block_schemas": {"block_type_id": {"any_": [kind]}}}
    schema = api.request("POST", "/block_schemas/filter", wanted)[0]["id"]
    data = {"name": "alarms", "url": address, "json_data": {"subject": "{{subject}}"}}
    content = {
        "name": f"alarms-{uuid.uuid4().hex[:8]}",
        "data": data,
        "block_type_id": kind,
        "block_schema_id": schema,
    }
    return str(api.request("POST", "/block_documents/", content)["id"])


def test_what_does_not_happen_in_time_is_told_and_nothing_else(
    api: PrefectApi, webhook: ScriptedServer
) -> None:
    """Late, stuck, a pool without a worker; not a run that waits for its turn or tries again."""
    project = f"shop-{uuid.uuid4().hex[:8]}"
    pool = f"{project}-ecs"
    scope = made_scope(project=project, pools={"ecs": Pool("ecs", pool, None)})
    block = make_block(api, f"{webhook.url}alarms")
    for alarm in alarms_of(scope):
        if alarm.name in (*LOUD, "worker offline"):
            about = "{{ event.resource.name }}"
            message = {"subject": f"{alarm.name}: {about}", "body": alarm.body}
            action = {"type": "send-notification", "block_document_id": block, **message}
            trigger = {**normal_trigger(alarm.trigger), "within": SHORTEST_SECONDS}
            automation = {"name": f"{project}: {alarm.name}", "trigger": trigger}
            api.request("POST", "/automations/", {**automation, "actions": [action]})
    api.request("POST", "/work_pools/", {"name": pool, "type": "process"})
    flow = api.request("POST", "/flows/", {"name": project})
    content = {"name": f"{project}--main--x", "flow_id": flow["id"], "work_pool_name": pool}
    deployment = api.request("POST", "/deployments/", content)["id"]
    # Those first that nobody is to hear of: their time is over before that of the others.
    for runs in (QUIET, *LOUD.values()):
        for name, states in runs.items():
            run(api, deployment, name, *states)
    tell_offline(api, pool)
    expected = {f"{alarm}: {name}" for alarm, runs in LOUD.items() for name in runs}
    expected.add(f"worker offline: {pool}")
    assert heard(webhook, expected) == expected


def run(api: PrefectApi, deployment: str, name: str, *states: str) -> None:
    """Make a run that goes through some states and stays in the last one."""
    content = {"name": name, "state": {"type": "SCHEDULED"}}
    made = api.request("POST", f"/deployments/{deployment}/create_flow_run", content)
    for state in states:
        wanted = {"state": STATES[state], "force": True}
        api.request("POST", f"/flow_runs/{made['id']}/set_state", wanted)


def tell_offline(api: PrefectApi, pool: str) -> None:
    """Send the event that Prefect sends when a pool's last worker is not heard of."""
    event = {
        "id": str(uuid.uuid4()),
        "occurred": datetime.now(UTC).isoformat(),
        "event": "prefect.work-pool.not-ready",
        "resource": {
            "prefect.resource.id": f"prefect.work-pool.{uuid.uuid4()}",
            "prefect.resource.name": pool,
        },
    }
    api.request("POST", "/events", [event])


def heard(webhook: ScriptedServer, expected: set[str]) -> set[str]:
    """Wait for messages and return all that came; one that is sent twice counts once."""
    pause = threading.Event()
    for _ in range(LOOKS):
        subjects = {json.loads(seen.body)["subject"] for seen in list(webhook.seen)}
        if expected <= subjects:
            return subjects
        pause.wait(PAUSE_SECONDS)
    return subjects
