"""Measure our loads against those of others: `make bench`, or

    python -m benchmarks.loads [--only csv,json] [--rows 50000] [--rounds 1] [--keep] [--write]

A whole run writes docs/benchmarks.md and its chart. A run of some works prints them, and writes
nothing unless told to; with --keep it takes the other works from the run before.
"""

import argparse
import json
import os
import platform
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

import psutil
from rich.console import Console

from benchmarks.loads.document import Run, markdown, show, way_lines
from benchmarks.loads.rounds import PEERS_PYTHON, Measured, Rounds
from benchmarks.loads.works import WORKS, Work
from infrastructure.local.folder import REPOSITORY
from infrastructure.local.stack import temporary_stack

RESULTS = REPOSITORY / ".local" / "benchmarks" / "loads.json"
DOCUMENT = REPOSITORY / "docs" / "benchmarks.md"
OURS, PEERS = ("pyarrow", "boto3", "msgspec"), (
    "awswrangler",
    "dlt",
    "parsons",
    "pandas",
    "pyarrow",
)
GIB = 1 << 30


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print and write."""
    asked = read_arguments(arguments)
    if not PEERS_PYTHON.exists():
        raise SystemExit("The others are not installed; `make bench` does that first.")
    console = Console()
    works = [work for work in WORKS if not asked.only or work.name in asked.only.split(",")]
    results = _kept(asked.rows) if asked.keep and RESULTS.exists() else {}
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        with temporary_stack(prefect=False) as stack:
            rounds = Rounds(stack, Path(folder), asked.rows, lambda said: console.log(said))
            for work in works:
                results[work.name] = _measured(rounds, work, asked)
                _remember(results, asked.rows)
                show(work, _run(asked, results, rounds.csv_bytes), console)
            rounds.close()
        run = _run(asked, results, rounds.csv_bytes)
        if asked.write or (set(results) == {work.name for work in WORKS} and not asked.only):
            _write(run, Path(folder))
            console.print(f"Written: {DOCUMENT.relative_to(REPOSITORY)}")


def read_arguments(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Read what is asked for; end with a message when it cannot be."""
    names = ",".join(work.name for work in WORKS)
    parser = argparse.ArgumentParser(prog="python -m benchmarks.loads", description=main.__doc__)
    parser.add_argument("--only", default="", help=f"works to measure, of: {names}")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--slow-rounds", type=int, help="of ways that take very long; as the others"
    )
    parser.add_argument("--keep", action="store_true", help="take other works from the run before")
    parser.add_argument("--write", action="store_true", help="write the document in any case")
    asked = parser.parse_args(arguments)
    asked.slow_rounds = asked.rounds if asked.slow_rounds is None else asked.slow_rounds
    unknown = set(filter(None, asked.only.split(","))) - {work.name for work in WORKS}
    if unknown:
        parser.error(f"no work is called {sorted(unknown)[0]!r}; there are: {names}")
    return asked


def _measured(rounds: Rounds, work: Work, asked: argparse.Namespace) -> dict[str, list[Measured]]:
    found: dict[str, list[Measured]] = {way.name: [] for way in work.ways}
    for way, measured in rounds.measure(work, asked.rounds, asked.slow_rounds):
        found[way.name].append(measured)
    return found


def _remember(results: dict[str, dict[str, list[Measured]]], rows: int) -> None:
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    plain = {
        work: {way: [asdict(one) for one in measured] for way, measured in ways.items()}
        for work, ways in results.items()
    }
    RESULTS.write_text(json.dumps({"rows": rows, "results": plain}, indent=1))


def _kept(rows: int) -> dict[str, dict[str, list[Measured]]]:
    """The works of the run before that had as many rows and the ways that there are now."""
    known = json.loads(RESULTS.read_text())
    if known.get("rows") != rows:
        return {}
    names = {work.name: {way.name for way in work.ways} for work in WORKS}
    return {
        work: {way: [Measured(**one) for one in measured] for way, measured in ways.items()}
        for work, ways in known["results"].items()
        if set(ways) == names.get(work)
    }


def _run(
    asked: argparse.Namespace, results: dict[str, dict[str, list[Measured]]], csv_bytes: int
) -> Run:
    return Run(
        command="make bench",
        rows=asked.rows,
        rounds=asked.rounds,
        csv_mb=csv_bytes / 1e6,
        machine=_machine(),
        versions=_versions(),
        commit=_said_by("git", "describe", "--always", "--dirty"),
        results=results,
    )


def _write(run: Run, folder: Path) -> None:
    DOCUMENT.write_text(markdown(run))
    bars = [
        (
            work.title,
            [
                (name, float(ratio), way.kind)
                for way, (name, ratio, *_) in zip(work.ways, way_lines(work, run), strict=True)
            ],
        )
        for work in WORKS
        if work.targets and work.name in run.results
    ]
    asked = folder / "bars.json"
    asked.write_text(json.dumps(bars))
    chart = str(DOCUMENT.with_suffix(".png"))
    command = [str(PEERS_PYTHON), "-m", "benchmarks.loads.chart", str(asked), chart]
    subprocess.run(command, cwd=REPOSITORY, check=True)


def _machine() -> str:
    """Processor, cores and memory."""
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    memory = psutil.virtual_memory().total / GIB
    model = models[0] if models else platform.processor() or platform.machine()
    return f"{model}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()}"


def _versions() -> str:
    ours = ", ".join(f"{name} {version(name)}" for name in OURS)
    code = "import sys, importlib.metadata as m; print(*(f'{n} {m.version(n)}' for n in sys.argv[1:]), sep=', ')"
    peers = _said_by(str(PEERS_PYTHON), "-c", code, *PEERS)
    return f"Python {platform.python_version()}; ours with {ours}; the others: {peers}"


def _said_by(*command: str) -> str:
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True)
    return done.stdout.strip()


if __name__ == "__main__":
    main()
