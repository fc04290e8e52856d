"""How fast three runs write to EveryAction together, and whether each write happens once.

Three processes of `python -m flows.van_origin_source_codes` share one limit of Prefect's server.
The local EveryAction grants 200 requests a second instead of the 20 that it grants a laptop, so
that 20,000 writes take minutes, not a quarter of an hour; it refuses (429) what is above that in
any second. First a steady run, then one in which runs are killed with SIGKILL and started again.

Run: .venv/bin/python -m benchmarks.everyaction_writes
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2
from rich.console import Console
from rich.table import Table

from infrastructure.local.everyaction.catalog import CODES
from infrastructure.local.stack import Stack, temporary_stack

RUNS = 3
STEADY_CODE, KILLED_CODE = (code["codeId"] for code in CODES[:2])
POSTED = r"^POST /v4/people/\d+/codes$"
LOOKED_UP = r"^GET /v4/people/\d+$"
POLL_SECONDS = 1.0
LEASE_SECONDS = 100
"""A little more than a request may take: what a killed run had claimed is taken over soon."""


@dataclass(frozen=True)
class Measured:
    """One run over all writes.

    Attributes:
        seconds: from the first write to the last.
        refused: answers 429.
        once: writes that were applied exactly once.
        others: pairs that were applied more than once, or never.
        looked: pairs that were looked up because a killed run may have sent them.
    """

    name: str
    writes: int
    seconds: float
    refused: int
    once: int
    others: int
    looked: int
    kills: int


class Bench:
    """A stack and what is done with it."""

    def __init__(self, stack: Stack, writes: int, granted: float, logs: Path) -> None:
        self._stack = stack
        self._writes = writes
        self._logs = logs
        self._variables = {**stack.variables, "VAN_REQUESTS_PER_SECOND": str(granted)}
        self._order("PUT", "people", {"count": writes})
        self._order("PUT", "limit", {"per_second": granted})
        self._run("blocks").wait()

    def measure(self, name: str, code_id: int, kills: int) -> Measured:
        """Write one code to everybody with three runs; kill one of them again and again."""
        self._fill(code_id)
        before = {status: self._count(status=status) for status in (204, 429)}
        looked = self._count(path=LOOKED_UP, status=200)
        runs = [self._flow() for _ in range(RUNS)]
        self._until(lambda: self._count(status=204) > before[204], runs)
        started, done = time.monotonic(), self._count(status=204)
        for kill in range(kills):
            wanted = before[204] + self._writes * (kill + 1) // (kills + 1)
            self._until(lambda: self._count(status=204) >= wanted, runs)
            victim = runs.pop(0)
            victim.kill()
            victim.wait()
            runs.append(self._flow())
        self._until(lambda: self._count(status=204) >= before[204] + self._writes, runs)
        seconds = time.monotonic() - started
        for run in runs:
            if run.wait(600) != 0:
                raise SystemExit(f"a run failed; its output is in {self._logs}")
        times = [row["times"] for row in self._ask("applied") if row["codeId"] == code_id]
        return Measured(
            name=name,
            writes=self._count(status=204) - done,
            seconds=seconds,
            refused=self._count(status=429) - before[429],
            once=times.count(1),
            others=self._writes - times.count(1),
            looked=self._count(path=LOOKED_UP, status=200) - looked,
            kills=kills,
        )

    def _fill(self, code_id: int) -> None:
        connection = psycopg2.connect(**self._stack.warehouse)
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute("DELETE FROM van.origin_source_codes")
                cursor.execute(
                    "INSERT INTO van.origin_source_codes (van_id, code_id) "
                    "SELECT n, %s FROM generate_series(1, %s) AS g (n)",
                    (code_id, self._writes),
                )
        finally:
            connection.close()

    def _flow(self) -> "subprocess.Popen[bytes]":
        return self._run("flows.van_origin_source_codes", "--lease-seconds", str(LEASE_SECONDS))

    def _run(self, *words: str) -> "subprocess.Popen[bytes]":
        with (self._logs / "runs.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", *words],
                env={**os.environ, **self._variables},
                stdout=log,
                stderr=log,
            )

    def _until(self, condition: Callable[[], bool], runs: "list[subprocess.Popen[bytes]]") -> None:
        while not condition():
            if all(run.poll() is not None for run in runs):
                raise SystemExit(f"all runs ended early; their output is in {self._logs}")
            time.sleep(POLL_SECONDS)

    def _count(self, *, status: int, path: str = POSTED) -> int:
        query = urllib.parse.urlencode({"path": path, "status": status})
        return int(self._ask(f"calls/count?{query}")["count"])

    def _ask(self, path: str) -> Any:
        return self._order("GET", path, None)

    def _order(self, method: str, path: str, body: dict[str, Any] | None) -> Any:
        address = self._stack.variables["VAN_API_URL"].removesuffix("v4/")
        request = urllib.request.Request(
            f"{address}_local/{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
            method=method,
        )
        with urllib.request.urlopen(request, timeout=120) as answer:
            return json.load(answer)


def main() -> None:
    """Measure both, and print a table."""
    reader = argparse.ArgumentParser(prog="python -m benchmarks.everyaction_writes")
    reader.add_argument("--writes", type=int, default=20_000)
    reader.add_argument("--granted", type=float, default=200.0, help="requests a second")
    reader.add_argument("--kills", type=int, default=6)
    wanted = reader.parse_args()
    logs = Path(tempfile.mkdtemp(prefix="everyaction-writes-"))
    print(f"output of the runs: {logs}", file=sys.stderr)
    with temporary_stack(prefect=True) as stack:
        bench = Bench(stack, wanted.writes, wanted.granted, logs)
        measured = [
            bench.measure("steady", STEADY_CODE, 0),
            bench.measure("with kills", KILLED_CODE, wanted.kills),
        ]
    _show(measured, wanted.granted)


def _show(measured: list[Measured], granted: float) -> None:
    shown = Table(title=f"{RUNS} runs, {granted:g} requests a second granted", title_justify="left")
    columns = (
        "run|writes|seconds|writes a second|of the limit|429|applied once|else|kills|looked up"
    )
    for name in columns.split("|"):
        shown.add_column(name, justify="left" if name == "run" else "right")
    for each in measured:
        rate = each.writes / each.seconds
        numbers = (each.refused, each.once, each.others, each.kills, each.looked)
        shown.add_row(
            each.name,
            f"{each.writes:,}",
            f"{each.seconds:.1f}",
            f"{rate:.1f}",
            f"{rate / granted:.2f}",
            *(f"{number:,}" for number in numbers),
        )
    Console(width=110).print(shown)


if __name__ == "__main__":
    main()
