"""Whether what services have seen is what was declared.

Half of the services have to tell an address, so one that fails does not decide. An address that is
not declared counts when two services tell one, or as many as tell a declared one; so one that lies
does not decide either: its word against a majority is told, and no more. Different addresses are
fine as long as each is declared: that is how several NAT gateways look.
"""

from collections.abc import Sequence
from typing import Literal

from utilities.egress.asking import Sighting, enough, has_enough
from utilities.egress.declared import Declared
from utilities.errors import ApiUnavailable, EgressMismatch, SettingsInvalid

Verdict = Literal["declared", "not declared", "nothing declared", "not certain"]

SEVERAL = 2
"""Services that tell an address which is not declared: too many to be all wrong."""

RUNBOOK = "docs/runbooks/address-changed.md"


def judge(sightings: Sequence[Sighting], declared: Declared) -> Verdict:
    """Compare what was seen with what was declared."""
    if not declared:
        return "nothing declared"
    if not has_enough(sightings):
        return "not certain"
    strange = len(_strange(sightings, declared))
    usual = sum(sighting.address is not None for sighting in sightings) - strange
    is_strange = strange >= SEVERAL or strange > 0 and strange >= usual
    return "not declared" if is_strange else "declared"


def require_declared(sightings: Sequence[Sighting], declared: Declared) -> None:
    """Raise unless this process is seen at declared addresses.

    Raises:
        EgressMismatch: it is seen at another one.
        SettingsInvalid: nothing was declared, so nothing was proven.
        ApiUnavailable: too few services told an address.
    """
    verdict = judge(sightings, declared)
    if verdict == "not declared":
        raise EgressMismatch(
            f"This run reaches others from {_told(_strange(sightings, declared))}; declared in "
            f"EGRESS_ADDRESSES: {declared}. Who has only these on an allow list does not let it in. "
            "Send the run through a declared address again, or tell those who keep the allow lists "
            f"the new one and declare it: {RUNBOOK}."
        )
    if verdict == "nothing declared":
        raise SettingsInvalid(
            "EGRESS_ADDRESSES: nothing is declared, so nothing was proven. Expected the addresses "
            f"that others have on their allow lists; this run reaches them from "
            f"{_told([each for each in sightings if each.address])}. Declare them in the work pool, "
            "or in .env."
        )
    if verdict == "not certain":
        problems = "; ".join(
            f"{each.service}: {each.problem}" for each in sightings if each.problem
        )
        raise ApiUnavailable(
            f"Too few services told from which address this run comes ({problems}); expected "
            f"{enough(sightings)} answers of {len(sightings)}. Check that the run may reach them (NAT, route, "
            "outbound rules), or name others in EGRESS_SERVICES; then run again."
        )


def doubts(sightings: Sequence[Sighting], declared: Declared) -> list[str]:
    """Return what a person should know though it does not decide."""
    told = [f"{each.service}: {each.problem}" for each in sightings if each.problem]
    if judge(sightings, declared) == "declared":
        told += [
            f"{each.service} alone saw {each.address}, which is not declared: either it is wrong, or "
            "the NAT gateway has another address"
            for each in _strange(sightings, declared)
        ]
    return told


def _strange(sightings: Sequence[Sighting], declared: Declared) -> list[Sighting]:
    return [each for each in sightings if each.address and each.address not in declared]


def _told(sightings: Sequence[Sighting]) -> str:
    """Name addresses and who has seen each."""
    by_address: dict[str, list[str]] = {}
    for each in sightings:
        by_address.setdefault(str(each.address), []).append(each.service)
    named = [f"{address} (seen by {', '.join(who)})" for address, who in by_address.items()]
    return " and ".join(named) or "an address that nobody told"
