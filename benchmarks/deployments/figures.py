"""From seconds to the figures that are shown: ratios, and whether they reach their targets."""

import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.deployments.growth import SIZES

LINEAR = 1.25
"""What a deployment may cost among 400, in times of the least that it costs among fewer. The start of
a process counts, so that cost falls at first; what is not linear makes it rise again."""

CHANGED_SECONDS = 1.5

AT_LEAST = (
    ("theirs, first", "apply, first", 3.0),
    ("theirs, nothing to do", "plan, nothing to do", 25.0),
    ("theirs, nothing to do", "apply, nothing to do", 25.0),
    ("theirs, nothing to do, delayed", "plan, nothing to do, delayed", 60.0),
    ("theirs, nothing to do, delayed", "apply, nothing to do, delayed", 60.0),
    ("theirs, one edit", "apply, one edit", 15.0),
)
"""How many times faster ours has to be."""


@dataclass(frozen=True)
class Figure:
    """One comparison.

    Attributes:
        what: what was measured.
        value: as text.
        target: as text.
        is_met: whether it was reached.
    """

    what: str
    value: str
    target: str
    is_met: bool


def find_figures(seconds: Mapping[str, Sequence[float]]) -> Iterator[Figure]:
    """Yield the figures of everything that was measured; ratios are those of medians."""
    medians = {name: statistics.median(each) for name, each in seconds.items()}
    for theirs, ours, least in AT_LEAST:
        if theirs in medians and ours in medians:
            ratio = medians[theirs] / medians[ours]
            yield Figure(ours, f"{ratio:.1f} times faster", f"at least {least:g}", ratio >= least)
    for kind in ("apply first", "apply nothing to do"):
        costs = [medians[name] / size for size in SIZES if (name := f"{kind}, {size}") in medians]
        if len(costs) == len(SIZES):
            growth = costs[-1] / min(costs)
            shown = ", ".join(f"{cost / costs[0]:.2f}" for cost in costs)
            what = f"{kind}: cost of one among {', '.join(map(str, SIZES))}"
            yield Figure(what, shown, f"at most {LINEAR:g}", growth <= LINEAR)
    if (name := "changed, 1,000 modules") in medians:
        taken = medians[name]
        yield Figure(
            name, f"{taken:.2f} s", f"under {CHANGED_SECONDS:g} s", taken < CHANGED_SECONDS
        )
