"""Long work shows how far it is: as an artifact in Prefect, as a bar in a terminal."""

import os
import pty
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from infrastructure.local.stack import Stack
from tests.clients import ask_prefect
from tests.prefect import programs

REPOSITORY = Path(__file__).parents[2]

FLOW = """
import sys
from prefect import flow
from utilities.tasks.progress import reported

@flow
def long_work(title: str, interval_seconds: float) -> None:
    with reported(title, interval_seconds) as progress:
        for done in (10, 50, 90):
            progress(done, 100)

long_work(sys.argv[1], float(sys.argv[2]))
"""

ITEMS = FLOW.replace(
    "with reported(title, interval_seconds)", "with reported(title, interval_seconds, 'items')"
)


def artifacts(stack: Stack, title: str) -> list[dict[str, Any]]:
    """The progress artifacts with a title."""
    found = ask_prefect(stack, "/artifacts/filter", {"limit": 200})
    return [item for item in found if item["type"] == "progress" and item["description"] == title]


def run(stack: Stack, title: str, interval_seconds: str, flow: str = FLOW) -> None:
    """Run the flow in a process of its own."""
    environment = {**os.environ, **stack.variables}
    done = programs.run("-c", flow, title, interval_seconds, environment=environment)
    assert done.returncode == 0, done.stderr


def test_an_artifact_follows_the_work_to_its_end(prefect_stack: Stack) -> None:
    """One artifact, updated on the way, that ends at a hundred percent."""
    run(prefect_stack, "staging a.csv", "0")
    assert [item["data"] for item in artifacts(prefect_stack, "staging a.csv")] == [100.0]


def test_short_work_leaves_no_artifact(prefect_stack: Stack) -> None:
    """Work that ends before the first update is due costs no request."""
    run(prefect_stack, "staging b.csv", "3600")
    assert artifacts(prefect_stack, "staging b.csv") == []


def test_a_terminal_shows_a_bar(prefect_stack: Stack) -> None:
    """On a terminal the bar carries the title and the bytes."""
    reader, writer = pty.openpty()
    subprocess.run(
        [sys.executable, "-c", FLOW, "staging c.csv", "3600"],
        cwd=REPOSITORY,
        env={**os.environ, **prefect_stack.variables, "TERM": "xterm", "COLUMNS": "100"},
        check=True,
        timeout=120,
        stderr=writer,
    )
    os.close(writer)
    shown = b""
    try:
        while data := os.read(reader, 65536):
            shown += data
    except OSError:
        pass  # the other end of a terminal is closed
    os.close(reader)
    assert b"staging c.csv" in shown
    assert b"/100 bytes" in shown


def test_items_are_told_with_their_rate_and_the_time_left(prefect_stack: Stack) -> None:
    """What was done at the first call counts as done before."""
    run(prefect_stack, "sending d", "0", ITEMS)
    found = ask_prefect(prefect_stack, "/artifacts/filter", {"limit": 200})
    told = [item["description"] for item in found if item["type"] == "progress"]
    (last,) = [text for text in told if text.startswith("sending d")]
    assert re.fullmatch(r"sending d: 90 of 100, [\d,]+\.\d a second, 0 s left", last)
