"""Who decides: never a service that fails, never one that lies against the others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utilities.egress import Sighting, judge, read_declared, require_declared
from utilities.egress.judgement import doubts
from utilities.errors import ApiUnavailable, EgressMismatch, SettingsInvalid

DECLARED = read_declared("203.0.113.7,203.0.113.8")
OURS, ALSO_OURS, STRANGE = "203.0.113.7", "203.0.113.8", "198.51.100.9"


def sightings(*addresses: str | None) -> list[Sighting]:
    """What services a, b, c, ... said; None: it failed."""
    names = "abcdefg"
    return [
        Sighting(names[at], address, "" if address else "answered 503")
        for at, address in enumerate(addresses)
    ]


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        ((OURS, OURS, OURS), "declared"),
        ((OURS, ALSO_OURS, OURS), "declared"),
        ((OURS, OURS, None), "declared"),
        ((OURS, OURS, STRANGE), "declared"),
        ((OURS, None), "declared"),
        ((OURS,), "declared"),
        ((STRANGE, STRANGE, STRANGE), "not declared"),
        ((OURS, STRANGE, STRANGE), "not declared"),
        ((OURS, STRANGE, None), "not declared"),
        ((OURS, STRANGE), "not declared"),
        ((STRANGE,), "not declared"),
        ((OURS, None, None), "not certain"),
        ((STRANGE, None, None), "not certain"),
        ((None, None), "not certain"),
    ],
)
def test_the_rule(said: tuple[str | None, ...], verdict: str) -> None:
    """Half of the services have to answer; an address that is not declared counts when two tell
    one, or as many as tell a declared one."""
    assert judge(sightings(*said), DECLARED) == verdict
    assert judge(sightings(*said), read_declared("")) == "nothing declared"


@given(st.integers(3, 7), st.integers(0, 6), st.sampled_from([None, STRANGE]))
def test_no_single_service_decides(count: int, at: int, said: str | None) -> None:
    """Of three or more, one that fails or lies changes nothing, wherever it stands; it is told."""
    for usual, verdict in ((OURS, "declared"), (STRANGE, "not declared")):
        addresses: list[str | None] = [usual] * count
        addresses[at % count] = OURS if usual == STRANGE and said else said
        seen = sightings(*addresses)
        assert judge(seen, DECLARED) == verdict
        if verdict == "declared":
            (doubt,) = doubts(seen, DECLARED)
            assert doubt.startswith(f"{seen[at % count].service}")


def test_another_address_is_told_with_what_to_do() -> None:
    """Found and by whom, declared, what it means, and where to read on."""
    with pytest.raises(EgressMismatch) as caught:
        require_declared(sightings(STRANGE, STRANGE, OURS), DECLARED)
    assert str(caught.value) == (
        "This run reaches others from 198.51.100.9 (seen by a, b); declared in EGRESS_ADDRESSES: "
        "203.0.113.7, 203.0.113.8. Who has only these on an allow list does not let it in. Send the "
        "run through a declared address again, or tell those who keep the allow lists the new one "
        "and declare it: docs/runbooks/address-changed.md."
    )


def test_nothing_declared_is_a_failure_that_tells_the_address() -> None:
    """A check that compares with nothing is not green; what was found can be copied from it."""
    with pytest.raises(SettingsInvalid) as caught:
        require_declared(sightings(OURS, None, ALSO_OURS), read_declared(""))
    assert "nothing is declared, so nothing was proven" in str(caught.value)
    assert "203.0.113.7 (seen by a) and 203.0.113.8 (seen by c)" in str(caught.value)


def test_too_few_answers_are_worth_another_run() -> None:
    """What each did instead is told."""
    with pytest.raises(ApiUnavailable) as caught:
        require_declared(sightings(OURS, None, None), DECLARED)
    told = "(b: answered 503; c: answered 503); expected 2 answers of 3."
    assert told in str(caught.value)


def test_a_declared_address_passes() -> None:
    """Nothing is raised, also when one service failed."""
    require_declared(sightings(OURS, None, ALSO_OURS), DECLARED)
