"""What a small `python -m flows.file_ingest` costs against a flow that does nothing.

Both run as fresh processes against the same running stack, alternating, so that a busy machine
slows both. Run: .venv/bin/python -m benchmarks.start_up
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from infrastructure.local.stack import temporary_stack

RUNS = 5
HELLO = """
from prefect import flow

@flow
def hello() -> int:
    return 1

if __name__ == "__main__":
    hello()
"""


def main() -> None:
    """Print the median of each, and the ratio."""
    with tempfile.TemporaryDirectory() as name, temporary_stack() as stack:
        folder = Path(name)
        (folder / "hello.py").write_text(HELLO)
        environment = {**os.environ, **stack.variables}
        times: dict[str, list[float]] = {"hello-world flow": [], "file_ingest, one small file": []}
        for run in range(RUNS + 1):
            file = folder / f"{run}.csv"
            file.write_text(f"id,name\n{run},run {run}\n")
            commands = [
                [str(folder / "hello.py")],
                ["-m", "flows.file_ingest", str(file), "public.start_up"],
            ]
            for seconds, command in zip(times.values(), commands, strict=True):
                seconds.append(_seconds(command, environment))
    _show({name: seconds[1:] for name, seconds in times.items()})


def _seconds(command: list[str], environment: dict[str, str]) -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, *command], env=environment, check=True, capture_output=True)
    return time.perf_counter() - started


def _show(times: dict[str, list[float]]) -> None:
    medians = {name: statistics.median(seconds) for name, seconds in times.items()}
    base = next(iter(medians.values()))
    table = Table("", "median of five, seconds", "times hello-world")
    for name, median in medians.items():
        table.add_row(name, f"{median:.2f}", f"{median / base:.2f}")
    Console().print(table)


if __name__ == "__main__":
    main()
