"""One measurement, as a process of its own: the clock runs from the first import to the last byte.

    python -m benchmarks.loads.measured JOB.json RESULT.json

The job names a module and a function of `benchmarks.loads.ways`, which may return the seconds of
its steps by name. Records as Python objects are somebody's input, not part of the work: they are
made before the clock starts.
"""

import importlib
import json
import resource
import sys
import time
from pathlib import Path

from benchmarks.loads.job import Job

KIB_PER_MB = 1024


def main(asked: Path, answer: Path) -> None:
    """Carry out the job of a file and write seconds and peak memory into another."""
    order = json.loads(asked.read_text())
    job = Job(**order["job"])
    records = read_records(job.source) if order["records"] else None
    started = time.perf_counter()
    way = getattr(importlib.import_module(f"benchmarks.loads.ways.{order['module']}"), order["way"])
    imported = time.perf_counter()
    steps = way(job) if records is None else way(job, records)
    seconds = time.perf_counter() - started
    told = {
        "seconds": seconds,
        "peak_mb": peak_kib() / KIB_PER_MB,
        "steps": {"imports": imported - started} | (steps or {}),
    }
    answer.write_text(json.dumps(told))


def peak_kib() -> float:
    """The greatest resident memory of this process so far.

    Linux counts it for the program; what getrusage tells there includes the parent's, from before
    the program was started.
    """
    status = Path("/proc/self/status")
    if status.exists():
        lines = (line.split() for line in status.read_text().splitlines())
        return float(next(words[1] for words in lines if words[0] == "VmHWM:"))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / KIB_PER_MB if sys.platform == "darwin" else peak


def read_records(pages: str) -> list[dict[str, object]]:
    """Every record of a file of JSON pages, as Python objects."""
    with Path(pages).open("rb") as file:
        return [record for page in file for record in json.loads(page)]


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
