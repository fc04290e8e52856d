"""The figures of the growing work: memory, and rows per second with and without the start-up."""

from collections.abc import Callable, Mapping, Sequence

from benchmarks.loads.figures import Figure, Results, median_mb, median_seconds
from benchmarks.loads.works import MEMORY_FACTOR, MEMORY_LIMIT_MB, SLOWEST_SHARE

MEASURABLE_SECONDS = 0.001

Speeds = Callable[[Sequence[int], Sequence[float]], list[float]]
"""Rows per second from the rows of each way, ascending, and their seconds."""


def growth_figures(rows: Mapping[str, int], results: Results) -> list[Figure]:
    """Memory and speed of the growing work; `rows` says how many each of its ways had."""
    names = sorted(rows, key=lambda name: rows[name])
    counts = [rows[name] for name in names]
    seconds = [median_seconds(results[name]) for name in names]
    by_round = [
        [one.seconds for one in measured]
        for measured in zip(*(results[name] for name in names), strict=False)
    ]
    steps = [f"{less:,} to {more:,}" for less, more in zip(counts, counts[1:], strict=False)]
    sizes = [f"{count:,}" for count in counts]
    return [
        _memory_figure(rows, results),
        _speed_figure("of the whole time", sizes, counts, [seconds, *by_round], whole_speeds),
        _speed_figure("of the rows added", steps, counts, [seconds, *by_round], added_speeds),
    ]


def whole_speeds(rows: Sequence[int], seconds: Sequence[float]) -> list[float]:
    """Rows by the whole wall time: what every run costs, however small, is in each."""
    return [count / time for count, time in zip(rows, seconds, strict=True)]


def added_speeds(rows: Sequence[int], seconds: Sequence[float]) -> list[float]:
    """Rows that one has more than the one before, by the time they took: start-up is in none."""
    return [
        (rows[at] - rows[at - 1]) / max(seconds[at] - seconds[at - 1], MEASURABLE_SECONDS)
        for at in range(1, len(rows))
    ]


def _speed_figure(
    what: str,
    labels: Sequence[str],
    rows: Sequence[int],
    seconds: Sequence[Sequence[float]],
    speeds: Speeds,
) -> Figure:
    """Compare the slowest with the fastest: of the medians, which come first, and in each round."""
    share, *in_rounds = (min(found) / max(found) for found in (speeds(rows, s) for s in seconds))
    medians = speeds(rows, seconds[0])
    each = "; ".join(
        f"{label}: {speed / max(medians):.2f}" for label, speed in zip(labels, medians, strict=True)
    )
    return Figure(
        f"rows per second {what}, slowest against fastest",
        f"{share:.2f} ({min(in_rounds):.2f} to {max(in_rounds):.2f}); {each}",
        f"at least {SLOWEST_SHARE:g}",
        share >= SLOWEST_SHARE,
    )


def _memory_figure(rows: Mapping[str, int], results: Results) -> Figure:
    *_, middle, many = sorted(rows, key=lambda name: rows[name])
    peak, base = median_mb(results[many]), median_mb(results[middle])
    factor = peak / base
    return Figure(
        f"peak memory, {rows[many]:,} rows against {rows[middle]:,}",
        f"{peak:.0f} MB against {base:.0f} MB: {factor:.2f} times",
        f"at most {MEMORY_FACTOR:g} times, under {MEMORY_LIMIT_MB} MB",
        factor <= MEMORY_FACTOR and peak < MEMORY_LIMIT_MB,
    )
