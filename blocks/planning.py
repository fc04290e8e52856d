"""What would make an environment's objects at Prefect equal to what is declared."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from blocks.kinds.automations import Automations
from blocks.kinds.documents import Documents
from blocks.kinds.limits import Limits
from blocks.kinds.variables import Variables
from blocks.kinds.work_pools import WorkPools
from blocks.kinds.work_queues import WorkQueues
from blocks.leaves import Change, find_changes
from blocks.objects import Api, Kind, Live, Wanted
from blocks.scope import Scope

What = Literal["broken", "create", "update", "orphaned", "unchanged"]
WHATS: tuple[What, ...] = ("broken", "create", "update", "orphaned", "unchanged")

MARK = "made_for"
"""Stands for the mark among the fields of a change."""


@dataclass(frozen=True)
class Action:
    """What is to be done about one object.

    Attributes:
        what: broken (it cannot be), create, update, orphaned (ours, no longer declared),
            unchanged.
        kind: of the object.
        name: of the object.
        wanted: None for an orphan.
        live: None for one that is not there.
        changes: of an update.
        reason: why it is broken.
    """

    what: What
    kind: Kind
    name: str
    wanted: Wanted | None = None
    live: Live | None = None
    changes: tuple[Change, ...] = ()
    reason: str | None = None


@dataclass(frozen=True)
class Plan:
    """All actions, in the order in which objects need each other.

    Attributes:
        scope: whose.
        actions: one for each object.
    """

    scope: Scope
    actions: tuple[Action, ...]

    def of(self, *whats: What) -> tuple[Action, ...]:
        """Return the actions of some sorts."""
        return tuple(action for action in self.actions if action.what in whats)


def kinds_of(scope: Scope) -> tuple[Kind, ...]:
    """Return every kind, those that others need before them."""
    return (
        WorkPools(scope),
        WorkQueues(scope),
        Limits(scope),
        Variables(scope),
        Documents(scope),
        Automations(scope),
    )


def plan_of(api: Api, scope: Scope) -> Plan:
    """Compare what is declared with what Prefect holds; writes nothing.

    Raises:
        PrefectUnavailable, AccessDenied, PrefectRefused: see `deployments.connection`.
        DeclarationInvalid, SourceNotFound: see the kinds.
    """
    actions = []
    for kind in kinds_of(scope):
        wanted = kind.wanted()
        actions += list(_actions(kind, wanted, kind.live(api), scope.owner))
    return Plan(scope, tuple(actions))


def _actions(
    kind: Kind, wanted: Sequence[Wanted], live: Sequence[Live], owner: str
) -> Iterator[Action]:
    declared = {each.name for each in wanted}
    there: dict[str, Live] = {}
    for each in live:
        # A name may be there twice where Prefect allows it: one is enough.
        if each.name in declared and each.name not in there:
            there[each.name] = each
        elif each.owner == owner:
            yield Action("orphaned", kind, each.name, live=each)
    for one in wanted:
        found = there.get(one.name)
        if found is None:
            yield Action("create", kind, one.name, one)
        else:
            yield _compare(kind, one, found, owner)


def _compare(kind: Kind, wanted: Wanted, live: Live, owner: str) -> Action:
    reason = kind.refusal(live, wanted)
    if reason is not None:
        return Action("broken", kind, wanted.name, wanted, live, reason=reason)
    changes = find_changes(live.fields, wanted.fields)
    if live.owner is None:
        # It was made by hand, or by another command: from now on it is looked after.
        changes = (*changes, Change(MARK, None, owner))
    elif live.owner != owner and changes:
        fields = ", ".join(change.field for change in changes)
        reason = (
            f"it was made for {live.owner}, which wants it otherwise ({fields}). One workspace has "
            "one of each name: declare the same for both, or use another name or workspace."
        )
        return Action("broken", kind, wanted.name, wanted, live, reason=reason)
    what: What = "update" if changes else "unchanged"
    return Action(what, kind, wanted.name, wanted, live, changes)
