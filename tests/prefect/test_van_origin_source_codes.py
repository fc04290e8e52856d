"""Codes from the warehouse to EveryAction, run the way a person runs it."""

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from infrastructure.local import sample
from infrastructure.local.stack import Stack
from tests.clients import ask, ask_prefect
from tests.faults import until
from tests.local.deliveries.orders import everyaction_of
from tests.prefect import programs
from tests.prefect.copied import REPOSITORY
from tests.prefect.shared_limit import forget_limit

FLOW = "flows.van_origin_source_codes"
DELIVERABLE = len(sample.PAIRS) - 2
SET_ASIDE = {
    f"{sample.NOBODY}/{sample.CODE_IDS[0]}": "The specified resource was not found",
    f"{sample.PEOPLE[0]}/{sample.NOT_FOR_PEOPLE}": "codeId: This code cannot be applied to people",
}


def run(stack: Stack, *words: str, **more: str) -> "subprocess.CompletedProcess[str]":
    """Run a module with nothing in the environment but the stack."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environment = {**kept, **stack.variables, "COLUMNS": "200", **more}
    return programs.run("-m", *words, environment=environment)


def ensure_limits(stack: Stack, **more: str) -> None:
    """Make what Prefect has to hold."""
    forget_limit(stack)
    done = run(stack, "blocks", "apply", "--environment", "local", **more)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def limited(prefect_stack: Stack) -> Iterator[Stack]:
    """A stack whose Prefect has the limit, and whose EveryAction grants enough to be quick."""
    everyaction = everyaction_of(prefect_stack)
    everyaction.order("PUT", "limit", {"per_second": None})
    ensure_limits(prefect_stack, VAN_REQUESTS_PER_SECOND="100")
    yield prefect_stack
    everyaction.order("PUT", "limit", {"per_second": 20})
    ensure_limits(prefect_stack)


def call_prefect(stack: Stack, method: str, path: str, body: Any = None) -> Any:
    """Call Prefect's API of global limits."""
    request = urllib.request.Request(
        f"{stack.variables['PREFECT_API_URL']}/v2/concurrency_limits{path}",
        data=None if body is None else json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
        method=method,
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.loads(answer.read() or b"null")


def written(stack: Stack) -> str:
    """Everything that Prefect and the table of deliveries know, as text."""
    found: list[Any] = ask(stack, "SELECT * FROM prefect_flows.deliveries")
    for kind in ("logs", "artifacts", "flow_runs", "task_runs"):
        found += ask_prefect(stack, f"/{kind}/filter", {"limit": 200})
    return str(found)


def test_a_missing_limit_is_an_error(limited: Stack) -> None:
    """Without it nothing would be limited: the last line says what to do, and nothing is sent."""
    limit = call_prefect(limited, "GET", "/everyaction")
    call_prefect(limited, "DELETE", "/everyaction")
    everyaction = everyaction_of(limited)
    before = everyaction.last_call()
    done = run(limited, FLOW)
    kept = {name: limit[name] for name in ("name", "limit", "slot_decay_per_second")}
    call_prefect(limited, "POST", "/", kept)
    last = done.stderr.strip().splitlines()[-1]
    assert done.returncode == 1
    assert last.startswith("LimitMissing: Prefect's global concurrency limit 'everyaction'"), last
    assert "python -m blocks" in last
    assert everyaction.calls(before) == []


def test_a_dry_run_sends_nothing(limited: Stack) -> None:
    """It shows counts and the first pairs; EveryAction is asked only whether the key fits."""
    everyaction, all_of_them = everyaction_of(limited), len(sample.PAIRS)
    before = everyaction.last_call()
    done = run(limited, FLOW, "--dry-run")
    assert done.returncode == 0, done.stderr
    assert f"EveryAction/codes: {all_of_them} of {all_of_them} would be sent" in done.stdout
    assert f" {sample.PEOPLE[1]} " in done.stdout
    assert [call["path"] for call in everyaction.calls(before)] == ["/v4/apiKeyProfiles"]
    claimed = "SELECT COUNT(*) FROM prefect_flows.deliveries WHERE channel = 'EveryAction/codes'"
    assert ask(limited, claimed) == [(0,)]


def test_a_revoked_key_stops_it_without_showing_it(limited: Stack) -> None:
    """The run fails with what to mend; the key is in nothing that was written."""
    everyaction = everyaction_of(limited)
    everyaction.order("PUT", "key", {"revoked": True})
    done = run(limited, FLOW)
    everyaction.order("PUT", "key", {"revoked": False})
    assert done.returncode == 1
    assert done.stderr.strip().splitlines()[-1].startswith("AccessDenied: EveryAction")
    key = limited.variables["VAN_API_KEY"]
    assert key not in done.stdout + done.stderr
    assert key not in written(limited)


def test_the_sample_is_delivered_once(limited: Stack) -> None:
    """A laptop has something to show: what can be sent is sent, the rest is set aside with the
    API's reason, in the terminal, as an artifact and in the table. A second run sends nothing."""
    done = run(limited, FLOW)
    assert done.returncode == 0, done.stderr
    assert f"EveryAction/codes: {DELIVERABLE} of {len(sample.PAIRS)} sent" in done.stdout
    applied = {
        (row["vanId"], row["codeId"]): row["times"]
        for row in everyaction_of(limited).ask("applied")
    }
    assert {pair: applied[pair] for pair in sample.PAIRS[:-2]} == dict.fromkeys(
        sample.PAIRS[:-2], 1
    )
    found = ask(
        limited,
        "SELECT item, reason FROM prefect_flows.deliveries "
        "WHERE channel = 'EveryAction/codes' AND state = 'refused'",
    )
    assert dict(found) == SET_ASIDE
    assert all(reason in done.stdout for reason in SET_ASIDE.values())
    artifacts = ask_prefect(limited, "/artifacts/filter", {"sort": "CREATED_DESC", "limit": 20})
    report = next(each for each in artifacts if each["key"] == "deliveries")
    assert f"| {len(sample.PAIRS)} | 0 | {DELIVERABLE} | 0 | 2 | 0 | 0 |" in report["data"]
    assert f"{sample.NOBODY}/{sample.CODE_IDS[0]}" in report["data"]
    flow_runs = ask(limited, "SELECT DISTINCT flow_run FROM prefect_flows.deliveries")
    assert report["flow_run_id"] in {flow_run for (flow_run,) in flow_runs}

    before = everyaction_of(limited).last_call()
    again = run(limited, FLOW)
    assert again.returncode == 0, again.stderr
    assert f"EveryAction/codes: 0 of {len(sample.PAIRS)} sent" in again.stdout
    calls = everyaction_of(limited).calls(before)
    assert [call["path"] for call in calls] == ["/v4/apiKeyProfiles"]
    assert limited.variables["VAN_API_KEY"] not in written(limited) + done.stdout + done.stderr


def test_a_run_that_is_told_to_end_leaves_no_claim(limited: Stack) -> None:
    """After SIGTERM every pair that was applied is done and no pair is claimed; the next run
    does the rest."""
    everyaction, code_id, people = everyaction_of(limited), 5220, range(1, 201)
    rows = ", ".join(f"({person}, {code_id})" for person in people)
    ask(limited, f"INSERT INTO van.origin_source_codes (van_id, code_id) VALUES {rows}")
    flow_run = subprocess.Popen(
        [sys.executable, "-m", FLOW],
        cwd=REPOSITORY,
        env={**os.environ, **limited.variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    until(lambda: len(everyaction.applied(code_id)) >= 10, "10 applied")
    flow_run.terminate()
    said, _ = flow_run.communicate(timeout=60)
    counted = (
        "SELECT state, COUNT(*) FROM prefect_flows.deliveries WHERE item LIKE '%%/5220' GROUP BY 1"
    )
    applied = len(everyaction.applied(code_id))
    assert flow_run.returncode != 0, said
    assert applied < len(people)
    assert dict(ask(limited, counted)) == {"done": applied}, said
    assert run(limited, FLOW).returncode == 0
    assert everyaction.applied(code_id) == dict.fromkeys(people, 1)
    ask(limited, f"DELETE FROM van.origin_source_codes WHERE code_id = {code_id}")


def test_help_needs_nothing() -> None:
    """Parameters and explanations, without any server."""
    done = subprocess.run(
        [sys.executable, "-m", FLOW, "--help"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0
    said = " ".join(done.stdout.split())
    assert f"Usage: python -m {FLOW}" in said
    for expected in ("--dry-run", "--retry-refused", "--lease-seconds", "van.origin_source_codes"):
        assert expected in said
