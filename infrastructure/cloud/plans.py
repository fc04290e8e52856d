"""What would become of a stack."""

from dataclasses import dataclass
from typing import Literal

from infrastructure.cloud.changes import Change
from infrastructure.cloud.inputs import Inputs
from infrastructure.cloud.stacks import Stack, Standing

PROTECTED = "fixed_egress_ecs"
"""Template of the stack that AWS is told not to delete: it has the addresses."""

Action = Literal["create", "update", "unchanged"]


@dataclass(frozen=True)
class StackPlan:
    """What would become of one stack.

    Attributes:
        stack: which.
        standing: as it is; None when there is none.
        inputs: values for its parameters.
        action: what would become of it.
        changes: of its resources.
        notes: sentences for a person.
    """

    stack: Stack
    standing: Standing | None
    inputs: Inputs
    action: Action
    changes: tuple[Change, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def parameters(self) -> list[tuple[str, str, str]]:
        """Parameters that differ: name, value before, value after."""
        if self.action != "update" or self.standing is None:
            return []
        before = self.standing.parameters
        after = self.inputs.values
        return [
            (name, before.get(name, ""), after.get(name, ""))
            for name in {**before, **after}
            if before.get(name) != after.get(name)
        ]

    @property
    def is_to_be_protected(self) -> bool:
        """Whether AWS is still to be told not to delete it."""
        is_protected = self.standing is not None and self.standing.is_protected
        return self.stack.template == PROTECTED and not is_protected

    @property
    def has_work(self) -> bool:
        """Whether anything is to be done."""
        return self.action != "unchanged" or self.is_to_be_protected
