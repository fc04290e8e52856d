"""Every use of a peer has the verdict that the peer has."""

import pytest

from benchmarks.loads.__main__ import read_arguments
from benchmarks.loads.works import WORKS, Target, Work

COMPARED = [work for work in WORKS if any(way.has_own_packages for way in work.ways)]


def peers(work: Work) -> list[Target]:
    """Targets that speak of others."""
    return [target for target in work.targets if target.kind == "at least"]


@pytest.mark.parametrize("work", WORKS, ids=lambda work: work.name)
def test_targets_name_ways(work: Work) -> None:
    """No target speaks of a way that is not measured, and names are given once."""
    names = [way.name for way in work.ways]
    assert len(set(names)) == len(names)
    assert all({target.ours, target.other} <= set(names) for target in work.targets)


@pytest.mark.parametrize("work", COMPARED, ids=lambda work: work.name)
def test_every_use_of_a_peer_is_judged(work: Work) -> None:
    """No way of another tool is shown without a verdict."""
    theirs = [way.name for way in work.ways if way.has_own_packages]
    assert sorted(target.other for target in peers(work)) == sorted(theirs)


@pytest.mark.parametrize("work", COMPARED, ids=lambda work: work.name)
def test_both_uses_have_one_target(work: Work) -> None:
    """Tuned by hand or not, a peer has to be beaten by as much; every name says which it is."""
    kinds = {way.name: way.kind for way in work.ways}
    factors: dict[str, set[float]] = {}
    uses: dict[str, list[str]] = {}
    for target in peers(work):
        peer, use = target.other.split(", ", 1)
        assert use.startswith(kinds[target.other])
        factors.setdefault(peer, set()).add(target.factor)
        uses.setdefault(peer, []).append(kinds[target.other])
    assert all(len(found) == 1 for found in factors.values())
    for peer in {"parsons", "dlt with rows"} & set(uses) if work.name != "warehouse" else ():
        assert uses.pop(peer) == ["documented"], "it has one use"
    assert all(found == ["documented", "tuned by hand"] for found in uses.values())


def test_every_way_has_as_many_rounds() -> None:
    """Medians are of five for the slow as for the fast, unless a quick look is asked for."""
    assert read_arguments([]).slow_rounds == read_arguments([]).rounds == 5
    assert read_arguments(["--slow-rounds", "1"]).slow_rounds == 1
