"""The pinned versions belong together: a server that looks healthy also does its work."""

from infrastructure.local.stack import Stack
from tests.clients import ask_prefect

POLLS = 20_000
"""How often the server is asked before the test gives up; each look is a request."""


def test_a_schedule_produces_runs(prefect_stack: Stack) -> None:
    """Between SQLAlchemy's and Prefect's versions lie pairs where no scheduled run is ever made
    and nothing but a log line tells; the locked pair makes them."""
    flow = ask_prefect(prefect_stack, "/flows/", {"name": "scheduled"})
    schedule = {"schedule": {"interval": 3600.0, "anchor_date": "2026-01-01T00:00:00Z"}}
    deployment = ask_prefect(
        prefect_stack,
        "/deployments/",
        {"name": "hourly", "flow_id": flow["id"], "schedules": [schedule]},
    )
    wanted = {"deployments": {"id": {"any_": [deployment["id"]]}}, "limit": 3}
    for _ in range(POLLS):
        runs = ask_prefect(prefect_stack, "/flow_runs/filter", wanted)
        if runs:
            break
    assert {run["state_type"] for run in runs} == {"SCHEDULED"}
