"""Which orphans may be removed: not many at once without their number being named."""

from collections.abc import Collection

from deployments.plan.actions import Action, Plan
from utilities.errors import ChangeRefused

FEW = 2
SHARE = 3
"""More than a few, and more than one in three, are rarely removed on purpose: a file was emptied,
a wrong folder or branch was checked out."""


def require_meant(plan: Plan, remove: int | None) -> tuple[Action, ...]:
    """Return the orphans to remove.

    Args:
        plan: of one environment.
        remove: how many are meant to be removed; None when nobody said.

    Raises:
        ChangeRefused: the number is another one, or was not said of many.
    """
    orphans = plan.of("orphaned")
    environment, count = plan.desired.environment.name, len(orphans)
    if remove is not None and remove != count:
        raise ChangeRefused(
            f"{environment}: {count} deployments are ours and no longer declared, and --remove "
            f"names {remove}. Nothing was written. Look at them with `plan`, then name {count}."
        )
    if remove is None and count > FEW and count * SHARE > plan.live_count:
        raise ChangeRefused(
            f"{environment}: {count} of {plan.live_count} live deployments would be removed, more "
            "than a third. Nothing was written. Look at them with `plan`; if they are meant to "
            f"go: --prune --remove {count}."
        )
    return orphans


def is_still_needed(orphan: Action, failed: Collection[Action]) -> bool:
    """Say whether what was to take an orphan's place, under a new name, has failed."""
    return any(
        action.name == orphan.name
        or (action.wanted and orphan.live and action.wanted.flow == orphan.live.flow)
        for action in failed
    )
