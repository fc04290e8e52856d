"""Carries plans out, one stack after the other, each only after it was looked at once more."""

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from uuid import uuid4

from infrastructure.cloud.aws import Aws
from infrastructure.cloud.change_sets import ChangeSet
from infrastructure.cloud.following import Following
from infrastructure.cloud.guard import refuse_releases
from infrastructure.cloud.planning import Planner
from infrastructure.cloud.plans import PROTECTED, StackPlan
from infrastructure.cloud.stacks import ROLLED_BACK, Stack, Standing, read_standing, require_idle
from utilities.errors import ApiRefused, InvariantBroken

DOING = {"create": "creating", "update": "changing", "unchanged": "protecting from deletion"}


@dataclass(frozen=True)
class Applying:
    """Carries out what was planned.

    Attributes:
        planner: that made the plans.
        named: logical ids of addresses that a person has given up.
        tell: gets a line for a person.
        agree: shows a plan that was not shown before; raises when it is not agreed to.
        pause: waits for some seconds.
    """

    planner: Planner
    named: Collection[str]
    tell: Callable[[str], None]
    agree: Callable[[StackPlan], None]
    pause: Callable[[float], None] = time.sleep

    def carry_out(self, shown: Sequence[StackPlan]) -> None:
        """Make every stack what its plan says.

        Raises:
            ChangeRefused: an address would be lost that was not named.
            ApiRefused, ApiUnavailable, AccessDenied: AWS failed; earlier stacks are done.
        """
        is_begun = False
        for before in shown:
            if not before.has_work and not is_begun:
                continue
            standings = self.planner.standings()
            with self.planner.opened(before.stack, standings) as (plan, change_set):
                if plan.has_work:
                    self._require_agreement(plan, before)
                    self._carry_out(plan, change_set)
                    self.tell(f"{plan.stack.name}: done")
                    is_begun = True

    def _require_agreement(self, plan: StackPlan, before: StackPlan) -> None:
        if plan.inputs.waits_for:
            names = ", ".join(each.name for each in plan.inputs.waits_for)
            raise InvariantBroken(
                f"{plan.stack.name}: {names} did not give what their templates promise."
            )
        refuse_releases([plan], self.named)
        if not _is_shown(plan, before):
            self.agree(plan)

    def _carry_out(self, plan: StackPlan, change_set: ChangeSet | None) -> None:
        self.tell(f"{plan.stack.name}: {DOING[plan.action]}")
        try:
            if plan.action == "create":
                self._create(plan)
            elif change_set is not None:
                self._update(plan, change_set)
        except ApiRefused:
            # Somebody else may have been faster; that is the better thing to say.
            require_idle(plan.stack, read_standing(self._aws, plan.stack))
            raise
        if plan.action != "create" and plan.is_to_be_protected:
            self._protect(plan.stack, True)

    def _create(self, plan: StackPlan) -> None:
        stack, standing = plan.stack, plan.standing
        if standing is not None:
            self._remove(stack, standing)
        answer = self._aws.ask(
            "cloudformation",
            "create_stack",
            stack.name,
            **self.planner.request(stack, plan.inputs),
            # What was made a minute ago is on nobody's list; a second try would trip over it.
            RetainExceptOnCreate=True,
            EnableTerminationProtection=stack.template == PROTECTED,
            ClientRequestToken=_token(),
        )
        self._following(stack).finish(answer["StackId"])

    def _update(self, plan: StackPlan, change_set: ChangeSet) -> None:
        assert plan.standing is not None
        following = self._following(plan.stack)
        following.begin(plan.standing.id)
        change_set.execute(_token())
        following.finish(plan.standing.id)

    def _remove(self, stack: Stack, standing: Standing) -> None:
        """Remove a stack that holds nothing."""
        if standing.is_protected:
            self._protect(stack, False)
        if standing.status == ROLLED_BACK:
            self.tell("  removing what is left of the first creation")
        self._aws.ask("cloudformation", "delete_stack", stack.name, StackName=standing.id)
        following = self._following(stack)
        following.begin(standing.id)
        following.finish(standing.id)

    def _protect(self, stack: Stack, is_on: bool) -> None:
        self._aws.ask(
            "cloudformation",
            "update_termination_protection",
            stack.name,
            StackName=stack.name,
            EnableTerminationProtection=is_on,
        )

    @property
    def _aws(self) -> Aws:
        return self.planner.aws

    def _following(self, stack: Stack) -> Following:
        return Following(self._aws, stack, lambda line: self.tell(f"  {line}"), self.pause)


def _is_shown(plan: StackPlan, before: StackPlan) -> bool:
    """Whether a person has seen what is to be done."""
    return plan.action == before.action and _fates(plan) <= _fates(before)


def _fates(plan: StackPlan) -> set[tuple[str, str]]:
    return {(change.name, change.fate) for change in plan.changes}


def _token() -> str:
    # AWS carries out a request once, however often the client repeats it for want of an answer.
    return f"apply-{uuid4().hex}"
