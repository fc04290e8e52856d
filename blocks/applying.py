"""Carry out a plan."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from blocks.objects import CONFLICT, Api
from blocks.planning import Action, Plan
from utilities.errors import ChangeRefused, PrefectRefused, SourceNotFound

Outcome = Literal["created", "updated", "removed", "left", "unchanged", "failed"]


@dataclass(frozen=True)
class Done:
    """What became of one action.

    Attributes:
        action: of the plan.
        outcome: left is ours and no longer declared; unchanged also says that somebody else has
            made it meanwhile.
        reason: why it failed.
    """

    action: Action
    outcome: Outcome
    reason: str | None = None


def apply(api: Api, plan: Plan, *, prune: bool) -> Iterator[Done]:
    """Carry out a plan and yield what became of each action, as soon as it is known.

    An object that Prefect refuses fails alone. Stopped at any point, the next plan is about what
    is left.

    Args:
        api: Prefect.
        plan: as it was read a moment ago.
        prune: remove what is ours and no longer declared.

    Raises:
        PrefectUnavailable, AccessDenied: nothing more can be done.
    """
    for action in plan.actions:
        if action.what != "orphaned":
            yield _carry_out(api, action)
    # What others need goes last.
    for action in reversed(plan.of("orphaned")):
        yield _carry_out(api, action) if prune else Done(action, "left")


def _carry_out(api: Api, action: Action) -> Done:
    if action.what == "broken":
        return Done(action, "failed", action.reason)
    if action.what == "unchanged":
        return Done(action, "unchanged")
    try:
        return Done(action, _write(api, action))
    except PrefectRefused as refusal:
        if refusal.status == CONFLICT and action.what == "create":
            return Done(action, "unchanged")
        return Done(action, "failed", str(refusal))
    except (ChangeRefused, SourceNotFound) as error:
        return Done(action, "failed", str(error))


def _write(api: Api, action: Action) -> Outcome:
    if action.wanted is None:
        assert action.live is not None
        action.kind.delete(api, action.live)
        return "removed"
    if action.live is None:
        action.kind.create(api, action.wanted)
        return "created"
    action.kind.update(api, action.live, action.wanted)
    return "updated"
