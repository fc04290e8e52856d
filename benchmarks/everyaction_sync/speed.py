"""Time and memory of one whole sync, in a fresh process, in alternating rounds."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.everyaction_sync.parsons_script import DAYS
from benchmarks.loads.measured import KIB_PER_MB
from infrastructure.local.stack import Stack
from tests.clients import ask
from tests.local.exports.server import Server, difference
from utilities.everyaction import call, connect
from utilities.settings import Settings

WAYS = {
    "flows.van_changed_entities": ("flows.van_changed_entities", ("Contacts",)),
    "parsons alone": ("benchmarks.everyaction_sync.parsons_script", ()),
}
"""Module and the arguments that come before the table."""

MEASURED = """
import atexit, pathlib, runpy, sys
from benchmarks.loads.measured import peak_kib
module, answer, *arguments = sys.argv[1:]
atexit.register(lambda: pathlib.Path(answer).write_text(str(peak_kib())))
sys.argv = [module, *arguments]
runpy.run_module(module, run_name="__main__", alter_sys=True)
"""

BY_HAND = """
    CREATE TABLE {} (
        vanid BIGINT, firstname VARCHAR(256), middlename VARCHAR(256), lastname VARCHAR(256),
        email VARCHAR(256), phone VARCHAR(64), addressline1 VARCHAR(256), city VARCHAR(256),
        stateorprovince VARCHAR(64), ziporpostal VARCHAR(64), dateofbirth DATE,
        datecreated TIMESTAMPTZ, datemodified TIMESTAMPTZ, issuppressed BOOLEAN,
        numberofgifts BIGINT, lifetimegiving NUMERIC(19,4), employer VARCHAR(256),
        occupation VARCHAR(256), preferredname VARCHAR(256), countrycode VARCHAR(64),
        {} VARCHAR(256), {} BIGINT
    )
"""


@dataclass(frozen=True)
class Round:
    """One sync: seconds of the whole process, and its greatest resident memory."""

    seconds: float
    peak_mb: float


def compare(stack: Stack, server: Server, rounds: int) -> None:
    """Run both ways in turn, each into an empty table; check every row; print the medians."""
    people = server.people()
    found: dict[str, list[Round]] = {way: [] for way in WAYS}
    ask(stack, "CREATE SCHEMA IF NOT EXISTS van")
    for number in range(rounds):
        for way in WAYS:
            target = f"van.round_{number}_{len(found[way])}_{list(WAYS).index(way)}"
            if way == "parsons alone":
                # parsons makes names without a space of those that have one.
                custom = [name.lower().replace(" ", "") for name in list(people[0])[-2:]]
                ask(stack, BY_HAND.format(target, *custom))
            found[way].append(_run(stack, way, target))
            if way == "parsons alone":
                for name, field in zip(custom, list(people[0])[-2:], strict=True):
                    new = field.lower().replace(" ", "_")
                    ask(stack, f"ALTER TABLE {target} RENAME COLUMN {name} TO {new}")
            told = difference(stack, target, people)
            if told is not None:
                raise RuntimeError(f"{way}: {told}")
            ask(stack, f"DROP TABLE {target}")
    _print(found, len(people), _making_seconds(stack))


def _run(stack: Stack, way: str, target: str) -> Round:
    module, arguments = WAYS[way]
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "peak"
        started = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-c", MEASURED, module, str(answer), *arguments, target],
            env={**os.environ, **stack.variables},
            capture_output=True,
            text=True,
        )
        seconds = time.perf_counter() - started
        if done.returncode:
            raise RuntimeError(f"{way}: {done.stdout[-2000:]}{done.stderr[-4000:]}")
        return Round(seconds, float(answer.read_text()) / KIB_PER_MB)


def _making_seconds(stack: Stack) -> float:
    """Return how long the server takes to make the files, which every way has to wait for."""
    variables = {name.lower(): value for name, value in stack.variables.items()}
    van = connect(Settings.model_validate(variables))
    start = (datetime.now(UTC) - timedelta(days=DAYS)).strftime("%Y-%m-%dT%H:%M:%SZ")
    body = {"resourceType": "Contacts", "dateChangedFrom": start}
    started = time.perf_counter()
    job = call(van, "POST", "changedEntityExportJobs", json=body)["exportJobId"]
    while call(van, "GET", f"changedEntityExportJobs/{job}")["jobStatus"] != "Complete":
        time.sleep(0.1)
    return time.perf_counter() - started


def _print(found: dict[str, list[Round]], rows: int, making_seconds: float) -> None:
    table = Table("way", "seconds", "all rounds", "peak memory, MB", "rows verified each time")
    medians = []
    for way, rounds in found.items():
        medians.append(statistics.median(round.seconds for round in rounds))
        each = " ".join(f"{round.seconds:.1f}" for round in rounds)
        peak = max(round.peak_mb for round in rounds)
        table.add_row(way, f"{medians[-1]:.1f}", each, f"{peak:.0f}", f"{rows:,}")
    Console(width=110).print(table)
    ours, theirs = medians
    without = (theirs - making_seconds) / (ours - making_seconds)
    print(
        f"{theirs / ours:.1f} times faster; {without:.1f} times without the {making_seconds:.1f} "
        "seconds in which the server makes the files"
    )
