"""Change sets: what AWS says that an update would do, and then its carrying out."""

import time
from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

from infrastructure.cloud.aws import Aws
from infrastructure.cloud.changes import Change, from_change_set
from infrastructure.cloud.stacks import Stack
from utilities.errors import ApiRefused, ApiUnavailable

CAPABILITIES = ["CAPABILITY_NAMED_IAM"]
POLL_SECONDS = 2.0
MOST_POLLS = 300

WITHOUT_CHANGES = ("The submitted information didn't contain changes", "No updates are to be")
"""AWS has no code for it: such a change set fails, with one of these reasons. Its own command line
tells them apart so: https://github.com/aws/aws-cli awscli/customizations/cloudformation/deployer.py
"""


def request(
    stack: Stack, body: str, values: Mapping[str, str], tags: Mapping[str, str]
) -> dict[str, Any]:
    """Return the arguments with which a stack is made or changed."""
    return {
        "StackName": stack.name,
        "TemplateBody": body,
        "Parameters": [
            {"ParameterKey": name, "ParameterValue": value} for name, value in values.items()
        ],
        "Tags": [{"Key": name, "Value": value} for name, value in tags.items()],
        "Capabilities": CAPABILITIES,
    }


class ChangeSet:
    """One change set of an existing stack; removed at the end of a `with` block.

    Attributes:
        changes: what it would do; empty when only outputs or descriptions differ.
        is_empty: it would do nothing at all.
    """

    def __init__(self, aws: Aws, stack: Stack, id: str) -> None:
        self._aws = aws
        self._stack = stack
        self._id = id
        self.changes: tuple[Change, ...] = ()
        self.is_empty = False
        self._is_begun = False

    def __enter__(self) -> "ChangeSet":
        return self

    def __exit__(self, *_: object) -> None:
        if not self._is_begun:
            self._ask("delete_change_set")

    def execute(self, token: str) -> None:
        """Begin to carry it out; AWS removes the change set then. Raises as `Aws.ask`."""
        self._ask("execute_change_set", ClientRequestToken=token, RetainExceptOnCreate=True)
        self._is_begun = True

    def read(self, pause: Callable[[float], None]) -> None:
        """Wait until AWS knows what it would do.

        Raises:
            ApiRefused: AWS cannot make it; the reason is in the message.
            ApiUnavailable: it is not ready after ten minutes.
        """
        for _ in range(MOST_POLLS):
            pages = list(
                self._aws.pages(
                    "cloudformation",
                    "describe_change_set",
                    self._stack.name,
                    ChangeSetName=self._id,
                )
            )
            status, reason = pages[0]["Status"], pages[0].get("StatusReason", "")
            if status == "CREATE_COMPLETE":
                self.changes = tuple(
                    from_change_set(each["ResourceChange"])
                    for page in pages
                    for each in page.get("Changes", ())
                    if "ResourceChange" in each
                )
                return
            if status == "FAILED":
                self.is_empty = reason.startswith(WITHOUT_CHANGES)
                if self.is_empty:
                    return
                raise ApiRefused(
                    f"{self._stack.name}: AWS cannot make a change set: {reason} Mend "
                    f"{self._stack.file}, or the values for it in environments.yaml.",
                    reasons=((status, reason),),
                )
            pause(POLL_SECONDS)
        raise ApiUnavailable(
            f"{self._stack.name}: its change set is not ready after "
            f"{POLL_SECONDS * MOST_POLLS / 60:.0f} minutes. Nothing was changed. Run again later."
        )

    def _ask(self, operation: str, **arguments: Any) -> Any:
        return self._aws.ask(
            "cloudformation", operation, self._stack.name, ChangeSetName=self._id, **arguments
        )


def make_change_set(
    aws: Aws,
    stack: Stack,
    arguments: Mapping[str, Any],
    pause: Callable[[float], None] = time.sleep,
) -> ChangeSet:
    """Have AWS find out what an update of a stack would do.

    Args:
        aws: of the region.
        stack: that exists.
        arguments: as `request` returns them.
        pause: waits for some seconds.

    Raises:
        ApiRefused, ApiUnavailable, AccessDenied: as `ChangeSet.read` and `Aws.ask`.
    """
    answer = aws.ask(
        "cloudformation",
        "create_change_set",
        stack.name,
        ChangeSetName=f"plan-{uuid4().hex}",
        ChangeSetType="UPDATE",
        **arguments,
    )
    made = ChangeSet(aws, stack, answer["Id"])
    try:
        made.read(pause)
    except BaseException:
        made.__exit__()
        raise
    return made
