"""A check as a flow runs it: what Prefect shows, what an automation hears, how the run ends."""

import json
import os
import subprocess
from typing import Any

import pytest

from infrastructure.local.stack import Stack
from tests.clients import ask, ask_prefect
from tests.prefect.programs import run

SECRET = "ada.lovelace@example.org"
POLLS = 20_000
"""How often the server is asked before a test gives up; each look is a request."""

FLOW = """
import sys
from prefect import flow
from utilities.command_line import run
from utilities.quality import AcceptedValues, NotNull, RowCount, Unique
from utilities.tasks.checking import check_table

@flow(name="checking")
def checking(table: str, severity: str) -> None:
    rules = (
        RowCount(minimum=1),
        Unique("id"),
        NotNull("id", severity=severity),
        AcceptedValues("email", ("nobody@example.org",), severity=severity),
    )
    check_table(table, rules, sensitive="email")

run(checking)
"""


def run_check(
    stack: Stack, table: str, severity: str, id_: str = "NULL", email: str = SECRET
) -> subprocess.CompletedProcess[str]:
    """Fill a table with a row or two and check it in a flow of its own process."""
    ask(stack, "CREATE SCHEMA IF NOT EXISTS checked")
    ask(stack, f"CREATE TABLE {table} (id INTEGER, email VARCHAR(64))")
    ask(stack, f"INSERT INTO {table} VALUES (1, 'nobody@example.org'), ({id_}, '{email}')")
    return run("-c", FLOW, table, severity, environment={**os.environ, **stack.variables})


def artifacts(stack: Stack, key: str) -> list[dict[str, Any]]:
    """Return the artifacts of a key."""
    wanted = {"artifacts": {"key": {"any_": [key]}}}
    found: list[dict[str, Any]] = ask_prefect(stack, "/artifacts/filter", wanted)
    return found


def wait_for_event(stack: Stack, wanted: dict[str, Any]) -> dict[str, Any]:
    """Return the one event that a filter finds, once the server has it."""
    for _ in range(POLLS):
        found = ask_prefect(stack, "/events/filter", {"filter": wanted})["events"]
        if found:
            (event,) = found
            return dict(event)
    raise AssertionError(f"no event for {wanted}")


def test_a_broken_rule_is_published_and_then_fails_the_flow(prefect_stack: Stack) -> None:
    """The artifacts hold every rule, and failing rows without what is sensitive; the last line
    says what to mend."""
    done = run_check(prefect_stack, "checked.broken", "fail")
    assert done.returncode == 1
    assert done.stderr.strip().splitlines()[-1] == (
        "ChecksFailed: checked.broken: 2 of 4 rules failed. First: not null (id): 1 of 2 rows, for "
        "example id = null. Mend the rows at the source and load them again, or give the rule "
        "severity='warn'."
    )
    (table,) = artifacts(prefect_stack, "checks-checked-broken")
    assert table["description"] == "checked.broken: 2 of 4 rules broken, 2 rows"
    rows = json.loads(table["data"])
    assert [(row["rule"], row["result"], row["failing rows"], row["share"]) for row in rows] == [
        ("row count at least 1", "kept", "-", "-"),
        ("unique (id)", "kept", "0", "0.00%"),
        ("not null (id)", "broken", "1", "50.00%"),
        ("email in (***)", "broken", "1", "50.00%"),
    ]
    (samples,) = artifacts(prefect_stack, "check-samples-checked-broken")
    assert "## email in (\\*\\*\\*)" in samples["data"]
    assert "| email | id |\n| --- | --- |\n| \\*\\*\\* | *null* |" in samples["data"]
    assert SECRET not in done.stdout + done.stderr + json.dumps([table, samples])


def test_an_automation_hears_of_a_broken_rule(prefect_stack: Stack) -> None:
    """A trigger on the event and its outcome fires for the table that broke a rule; the payload
    holds nothing but counts."""
    trigger = {
        "type": "event",
        "posture": "Reactive",
        "expect": ["prefect_flows.table.checked"],
        "match": {
            "prefect.resource.id": "prefect_flows.table.checked.hear*",
            "prefect_flows.outcome": "failed",
        },
        "threshold": 1,
        "within": 0,
    }
    automation = ask_prefect(
        prefect_stack,
        "/automations/",
        {"name": "tell", "trigger": trigger, "actions": [{"type": "do-nothing"}]},
    )
    run_check(prefect_stack, "checked.heard", "fail")
    event = wait_for_event(
        prefect_stack, {"resource": {"id": ["prefect_flows.table.checked.heard"]}}
    )
    assert event["event"] == "prefect_flows.table.checked"
    assert event["payload"] == {"rows": 2, "rules": 4, "failed": 2, "warned": 0}
    fired = {
        "event": {"name": ["prefect.automation.triggered"]},
        "resource": {"id": [f"prefect.automation.{automation['id']}"]},
    }
    assert wait_for_event(prefect_stack, fired)


@pytest.mark.parametrize(
    ("name", "severity", "email", "outcome"),
    [("warned", "warn", SECRET, "warned"), ("kept", "fail", "nobody@example.org", "passed")],
)
def test_a_warning_lets_the_flow_pass(
    prefect_stack: Stack, name: str, severity: str, email: str, outcome: str
) -> None:
    """It is in the log and in the event, and the run completes; so it does when nothing broke."""
    done = run_check(prefect_stack, f"checked.{name}", severity, "2", email)
    assert done.returncode == 0, done.stderr[-2000:]
    is_logged = f"checked.{name}: email in (***): 1 of 2 rows" in done.stderr
    assert is_logged == (outcome == "warned")
    assert SECRET not in done.stdout + done.stderr
    resource = {"id": [f"prefect_flows.table.checked.{name}"]}
    event = wait_for_event(prefect_stack, {"resource": resource})
    assert event["resource"]["prefect_flows.outcome"] == outcome
