"""The request limit over any arrival of requests."""

from hypothesis import given
from hypothesis import strategies as st

from infrastructure.local.everyaction.limit import Limit

GAPS = st.lists(st.floats(0, 1.5, allow_nan=False), max_size=200)


@given(gaps=GAPS, per_second=st.integers(1, 20))
def test_no_second_has_more_than_the_limit(gaps: list[float], per_second: int) -> None:
    """Whatever the arrivals, any window of one second holds at most the limit."""
    now = [0.0]
    limit = Limit(per_second, lambda: now[0])
    admitted = []
    for gap in gaps:
        now[0] += gap
        if limit.admits():
            admitted.append(now[0])
    for start in admitted:
        assert sum(start <= moment < start + 1.0 for moment in admitted) <= per_second


@given(gaps=GAPS, per_second=st.integers(1, 20))
def test_nothing_is_refused_without_need(gaps: list[float], per_second: int) -> None:
    """A request is refused only when the second before it is full; refused ones do not count."""
    now = [0.0]
    limit = Limit(per_second, lambda: now[0])
    admitted: list[float] = []
    for gap in gaps:
        now[0] += gap
        recent = [moment for moment in admitted if moment > now[0] - 1.0]
        assert limit.admits() == (len(recent) < per_second)
        if len(recent) < per_second:
            admitted.append(now[0])


def test_without_a_limit_everything_is_let_in() -> None:
    """None is no limit, and a new limit begins with an empty second."""
    limit = Limit(None, lambda: 0.0)
    assert all(limit.admits() for _ in range(1_000))
    limit.change(1)
    assert [limit.admits(), limit.admits()] == [True, False]
    limit.change(1)
    assert limit.admits()
