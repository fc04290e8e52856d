"""Run the proof, the comparison, or both.

    python -m benchmarks.everyaction_sync [--people 250000] [--rounds 5] [--only proof|speed]

250,000 people come in 12 files.
"""

import argparse
import os
import subprocess
import sys

from benchmarks.everyaction_sync.proof import prove
from benchmarks.everyaction_sync.speed import compare
from infrastructure.local.stack import temporary_stack
from tests.local.exports.server import Server

PEOPLE = 250_000
PEOPLE_PER_FILE_KB = 4.74
"""Of 12 files for 250,000."""


def main() -> None:
    """Read the arguments, start a stack, and run what was asked for."""
    reader = argparse.ArgumentParser()
    reader.add_argument("--people", type=int, default=PEOPLE)
    reader.add_argument("--rounds", type=int, default=5)
    reader.add_argument("--only", choices=("proof", "speed"))
    asked = reader.parse_args()
    file_kb = round(asked.people / 12 / PEOPLE_PER_FILE_KB)
    with temporary_stack(prefect=True) as stack:
        environment = {**os.environ, **stack.variables}
        subprocess.run([sys.executable, "-m", "blocks"], env=environment, check=True)
        with Server(stack).seeded(asked.people, file_kb) as server:
            if asked.only != "proof":
                compare(stack, server, asked.rounds)
            if asked.only != "speed":
                prove(stack, server)


if __name__ == "__main__":
    main()
