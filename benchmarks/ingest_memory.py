"""Peak memory of `file_ingest` for a file and for one of ten times its rows.

Each runs as a fresh process; the peak is the process's own, as the operating system counted it.
Run: .venv/bin/python -m benchmarks.ingest_memory [ROWS]
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.loads.measured import KIB_PER_MB
from infrastructure.local.stack import temporary_stack

ROWS = 1_000_000

MEASURED = """
import sys
from benchmarks.loads.measured import peak_kib
from flows.file_ingest import file_ingest
file_ingest(sys.argv[1], sys.argv[2])
print(peak_kib())
"""


def main(first: int) -> None:
    """Print rows, size and peak of a file of that many rows and of the larger one, and the ratio."""
    peaks = []
    table = Table("rows", "file, MB", "peak memory, MB")
    with tempfile.TemporaryDirectory() as name, temporary_stack() as stack:
        for rows in (first, 10 * first):
            file = Path(name) / f"{rows}.csv"
            _write(file, rows)
            environment = {**os.environ, **stack.variables}
            done = subprocess.run(
                [sys.executable, "-c", MEASURED, str(file), f"public.rows_{rows}"],
                env=environment,
                check=True,
                stdout=subprocess.PIPE,
                text=True,
            )
            peaks.append(float(done.stdout.splitlines()[-1]) / KIB_PER_MB)
            table.add_row(f"{rows:,}", f"{file.stat().st_size / 1e6:.0f}", f"{peaks[-1]:.0f}")
    Console().print(table)
    print(f"ten times the rows: {peaks[1] / peaks[0]:.2f} times the memory")


def _write(file: Path, rows: int) -> None:
    """Contact-like rows: text, codes with leading zeros, numbers, dates."""
    with file.open("w") as out:
        out.write("vanid,first,last,email,phone,zip,score,amount,joined,active\n")
        for row in range(rows):
            out.write(
                f"{100_000_000 + row},First{row % 977},Last{row % 7919},person{row}@example.org,"
                f"+1555{row % 10_000_000:07d},{row % 99_951:05d},{row % 1000 / 7:.6f},"
                f"{row % 500}.{row % 100:02d},20{row % 25:02d}-{row % 12 + 1:02d}-{row % 28 + 1:02d},"
                f"{'true' if row % 3 else 'false'}\n"
            )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
