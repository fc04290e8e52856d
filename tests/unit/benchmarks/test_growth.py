"""Growth is judged by memory, by the whole time and by the rows that were added."""

from benchmarks.loads.figures import Figure
from benchmarks.loads.growth import added_speeds, growth_figures, whole_speeds
from benchmarks.loads.rounds import Measured

ROWS = {"many": 10_000, "few": 100, "middle": 1_000}


def judged(
    few: list[float], middle: list[float], many: list[float], peak_mb: float = 100
) -> tuple[Figure, Figure, Figure]:
    """The figures of runs that took so many seconds, a round each; the base peak is 100 MB."""
    results = {
        "few": [Measured(one, 100, ()) for one in few],
        "middle": [Measured(one, 100, ()) for one in middle],
        "many": [Measured(one, peak_mb, ()) for one in many],
    }
    memory, whole, added = growth_figures(ROWS, results)
    return memory, whole, added


def test_memory_has_a_factor() -> None:
    """A fifth more is allowed, and no more."""
    assert judged([1], [10], [100], peak_mb=119)[0].is_met
    assert not judged([1], [10], [100], peak_mb=121)[0].is_met


def test_memory_has_a_limit() -> None:
    """However little it grew, 600 MB are too much."""
    results = {name: [Measured(1, 600, ())] for name in ROWS}
    assert not growth_figures(ROWS, results)[0].is_met


def test_speed_counts_the_whole_time() -> None:
    """Rows by all seconds: the slowest of the three may be a quarter slower than the fastest."""
    assert whole_speeds([100, 1_000], [0.5, 4]) == [200, 250]
    assert judged([1.33], [10], [100])[1].is_met
    assert not judged([1.34], [10], [100])[1].is_met
    assert not judged([1], [10], [134])[1].is_met, "slower when greater counts as well"


def test_start_up_is_the_difference() -> None:
    """Half a second that every run takes is in the whole time, and not in that of added rows."""
    _, whole, added = judged([0.6], [1.5], [10.5])
    assert not whole.is_met and added.is_met
    assert whole.value == "0.18 (0.18 to 0.18); 100: 0.18; 1,000: 0.70; 10,000: 1.00"
    assert added.value == "1.00 (1.00 to 1.00); 100 to 1,000: 1.00; 1,000 to 10,000: 1.00"


def test_added_rows_have_a_target_too() -> None:
    """The later rows may be a quarter slower than the earlier, or faster."""
    assert added_speeds([100, 1_000, 10_000], [1, 2, 5]) == [900, 3_000]
    assert judged([1], [10], [129])[2].is_met
    assert not judged([1], [10], [131])[2].is_met
    assert not judged([1], [10], [70])[2].is_met


def test_no_time_for_more_rows_is_no_error() -> None:
    """On a tiny run noise can be greater than the work."""
    assert not judged([1], [0.9], [0.8])[2].is_met


def test_rounds_are_in_brackets() -> None:
    """Medians are judged; the least and the greatest share of a round say how sure they are."""
    _, whole, _ = judged([1, 2, 1], [10, 10, 10], [100, 100, 100])
    assert whole.is_met and whole.value.startswith("1.00 (0.50 to 1.00)")
