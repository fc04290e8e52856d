"""Ratios are of medians, their targets are read the right way round, and the document has all."""

import pytest

from benchmarks.loads.document import Run, markdown
from benchmarks.loads.figures import Results, compare, figures, step_shares, wrong_results
from benchmarks.loads.rounds import Measured
from benchmarks.loads.works import WORKS, Target, Work


def measured(
    *seconds: float, peak_mb: float = 100, problems: tuple[str, ...] = ()
) -> list[Measured]:
    """Measurements that took so long."""
    return [Measured(one, peak_mb, problems) for one in seconds]


def test_ratios_are_of_medians() -> None:
    """One slow round moves the bracket, not the ratio."""
    results = {"ours": measured(1, 2, 9), "peer": measured(4, 4, 4)}
    faster = Target("ours", "peer", "at least", 2)
    slower = Target("ours", "peer", "at most", 1)
    assert compare(faster, results) == (2.0, 4 / 9, 4.0)
    assert compare(slower, results) == (0.5, 0.25, 2.25)


@pytest.mark.parametrize(
    ("kind", "factor", "is_met"),
    [
        ("at least", 2, True),
        ("at least", 2.1, False),
        ("at most", 0.5, True),
        ("at most", 0.4, False),
    ],
)
def test_targets_are_met_or_missed(kind: str, factor: float, is_met: bool) -> None:
    """Twice as fast meets `at least 2` and `at most 0.5`."""
    target = Target("ours", "peer", kind, factor)  # type: ignore[arg-type]
    work = Work("w", "W", "csv", "staged", (), (target,))
    results = {"ours": measured(1), "peer": measured(2)}
    assert [figure.is_met for figure in figures(work, results)] == [is_met]


def test_steps_make_up_the_whole() -> None:
    """What was not timed apart is work; a step that one round lacks took no time there."""
    results = [
        Measured(4, 100, (), {"imports": 1, "staging": 2}),
        Measured(4, 100, (), {"imports": 1}),
    ]
    assert step_shares(results) == {"imports": 0.25, "staging": 0.25, "work": 0.5}


def test_a_wrong_result_is_told_once() -> None:
    """However many rounds gave it."""
    results = {"peer": measured(1, 1, problems=("zip: missing",)), "ours": measured(1)}
    assert wrong_results(results) == ["peer: wrong result: zip: missing."]


def test_the_document_has_every_work_and_no_seconds() -> None:
    """Times on one machine say nothing on another; ratios do."""
    results: dict[str, Results] = {
        work.name: {way.name: measured(7.123, 7.123) for way in work.ways} for work in WORKS
    }
    run = Run("make bench", 1_000_000, 2, 229.0, "a machine", "versions", "abc", results)
    text = markdown(run)
    assert all(f"## {work.title}" in text for work in WORKS)
    assert "7.12" not in text
    targets = [target for work in WORKS for target in work.targets]
    missed = sum(target.kind == "at least" for target in targets)
    assert text.count("| **missed** |") == missed + 2, "equal times for ten times the rows"
