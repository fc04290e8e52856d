"""The flow of a team's first day, run the way a person runs it, against a real Prefect server."""

import json
import os
import socket
import subprocess

from infrastructure.local.stack import Stack
from tests.clients import ask, ask_prefect
from tests.prefect.programs import run

LOGIN = "reader:planted-secret"


def run_flow(
    stack: Stack, *arguments: str, feeds: str | None = None
) -> subprocess.CompletedProcess[str]:
    """Run `python -m flows.news_feeds` with nothing in the environment but the stack."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    more = {} if feeds is None else {"NEWS_FEEDS": feeds}
    environment = {**kept, **stack.variables, "COLUMNS": "200", **more}
    return run("-m", "flows.news_feeds", *arguments, environment=environment)


def test_a_dead_feed_does_not_keep_the_others_out(prefect_stack: Stack) -> None:
    """The others are loaded, the table shows who failed and why, the run fails and names it; the
    next run, without it, finds the others unchanged. The password of the dead feed is nowhere."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        dead = f"http://{LOGIN}@127.0.0.1:{listener.getsockname()[1]}/dead?key=planted"
        done = run_flow(prefect_stack, feeds=f"{prefect_stack.variables['NEWS_FEEDS']},{dead}")
    name = dead.replace(f"{LOGIN}@", "").replace("=planted", "=***")
    assert done.returncode == 1
    assert done.stderr.endswith(
        "ApiUnavailable: news.entries: 1 of 4 feeds failed; 3 others loaded.\n"
        f"  {name}: the connection was refused (tried 3 times). Nothing of it was loaded. Run again "
        "later.\n"
    )
    assert "planted" not in done.stdout + done.stderr
    counted = dict(ask(prefect_stack, "SELECT feed, COUNT(*) FROM news.entries GROUP BY feed"))
    assert len(counted) == 3 and min(counted.values()) >= 20

    rows = newest_report(prefect_stack)
    assert [row["status"] for row in rows] == ["loaded", "loaded", "loaded", "failed"]
    assert [int(row["new"]) for row in rows[:3]] == [counted[row["feed"]] for row in rows[:3]]
    assert rows[0]["last entry"].endswith(" UTC")
    assert rows[3]["feed"] == name
    assert rows[3]["reason"].startswith("the connection was refused")

    again = run_flow(prefect_stack)
    assert again.returncode == 0, again.stderr
    assert {row["status"] for row in newest_report(prefect_stack)} <= {"nothing new", "loaded"}
    assert "from 3 feeds" in again.stdout
    runs = ask_prefect(prefect_stack, "/task_runs/filter", {"limit": 200})
    names = sorted(run["name"] for run in runs if run["name"].startswith("load_feed"))
    assert len(names) == 7 and f"load_feed {name}" in names


def newest_report(stack: Stack) -> list[dict[str, str]]:
    """Return the rows of the last report."""
    found = ask_prefect(stack, "/artifacts/filter", {"sort": "CREATED_DESC", "limit": 50})
    artifact = next(item for item in found if item["key"] == "feeds")
    rows: list[dict[str, str]] = json.loads(artifact["data"])
    return rows
