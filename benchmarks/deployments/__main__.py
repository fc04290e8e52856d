"""How fast deployments are brought up to date: see the package."""

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.deployments.figures import Figure, find_figures
from benchmarks.deployments.growth import measure_changed, measure_growth
from benchmarks.deployments.rounds import Measured, measure_round

COMPARED = ("first", "nothing", "delayed", "edit")
PARTS = (*COMPARED, "growth", "changed")


def main() -> None:
    """Measure what is wanted, print medians, ratios and verdicts; status 1 when one is missed."""
    reader = argparse.ArgumentParser(prog="python -m benchmarks.deployments")
    reader.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    reader.add_argument("--rounds", type=int, default=3)
    reader.add_argument("--flows", type=int, default=200)
    reader.add_argument("--modules", type=int, default=60, help="of the shelf")
    wanted = reader.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="deployments-benchmark-"))
    print(f"repositories and output: {folder}", file=sys.stderr)
    measured = Measured()
    for number in range(wanted.rounds):
        here = folder / f"round-{number}"
        here.mkdir()
        if set(COMPARED) & set(wanted.only):
            measure_round(here, wanted.only, wanted.flows, wanted.modules, measured)
        if "growth" in wanted.only:
            measure_growth(here, wanted.modules, measured)
        if "changed" in wanted.only:
            measure_changed(here, measured)
    figures = list(find_figures(measured.seconds))
    _show(measured, figures)
    sys.exit(0 if not measured.broken and all(figure.is_met for figure in figures) else 1)


def _show(measured: Measured, figures: list[Figure]) -> None:
    times = Table(title="Medians", title_justify="left")
    times.add_column("")
    times.add_column("seconds", justify="right")
    times.add_column("measured", justify="right")
    for name, seconds in measured.seconds.items():
        times.add_row(name, f"{statistics.median(seconds):.2f}", str(len(seconds)))
    verdicts = Table("", "measured", "target", "", title="Against targets", title_justify="left")
    for figure in figures:
        verdict = "reached" if figure.is_met else "MISSED"
        verdicts.add_row(figure.what, figure.value, figure.target, verdict)
    for promise in sorted(set(measured.broken)):
        verdicts.add_row(promise, "did not hold", "always", "MISSED")
    console = Console(width=110)
    console.print(times)
    console.print(verdicts)


if __name__ == "__main__":
    main()
