"""The flow that proves the address of runs, run the way a person runs it."""

import json
import os
import subprocess

from infrastructure.local.stack import Stack
from tests.clients import ask_prefect
from tests.prefect.programs import run
from tests.scripted_server import Answer, scripted_server


def run_flow(stack: Stack, **changed: str) -> subprocess.CompletedProcess[str]:
    """Run `python -m flows.egress_check` with the stack's variables, some of them changed."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environment = {**kept, **stack.variables, "COLUMNS": "250", **changed}
    return run("-m", "flows.egress_check", environment=environment)


def newest_report(stack: Stack) -> list[dict[str, str]]:
    """Return the rows of the last report."""
    found = ask_prefect(stack, "/artifacts/filter", {"sort": "CREATED_DESC", "limit": 20})
    artifact = next(item for item in found if item["key"] == "egress")
    rows: list[dict[str, str]] = json.loads(artifact["data"])
    return rows


def test_a_laptop_is_green_with_nothing_configured(prefect_stack: Stack) -> None:
    """The stack's services see the address that it declares, and its warehouse answers; all of it
    is a table in the terminal and an artifact."""
    done = run_flow(prefect_stack)
    assert done.returncode == 0, done.stderr
    assert "This run reaches others from 127.0.0.1" in done.stdout
    rows = newest_report(prefect_stack)
    assert [row["result"] for row in rows] == ["declared", "declared", "answers"]
    assert rows[0]["asked"].endswith("/my-address")
    assert rows[-1]["found"].startswith("awsuser at dev, after ")


def test_an_undeclared_address_and_a_closed_warehouse_are_told_together(
    prefect_stack: Stack,
) -> None:
    """Who saw what, what was expected, and that the warehouse refused the login as well; the run
    fails, and the key in a service's address is nowhere."""
    with scripted_server() as liar:
        liar.script(Answer(content=b"198.51.100.9"))
        services = f"{prefect_stack.variables['EGRESS_SERVICES']},{liar.url}?key=planted"
        done = run_flow(
            prefect_stack,
            EGRESS_ADDRESSES="203.0.113.7",
            EGRESS_SERVICES=services,
            REDSHIFT_USERNAME="nobody-of-this-name",
        )
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()
    assert last[-2].startswith("EgressMismatch: This run reaches others from 127.0.0.1 (seen by ")
    assert "and 198.51.100.9 (seen by" in last[-2]
    assert last[-2].endswith("declare it: docs/runbooks/address-changed.md.")
    assert last[-1].startswith("And the warehouse: Redshift at 127.0.0.1:")
    assert "refused 'nobody-of-this-name'" in last[-1]
    assert [row["result"] for row in newest_report(prefect_stack)] == ["not declared"] * 3 + [
        "failed"
    ]
    assert "planted" not in done.stdout + done.stderr


def test_nothing_declared_is_not_green(prefect_stack: Stack) -> None:
    """The address is told, to be declared; the run fails."""
    done = run_flow(prefect_stack, EGRESS_ADDRESSES="")
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()
    assert last[-2].startswith("SettingsInvalid: EGRESS_ADDRESSES: nothing is declared")
    assert "reaches them from 127.0.0.1" in last[-2]
    assert last[-1].endswith("answers nevertheless.")
