"""Alarms: each hears what it is for, in this environment alone; asked of Prefect's own triggers."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from prefect.server.events.schemas.automations import AutomationCreate, EventTrigger
from prefect.server.events.schemas.events import ReceivedEvent

from blocks.alarms import CHECKED, Alarm, alarms_of
from blocks.kinds.automations import normal_trigger
from deployments.declaration.surroundings import Pool
from tests.unit.blocks.made_scope import made_scope
from utilities.tasks.checking import EVENT

NOW = datetime(2026, 11, 21, tzinfo=UTC)
DEPLOYMENT = "shop--main--orders--production"


def alarms(**changes: Any) -> dict[str, Alarm]:
    """Return all alarms by name."""
    return {alarm.name: alarm for alarm in alarms_of(made_scope(**changes))}


def trigger(alarm: Alarm) -> EventTrigger:
    """Return an alarm's trigger as Prefect reads it; its messages are read too."""
    action = {
        "type": "send-notification",
        "block_document_id": str(uuid4()),
        "subject": alarm.subject,
        "body": alarm.body,
    }
    content = {"name": alarm.name, "trigger": normal_trigger(alarm.trigger), "actions": [action]}
    found = AutomationCreate.model_validate(content).trigger
    assert isinstance(found, EventTrigger)
    return found


def run_event(
    event: str,
    deployment: str | None = DEPLOYMENT,
    pool: str = "shop-ecs",
    flow: str = "orders",
    **resource: str,
) -> ReceivedEvent:
    """Return an event about a run."""
    related = [("flow", flow), ("work-pool", pool), *([("deployment", deployment)])]
    return ReceivedEvent(
        occurred=NOW,
        received=NOW,
        event=event,
        id=uuid4(),
        resource={"prefect.resource.id": f"prefect.flow-run.{uuid4()}", **resource},
        related=[
            {
                "prefect.resource.id": f"prefect.{role}.{uuid4()}",
                "prefect.resource.role": role,
                "prefect.resource.name": name,
            }
            for role, name in related
            if name is not None
        ],
    )


@pytest.mark.parametrize(
    ("name", "event"),
    [
        ("run failed", "prefect.flow-run.Failed"),
        ("run crashed", "prefect.flow-run.Crashed"),
        ("run late", "prefect.flow-run.Late"),
        ("run stuck", "prefect.flow-run.Running"),
    ],
)
def test_a_run_is_heard_in_its_environment_alone(name: str, event: str) -> None:
    """Not a run of another project, of another pool, or one that somebody started by hand."""
    heard = trigger(alarms()[name])
    assert heard.covers(run_event(event))
    assert not heard.covers(run_event(event, deployment="other--main--orders--production"))
    assert not heard.covers(run_event(event, pool="shop-ecs-staging"))
    assert not heard.covers(run_event(event, deployment=None))


def test_late_and_stuck_wait_as_long_as_declared() -> None:
    """They fire when nothing came in time, for each run by itself."""
    found = alarms(late_after_minutes=30, stuck_after_hours=2)
    late, stuck = trigger(found["run late"]), trigger(found["run stuck"])
    assert (late.within.total_seconds(), stuck.within.total_seconds()) == (1800, 7200)
    for each in (late, stuck):
        assert each.posture.value == "Proactive"
        assert each.for_each == {"prefect.resource.id"}
    assert late.starts_after("prefect.flow-run.Pending")
    assert late.expects("prefect.flow-run.Running")
    assert stuck.expects("prefect.flow-run.Completed")
    assert not stuck.expects("prefect.flow-run.Running")


def test_a_pool_without_a_worker_is_heard_after_a_while() -> None:
    """Of pools that have workers: those that Prefect starts by itself have none to miss."""
    pools = {
        "ecs": Pool("ecs", "shop-ecs", None),
        "managed": Pool("managed", "shop-managed", None),
    }
    heard = trigger(alarms(pools=pools)["worker offline"])
    for name, expected in (("shop-ecs", True), ("shop-managed", False), ("other", False)):
        resource = {
            "prefect.resource.id": f"prefect.work-pool.{uuid4()}",
            "prefect.resource.name": name,
        }
        event = ReceivedEvent(
            occurred=NOW,
            received=NOW,
            event="prefect.work-pool.not-ready",
            id=uuid4(),
            resource=resource,
        )
        assert heard.covers(event) is expected
    assert heard.expects("prefect.work-pool.ready")
    assert "worker offline" not in alarms(pools={"managed": pools["managed"]})


def test_a_check_that_found_something_is_heard() -> None:
    """The event of check_table, when it failed or warned; not when all rules are kept."""
    assert CHECKED == EVENT
    heard = trigger(alarms()["table check"])
    for outcome, expected in (("failed", True), ("warned", True), ("passed", False)):
        event = run_event(
            CHECKED,
            **{
                "prefect.resource.id": "prefect_flows.table.van.contacts",
                "prefect_flows.outcome": outcome,
            },
        )
        assert heard.covers(event) is expected


def test_the_egress_check_has_an_alarm_of_its_own() -> None:
    """It names the runbook; other flows' failures are not told twice."""
    heard = trigger(alarms()["egress address"])
    assert heard.covers(run_event("prefect.flow-run.Failed", flow="egress_check"))
    assert heard.covers(run_event("prefect.flow-run.Crashed", flow="egress-check"))
    assert not heard.covers(run_event("prefect.flow-run.Failed", flow="orders"))
