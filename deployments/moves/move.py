"""What is to become of one deployment, decided before anything is written."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal

from deployments.apply.targets import recorded
from deployments.apply.writing_one import Target
from deployments.declaration import Schedule
from deployments.identity import Version
from deployments.moves.standing import Standing
from deployments.plan.actions import Change
from deployments.plan.changes import find_changes
from deployments.plan.differences import find_differences
from deployments.plan.pauses import wanted_pause, with_wanted_pauses
from deployments.records import How, Record
from utilities.errors import FlowError

Kind = Literal["refused", "create", "update", "unchanged"]


@dataclass(frozen=True)
class State:
    """Everything of a deployment but its number.

    Attributes:
        fields: of `Wanted.fields`; the number in `version` does not count.
        schedules: all of them, as a file says or said it.
        paused: as a file says or said it; None when it does or did not.
        base_parameters: those of prefect.yaml, without what the environment adds.
    """

    fields: Mapping[str, Any]
    schedules: tuple[Schedule, ...]
    paused: bool | None
    base_parameters: Mapping[str, Any]

    @classmethod
    def of(cls, record: Record) -> "State":
        """Return what a record holds."""
        schedules = tuple(Schedule(**each) for each in record.schedules)
        return cls(record.fields, schedules, record.paused, record.base_parameters)


@dataclass(frozen=True)
class Move:
    """What is to become of one deployment.

    Attributes:
        name: in prefect.yaml.
        origin: where its state comes from: `staging v3-...`.
        target: what to write; None when nothing is.
        refusal: why nothing may be written.
        changes: what differs, to the leaf.
        notes: what a person should know all the same.
    """

    name: str
    origin: str = ""
    target: Target | None = None
    refusal: FlowError | None = None
    changes: tuple[Change, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def kind(self) -> Kind:
        """What is done."""
        if self.refusal is not None:
            return "refused"
        if self.target is None:
            return "unchanged"
        return "create" if self.target.live is None else "update"

    @property
    def version(self) -> str | None:
        """The version that it will have; None when nothing is written."""
        return None if self.target is None else str(self.target.fields["version"])


def make_move(
    standing: Standing, state: State, how: How, origin: str, notes: tuple[str, ...] = ()
) -> Move:
    """Decide how a deployment gets into a state: under the next number, or not at all.

    Args:
        standing: the deployment as it stands.
        state: that it is to have.
        how: which command asks.
        origin: where the state comes from.
        notes: for a person.

    Raises:
        ChangeRefused: the name is taken by a deployment that is not ours.
    """
    standing.require_ours()
    name, live, last = standing.identity.name, standing.live, standing.last
    record = _record(standing, state, how, origin)
    target = Target(
        identity=standing.identity,
        flow=standing.flow,
        live=live,
        fields=record.fields,
        schedules=with_wanted_pauses(state.schedules, last),
        paused=wanted_pause(state.paused, last),
        record=record,
    )
    if live is None:
        return Move(name, origin, target, notes=notes)
    there = _numbered(state.fields, standing.number)
    if not find_differences(live, there, target.schedules, target.paused):
        return Move(name, origin, notes=notes)
    changes = find_changes(live, target.fields, target.schedules, target.paused, last)
    return Move(name, origin, target, changes=changes, notes=notes)


def _record(standing: Standing, state: State, how: How, origin: str) -> Record:
    fields = _numbered(state.fields, standing.number + 1)
    return Record(
        name=standing.identity.name,
        live_name=standing.identity.live_name,
        version=fields["version"],
        previous=standing.previous,
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        how=how,
        origin=origin,
        fields=fields,
        schedules=tuple(recorded(each) for each in state.schedules),
        paused=state.paused,
        base_parameters=state.base_parameters,
    )


def _numbered(fields: Mapping[str, Any], number: int) -> dict[str, Any]:
    version = Version.read(fields["version"])
    if version is None:
        raise ValueError(f"{fields['version']!r} is no version of ours")
    return {**fields, "version": str(replace(version, number=number))}
