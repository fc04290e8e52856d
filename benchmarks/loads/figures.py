"""From measurements to the figures that are shown: ratios, and whether they reach their targets."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.loads.rounds import Measured
from benchmarks.loads.works import MEMORY_FACTOR, MEMORY_LIMIT_MB, SPEED_SPREAD, Target, Work

MEASURABLE_SECONDS = 0.001

Results = Mapping[str, Sequence[Measured]]
"""Measurements of one work by the name of the way, in the order of the rounds."""


@dataclass(frozen=True)
class Figure:
    """One comparison.

    Attributes:
        what: what is compared.
        value: as text.
        reach: the target, as text.
        is_met: whether it was reached.
    """

    what: str
    value: str
    reach: str
    is_met: bool


def median_seconds(measured: Sequence[Measured]) -> float:
    """The median time of a way."""
    return statistics.median(one.seconds for one in measured)


def median_mb(measured: Sequence[Measured]) -> float:
    """The median peak of a way's memory."""
    return statistics.median(one.peak_mb for one in measured)


def compare(target: Target, results: Results) -> tuple[float, float, float]:
    """The ratio that a target speaks of: of the medians, and the smallest and greatest of a round.

    `at most` compares our time with the other's, `at least` the other's with ours.
    """
    over, under = results[target.ours], results[target.other]
    if target.kind == "at least":
        over, under = under, over
    by_round = [a.seconds / b.seconds for a, b in zip(over, under, strict=False)]
    return median_seconds(over) / median_seconds(under), min(by_round), max(by_round)


def figures(work: Work, results: Results) -> list[Figure]:
    """Every comparison of a work with its target."""
    found = []
    for target in work.targets:
        ratio, least, most = compare(target, results)
        how = "times its time" if target.kind == "at most" else "times faster"
        met = ratio <= target.factor if target.kind == "at most" else ratio >= target.factor
        found.append(
            Figure(
                f"{target.ours} against {target.other}",
                f"{ratio:.2f} {how} ({least:.2f} to {most:.2f})",
                f"{target.kind} {target.factor:g}",
                met,
            )
        )
    return found


def growth_figures(rows: Mapping[str, int], results: Results) -> list[Figure]:
    """Memory and speed of the growing work; `rows` says how many each of its ways had.

    Speeds are those of the rows that one way has more than another: what every run costs, however
    small, is in neither.
    """
    few, middle, many = sorted(rows, key=lambda name: rows[name])
    peak, base = median_mb(results[many]), median_mb(results[middle])
    times = {name: median_seconds(results[name]) for name in rows}
    first, later = (
        (rows[more] - rows[less]) / max(times[more] - times[less], MEASURABLE_SECONDS)
        for less, more in ((few, middle), (middle, many))
    )
    factor = peak / base
    spread = max(first, later) / min(first, later) - 1
    return [
        Figure(
            f"peak memory, {rows[many]:,} rows against {rows[middle]:,}",
            f"{peak:.0f} MB against {base:.0f} MB: {factor:.2f} times",
            f"at most {MEMORY_FACTOR:g} times, under {MEMORY_LIMIT_MB} MB",
            factor <= MEMORY_FACTOR and peak < MEMORY_LIMIT_MB,
        ),
        Figure(
            f"rows per second, of those from {rows[few]:,} to {rows[middle]:,} and from there to"
            f" {rows[many]:,}",
            f"the later {later / first:.2f} of the earlier",
            f"within {SPEED_SPREAD:.0%}",
            spread <= SPEED_SPREAD,
        ),
    ]


def wrong_results(results: Results) -> list[str]:
    """A sentence for each way whose result was not what it should be."""
    found = []
    for way, measured in results.items():
        said = dict.fromkeys(problem for one in measured for problem in one.problems)
        if said:
            found.append(f"{way}: wrong result: {'; '.join(said)}.")
    return found
