"""Time and memory of one whole sync, in a fresh process, in alternating rounds."""

import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import datetime
from datetime import time as time_of_day
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.loads.measured import KIB_PER_MB
from infrastructure.local.stack import Stack
from tests.clients import ask
from tests.local.exports.server import Server, difference

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
    """One sync.

    Attributes:
        seconds: of the whole process.
        after_seconds: of them, from when the job was complete.
        peak_mb: greatest resident memory.
    """

    seconds: float
    after_seconds: float
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
    _print(found, len(people))


def _run(stack: Stack, way: str, target: str) -> Round:
    module, arguments = WAYS[way]
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "peak"
        started, started_at = time.perf_counter(), time.time()
        done = subprocess.run(
            [sys.executable, "-c", MEASURED, module, str(answer), *arguments, target],
            env={**os.environ, **stack.variables},
            capture_output=True,
            text=True,
        )
        seconds = time.perf_counter() - started
        if done.returncode:
            raise RuntimeError(f"{way}: {done.stdout[-2000:]}{done.stderr[-4000:]}")
        ended = started_at + seconds
        after = ended - _ready_at(done.stdout + done.stderr, datetime.fromtimestamp(ended))
        return Round(seconds, after, float(answer.read_text()) / KIB_PER_MB)


def _ready_at(said: str, day: datetime) -> float:
    """Return when the job was complete, from what a run has printed."""
    told = re.search(r"^complete at ([\d.]+)$", said, flags=re.MULTILINE)
    if told is not None:
        return float(told[1])
    logged = re.search(r"^([\d:.]+) .* is Complete: ", said, flags=re.MULTILINE)
    if logged is None:
        raise RuntimeError("the run did not say when its job was complete")
    return datetime.combine(day, time_of_day.fromisoformat(logged[1])).timestamp()


def _print(found: dict[str, list[Round]], rows: int) -> None:
    table = Table(
        "way", "seconds", "after the job", "all rounds", "peak memory, MB", "rows verified"
    )
    whole, after = [], []
    for way, rounds in found.items():
        whole.append(statistics.median(round.seconds for round in rounds))
        after.append(statistics.median(round.after_seconds for round in rounds))
        each = " ".join(f"{round.seconds:.1f}" for round in rounds)
        peak = max(round.peak_mb for round in rounds)
        figures = (
            f"{whole[-1]:.1f}",
            f"{after[-1]:.1f}",
            each,
            f"{peak:.0f}",
            f"{rows:,} each time",
        )
        table.add_row(way, *figures)
    Console(width=110).print(table)
    print(
        f"{whole[1] / whole[0]:.1f} times faster from start to end; {after[1] / after[0]:.1f} times "
        "from when the server has made the files, which every way has to wait for"
    )
