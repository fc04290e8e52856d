"""From measurements to the figures that are shown: ratios, and whether they reach their targets."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.loads.rounds import Measured
from benchmarks.loads.works import Target, Work

LEAST_SHARE = 0.005

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


def step_shares(measured: Sequence[Measured]) -> dict[str, float]:
    """Which share of a way's time each of its steps took, over all rounds.

    What was not timed apart is `work`, unless it is too little to be seen.
    """
    whole = sum(one.seconds for one in measured)
    steps = dict.fromkeys(step for one in measured for step in one.steps)
    shares = {step: sum(one.steps.get(step, 0) for one in measured) / whole for step in steps}
    rest = 1 - sum(shares.values())
    return shares | ({"work": rest} if rest >= LEAST_SHARE else {})


def wrong_results(results: Results) -> list[str]:
    """A sentence for each way whose result was not what it should be."""
    found = []
    for way, measured in results.items():
        said = dict.fromkeys(problem for one in measured for problem in one.problems)
        if said:
            found.append(f"{way}: wrong result: {'; '.join(said)}.")
    return found
