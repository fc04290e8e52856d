"""The stacks of an environment: their names, their order, and in which state each is."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deployments.declaration.platforms import Platform
from infrastructure.cloud.aws import Aws, code_of
from utilities.errors import (
    ApiRefused,
    ApiUnavailable,
    ChangeRefused,
    DeclarationInvalid,
    ParameterInvalid,
)

NAME = re.compile(r"[a-zA-Z][-a-zA-Z0-9]{0,127}")
"""https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html"""

REVIEWED, ROLLED_BACK = "REVIEW_IN_PROGRESS", "ROLLBACK_COMPLETE"

NEVER_MADE = {
    REVIEWED,
    "CREATE_IN_PROGRESS",
    "CREATE_FAILED",
    "ROLLBACK_IN_PROGRESS",
    "ROLLBACK_FAILED",
    ROLLED_BACK,
    "DELETE_IN_PROGRESS",
    "DELETE_FAILED",
    "DELETE_COMPLETE",
}
"""States of a stack that has no outputs, or none that anything may stand on."""

LOOK = "Look at its events in the CloudFormation console"

MENDING = {
    "CREATE_FAILED": f"{LOOK}, mend the reason, and delete the stack there.",
    "ROLLBACK_FAILED": f"{LOOK}, remove what is left of it by hand, and delete the stack there.",
    "UPDATE_FAILED": f"{LOOK}, and roll it back there (`Stack actions`).",
    "UPDATE_ROLLBACK_FAILED": f"{LOOK}, mend the reason, and let it go on there (`Stack actions`, "
    "`Continue update rollback`).",
    "DELETE_FAILED": f"{LOOK}, remove what could not be removed, and delete the stack there.",
}
"""What a person does about a state that no command of AWS's leads out of alone:
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html"""

NAMES = {
    "container_registry": "{project}-container-registry",
    "storage": "{project}-storage-{environment}",
    "fixed_egress_ecs": "{project}-fixed-egress-{environment}",
    "github_oidc": "{project}-github-{environment}",
}
"""By template, in the order in which they are made: later ones take outputs of earlier ones."""


@dataclass(frozen=True)
class Stack:
    """One stack of an environment.

    Attributes:
        template: name of the file in infrastructure/, without its ending.
        name: at AWS.
    """

    template: str
    name: str

    @property
    def file(self) -> Path:
        """The template, from the root of the repository."""
        return Path("infrastructure", f"{self.template}.yaml")


@dataclass(frozen=True)
class Standing:
    """A stack as AWS has it.

    Attributes:
        id: its ARN.
        status: CREATE_COMPLETE and so on.
        parameters, outputs, tags: by name.
        is_protected: against being deleted.
    """

    id: str
    status: str
    parameters: Mapping[str, str]
    outputs: Mapping[str, str]
    tags: Mapping[str, str]
    is_protected: bool

    @property
    def is_made(self) -> bool:
        """Whether it was ever finished, so that its outputs exist."""
        return self.status not in NEVER_MADE


def stacks_of(platform: Platform) -> tuple[Stack, ...]:
    """Return the stacks of an environment in the order in which they are made.

    Raises:
        DeclarationInvalid: its name cannot be part of the name of a stack.
    """
    found = []
    for template, pattern in NAMES.items():
        name = pattern.format(project=platform.project, environment=platform.environment)
        if NAME.fullmatch(name) is None:
            raise DeclarationInvalid(
                f'The stack "{name}" cannot be called so: letters, digits and hyphens make its '
                "name. Rename the environment in environments.yaml, or the project in prefect.yaml."
            )
        found.append(Stack(template, name))
    return tuple(found)


def region_of(platform: Platform) -> str:
    """Return the region of AWS that an environment is in; raises ParameterInvalid without one."""
    if platform.region is None:
        raise ParameterInvalid(
            f"--environment {platform.environment}: it has no `infrastructure` in "
            "environments.yaml, so nothing of it is at AWS. Add `infrastructure: {region: ...}` if "
            "something is to be."
        )
    return platform.region


def read_standing(aws: Aws, stack: Stack, id: str | None = None) -> Standing | None:
    """Return a stack as it is; None when there is none. Raises as `Aws.ask`.

    Args:
        aws: of the region.
        stack: which.
        id: its ARN, which finds one that is removed, too.

    Source: "If the stack doesn't exist, a ValidationError is returned",
    https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html
    """
    try:
        answer = aws.ask(
            "cloudformation", "describe_stacks", stack.name, StackName=id or stack.name
        )
    except ApiRefused as refusal:
        if code_of(refusal) == "ValidationError":
            return None
        raise
    found = answer["Stacks"][0]
    return Standing(
        id=found["StackId"],
        status=found["StackStatus"],
        parameters=_pairs(found, "Parameters", "ParameterKey", "ParameterValue"),
        outputs=_pairs(found, "Outputs", "OutputKey", "OutputValue"),
        tags=_pairs(found, "Tags", "Key", "Value"),
        is_protected=found.get("EnableTerminationProtection", False),
    )


def _pairs(found: Any, key: str, name: str, value: str) -> dict[str, str]:
    return {pair[name]: pair.get(value, "") for pair in found.get(key, ())}


def is_absent(standing: Standing | None) -> bool:
    """Whether a stack is to be made: there is none, or one that nothing was made in.

    A stack whose first creation failed is one of these: AWS has taken everything back, and lets one
    only delete it.
    """
    return standing is None or standing.status in (REVIEWED, ROLLED_BACK)


def require_idle(stack: Stack, standing: Standing | None) -> None:
    """Raise ApiUnavailable while another change of a stack is under way."""
    if standing is None or standing.status == REVIEWED:
        return
    if standing.status.endswith("_IN_PROGRESS"):
        raise ApiUnavailable(
            f"{stack.name}: another change of this stack is under way ({standing.status}). Nothing "
            "was changed by this one. Wait until it has ended, then run again."
        )


def require_sound(stack: Stack, standing: Standing | None) -> None:
    """Raise ChangeRefused when a person has to mend a stack before it can be changed."""
    step = MENDING.get(standing.status) if standing else None
    if standing is not None and step is not None:
        raise ChangeRefused(
            f"{stack.name}: AWS could not finish what it did last ({standing.status}). {step} Then "
            "run again."
        )
