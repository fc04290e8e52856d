"""Which live deployment is which declared one, and which are ours and declared no longer."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Self

from deployments.desired import Desired
from deployments.identity import Identity
from deployments.live import LiveDeployment
from deployments.wanted import Wanted


@dataclass(frozen=True)
class Match:
    """One declared deployment and what is live of it.

    Attributes:
        wanted: what is declared.
        live: the same deployment, made here; None when there is none.
        foreign: one of the same name that was not made for this deployment.
    """

    wanted: Wanted
    live: LiveDeployment | None = None
    foreign: LiveDeployment | None = None


@dataclass(frozen=True)
class Matches:
    """All of one environment.

    Attributes:
        declared: one for each declared deployment, in the order of prefect.yaml.
        orphans: ours, and no longer declared under this name and flow.
        live_count: live deployments of this environment that are ours.
    """

    declared: tuple[Match, ...]
    orphans: tuple[LiveDeployment, ...]
    live_count: int

    def only(self, names: Collection[str]) -> Self:
        """Return those of some names; all when there are none."""
        if not names:
            return self
        return replace(
            self,
            declared=tuple(each for each in self.declared if each.wanted.identity.name in names),
            orphans=tuple(
                each for each in self.orphans if each.identity and each.identity.name in names
            ),
        )


def match(desired: Desired, live: Sequence[LiveDeployment]) -> Matches:
    """Tell apart what is ours and declared, ours and not declared, and not ours.

    Args:
        desired: what the repository wants of one environment.
        live: all deployments of the project, others among them.
    """
    ours = {(each.live_name, each.flow): each for each in live if _is_ours(each.identity, desired)}
    others = {each.live_name: each for each in live if not _is_ours(each.identity, desired)}
    by_name = {each.live_name: each for each in ours.values()}
    declared = tuple(
        (
            _match(wanted, ours, others)
            if _tells_its_flow(wanted, desired)
            else Match(wanted, by_name.get(wanted.identity.live_name))
        )
        for wanted in desired.wanted
    )
    matched = {each.live.id for each in declared if each.live is not None}
    orphans = tuple(each for each in ours.values() if each.id not in matched)
    return Matches(declared, orphans, len(ours))


def _tells_its_flow(wanted: Wanted, desired: Desired) -> bool:
    """A file that is not Python does not tell the name of its flow: its deployment is no orphan."""
    entrypoint = wanted.configuration.entrypoint
    file = entrypoint.partition(":")[0]
    return all(str(broken.file) != file for broken in desired.dependencies[entrypoint].broken)


def _is_ours(identity: Identity | None, desired: Desired) -> bool:
    """Without a fixed branch, each branch has deployments of its own in the environment."""
    return (
        identity is not None
        and identity.project == desired.declaration.project
        and identity.environment == desired.environment.name
        and (desired.environment.branch is not None or identity.branch == desired.branch)
    )


def _match(
    wanted: Wanted,
    ours: dict[tuple[str, str], LiveDeployment],
    others: dict[str, LiveDeployment],
) -> Match:
    name = wanted.identity.live_name
    live = ours.get((name, wanted.flow))
    if live is not None and live.identity != wanted.identity:
        return Match(wanted, foreign=live)
    return Match(wanted, live, None if live else others.get(name))
