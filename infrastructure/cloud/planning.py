"""What `apply` would do to each stack of an environment; changes nothing."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from infrastructure.cloud.aws import Aws
from infrastructure.cloud.change_sets import ChangeSet, make_change_set, request
from infrastructure.cloud.changes import Change, compare
from infrastructure.cloud.declared import Declared
from infrastructure.cloud.found import existing_provider, running_image
from infrastructure.cloud.inputs import Inputs, Standings, gather, tags_of
from infrastructure.cloud.plans import Action, StackPlan
from infrastructure.cloud.resolving import resolve
from infrastructure.cloud.stacks import (
    ROLLED_BACK,
    Stack,
    Standing,
    is_absent,
    read_standing,
    require_idle,
    require_sound,
)
from infrastructure.cloud.templates import parse
from utilities.errors import AccessDenied

UNASKED = (
    "Compared with the templates alone, because the credentials in use may not make change sets: "
    "what AWS would replace is not known."
)
UNREAD = (
    "What the worker runs could not be read with the credentials in use; the image that the stack "
    "was made with stands for it."
)


@dataclass(frozen=True)
class Planner:
    """Finds out what is to be done.

    Attributes:
        aws: of the region.
        declared: the environment.
        worker_image: that the worker is to run; None for the one that it runs.
        is_lenient: what the credentials may not ask is done without; for a look, not for a change.
        pause: waits for some seconds.
    """

    aws: Aws
    declared: Declared
    worker_image: str | None = None
    is_lenient: bool = False
    pause: Callable[[float], None] = time.sleep

    def standings(self) -> dict[Stack, Standing | None]:
        """Return all stacks of the environment as they are now.

        Raises:
            ApiUnavailable: another change of one is under way, or AWS did not answer.
            ChangeRefused: a person has to mend one first.
            AccessDenied: they may not be read.
        """
        found = {stack: read_standing(self.aws, stack) for stack in self.declared.templates}
        for stack, standing in found.items():
            require_idle(stack, standing)
            require_sound(stack, standing)
        return found

    def plans(self, stacks: Sequence[Stack], standings: Standings) -> list[StackPlan]:
        """Return what is to be done to several stacks, in their order; raises as `opened`."""
        found: list[StackPlan] = []
        for stack in stacks:
            plan = self.plan(stack, standings)
            sources = set(self.declared.given_by_earlier(stack).values())
            changing = [
                each.stack.name
                for each in found
                if each.action == "update" and each.stack in sources
            ]
            if changing and not plan.inputs.waits_for:
                note = f"It takes outputs of {', '.join(changing)}: more may follow from that."
                plan = replace(plan, notes=(*plan.notes, note))
            found.append(plan)
        return found

    def plan(self, stack: Stack, standings: Standings) -> StackPlan:
        """Return what is to be done to one stack; raises as `opened`."""
        with self.opened(stack, standings) as (plan, _):
            return plan

    @contextmanager
    def opened(
        self, stack: Stack, standings: Standings
    ) -> Iterator[tuple[StackPlan, ChangeSet | None]]:
        """Give what is to be done to one stack, and the change set that would do it.

        Args:
            stack: of the environment.
            standings: of all its stacks.

        Raises:
            ApiRefused: AWS does not take the template or a value.
            AccessDenied, ApiUnavailable: AWS did not answer.
        """
        standing = standings[stack]
        if standing is None or is_absent(standing):
            yield self._creation(stack, standings), None
            return
        asked = self._asked(stack, standing)
        notes: list[str] = []
        inputs = gather(self.declared, stack, standings, asked)
        if self._is_same(stack, standing, inputs):
            yield StackPlan(stack, standing, inputs, "unchanged"), None
            return
        if "WorkerImage" in asked and self.worker_image is None:
            # Something else changes, which must not take the worker back to an older image.
            asked["WorkerImage"] = self._running_image(standing, notes)
            inputs = gather(self.declared, stack, standings, asked)
        made = self._change_set(stack, inputs, notes)
        if made is None:
            changes = self._compared(stack, standing, inputs)
            yield StackPlan(stack, standing, inputs, "update", changes, tuple(notes)), None
            return
        with made:
            lost = self._lost_addresses(stack, standing, inputs, made.changes)
            action: Action = "unchanged" if made.is_empty and not lost else "update"
            changes = (*made.changes, *lost)
            yield StackPlan(stack, standing, inputs, action, changes, tuple(notes)), made

    def _creation(self, stack: Stack, standings: Standings) -> StackPlan:
        standing = standings[stack]
        inputs = gather(self.declared, stack, standings, self._asked(stack, None))
        made = resolve(self.declared.templates[stack].content, inputs.values)
        notes = _waiting(inputs)
        if standing is not None and standing.status == ROLLED_BACK:
            notes.append("Its first creation failed; what is left of the stack is removed first.")
        return StackPlan(stack, standing, inputs, "create", tuple(compare({}, made)), tuple(notes))

    def _change_set(self, stack: Stack, inputs: Inputs, notes: list[str]) -> ChangeSet | None:
        """Return AWS's own plan; None when it cannot be asked for one."""
        if inputs.waits_for:
            notes += _waiting(inputs)
            return None
        try:
            return make_change_set(self.aws, stack, self.request(stack, inputs), self.pause)
        except AccessDenied:
            if not self.is_lenient:
                raise
            notes.append(UNASKED)
            return None

    def request(self, stack: Stack, inputs: Inputs) -> dict[str, Any]:
        """Return the arguments with which a stack is made or changed."""
        body = self.declared.templates[stack].body
        return request(stack, body, inputs.values, tags_of(self.declared, stack))

    def _compared(self, stack: Stack, standing: Standing, inputs: Inputs) -> tuple[Change, ...]:
        before = resolve(parse(stack.name, self._live_body(stack)), standing.parameters)
        after = resolve(self.declared.templates[stack].content, inputs.values)
        return tuple(compare(before, after))

    def _lost_addresses(
        self, stack: Stack, standing: Standing, inputs: Inputs, told: Sequence[Change]
    ) -> tuple[Change, ...]:
        """Return the addresses that go by the templates, and of which the change set is silent.

        AWS tells them. Too much hangs on them to rely on one reading.
        """
        names = {change.name for change in told}
        return tuple(
            change
            for change in self._compared(stack, standing, inputs)
            if change.loses_address and change.fate == "remove" and change.name not in names
        )

    def _asked(self, stack: Stack, standing: Standing | None) -> dict[str, str]:
        """Return what is found at AWS for a stack."""
        asks = self.declared.templates[stack].parameters
        before: Mapping[str, str] = standing.parameters if standing else {}
        found = {}
        if "WorkerImage" in asks:
            given = self.worker_image
            found["WorkerImage"] = before.get("WorkerImage", "") if given is None else given
        if "ExistingProviderArn" in asks:
            found["ExistingProviderArn"] = existing_provider(self.aws, standing)
        return found

    def _running_image(self, standing: Standing, notes: list[str]) -> str:
        before = standing.parameters.get("WorkerImage", "")
        try:
            image = running_image(self.aws, standing.outputs)
        except AccessDenied:
            if not self.is_lenient:
                raise
            notes.append(UNREAD)
            return before
        return before if image is None else image

    def _is_same(self, stack: Stack, standing: Standing, inputs: Inputs) -> bool:
        """Return whether AWS has the same template with the same values already."""
        return (
            dict(standing.parameters) == dict(inputs.values)
            and tags_of(self.declared, stack).items() <= standing.tags.items()
            and _lines(self._live_body(stack)) == _lines(self.declared.templates[stack].body)
        )

    def _live_body(self, stack: Stack) -> str:
        answer = self.aws.ask(
            "cloudformation",
            "get_template",
            stack.name,
            StackName=stack.name,
            TemplateStage="Original",
        )
        body = answer["TemplateBody"]
        if isinstance(body, str):
            return body
        # Of a template in JSON the client makes data.
        import json

        return json.dumps(body)


def _waiting(inputs: Inputs) -> list[str]:
    names = ", ".join(each.name for each in inputs.waits_for)
    return [f"Some of its values are known only after {names}."] if names else []


def _lines(body: str) -> list[str]:
    return body.strip().splitlines()
