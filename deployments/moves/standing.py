"""One deployment as it stands before it is moved."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from deployments.desired import Desired
from deployments.identity import Identity, Version
from deployments.live import LiveDeployment
from deployments.live.api import PrefectApi
from deployments.live.records import chain, read_records
from deployments.plan.matching import match
from deployments.records import Record
from utilities.errors import ChangeRefused


@dataclass(frozen=True)
class Standing:
    """One deployment, what is live of it, and its history.

    Attributes:
        identity: which deployment it is.
        flow: name of its flow at Prefect.
        live: None when there is none.
        foreign: one of the same name that was not made for this deployment.
        history: records of what was carried out, the newest first; that of what is live is the
            first, unless somebody has overwritten its version.
    """

    identity: Identity
    flow: str
    live: LiveDeployment | None
    foreign: LiveDeployment | None
    history: tuple[Record, ...]

    @property
    def last(self) -> Record | None:
        """The record of what is live, or was before somebody overwrote its version."""
        return self.history[0] if self.history else None

    @property
    def record(self) -> Record | None:
        """The record of what is live."""
        if self.last is None or self.live is None:
            return None
        return self.last if self.last.version == self.live.fields["version"] else None

    @property
    def number(self) -> int:
        """The number of the live version; 0 when nothing is live."""
        if self.live is None:
            return 0
        version = self.live.version or Version.read(self.last.version if self.last else None)
        return version.number if version else 0

    @property
    def previous(self) -> str | None:
        """The version that the next one follows; None when nothing is live."""
        if self.live is None:
            return None
        if self.live.version is None and self.last is not None:
            return self.last.version
        return str(self.live.fields["version"])

    def require_ours(self) -> None:
        """Refuse to touch what somebody else made.

        Raises:
            ChangeRefused: its name is taken.
        """
        if self.foreign is not None:
            raise ChangeRefused(
                f"{self.foreign.live_name} is there already, of flow {self.foreign.flow}, and was "
                "not made for this deployment: its labels say otherwise. Nothing of it was "
                "changed. Rename or delete it in Prefect, then run this again."
            )


def read_standing(
    api: PrefectApi, desired: Desired, live: Sequence[LiveDeployment], names: Iterable[str]
) -> dict[str, Standing]:
    """Return declared deployments as they stand, by name.

    Args:
        api: Prefect; asked for the records.
        desired: what the repository wants of the environment.
        live: all deployments of the project.
        names: of those to return.
    """
    chosen = frozenset(names)
    project = desired.declaration.project
    records = read_records(api, project, desired.environment.name, chosen)
    return {
        each.wanted.identity.name: Standing(
            each.wanted.identity,
            each.wanted.flow,
            each.live,
            each.foreign,
            history_of(records, each.live),
        )
        for each in match(desired, live).declared
        if each.wanted.identity.name in chosen
    }


def history_of(records: Sequence[Record], live: LiveDeployment | None) -> tuple[Record, ...]:
    """Return what was carried out, the newest first; nothing where nothing is live.

    Args:
        records: the newest first.
        live: whose they are; where somebody has overwritten its version, its newest record counts
            as live.
    """
    if live is None:
        return ()
    if live.version is None:
        newest = next((each for each in records if each.live_name == live.live_name), None)
        if newest is None:
            return ()
        live = replace(live, fields={**live.fields, "version": newest.version})
    return tuple(chain(records, live))
