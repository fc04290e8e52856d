"""No address that others have on their allow lists goes without having been named."""

from collections.abc import Collection, Sequence

from deployments.declaration.problems import suggestion
from infrastructure.cloud.kinds import kind
from infrastructure.cloud.plans import StackPlan
from utilities.errors import ChangeRefused, ParameterInvalid


def refuse_releases(plans: Sequence[StackPlan], named: Collection[str]) -> None:
    """Raise when addresses would be lost that nobody named.

    Args:
        plans: of the stacks.
        named: logical ids that a person has given up.

    Raises:
        ChangeRefused: some were not named; the message lists them.
    """
    lost = [
        (plan, change)
        for plan in plans
        for change in plan.changes
        if change.loses_address and change.name not in named
    ]
    if not lost:
        return
    told = "; ".join(f"{change.told()}, in {plan.stack.name}" for plan, change in lost)
    options = " ".join(f"--release-address {change.name}" for _, change in lost)
    raise ChangeRefused(
        f"{told}. Others have these addresses on their allow lists, so nothing was changed. To "
        "keep an address, undo what causes this in the template or in environments.yaml. To give "
        f"it up, have the new one allowed first, then add {options}."
    )


def require_known(plans: Sequence[StackPlan], named: Collection[str]) -> None:
    """Raise ParameterInvalid when something was named that no change would take away."""
    losing = {each.name: each for plan in plans for each in plan.changes if each.loses_address}
    for name in named:
        if name not in losing:
            listed = ", ".join(f"{each.name} ({kind(each.type)})" for each in losing.values())
            raise ParameterInvalid(
                f"--release-address {name}: nothing of that name would be lost."
                f"{suggestion(name, losing) if losing else ''} These would: {listed or 'none'}."
            )
