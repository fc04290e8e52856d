"""What AWS does to a stack, told while it goes on; why it failed, if it did."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from infrastructure.cloud.aws import Aws
from infrastructure.cloud.kinds import kind
from infrastructure.cloud.stacks import Stack, Standing, read_standing
from utilities.errors import ApiRefused, ApiUnavailable

POLL_SECONDS = 3.0
QUIET_POLLS = 20
MOST_UNANSWERED = 20
GOOD = {"CREATE_COMPLETE", "UPDATE_COMPLETE", "DELETE_COMPLETE"}

DONE = {
    "CREATE_COMPLETE": "created",
    "UPDATE_COMPLETE": "changed",
    "DELETE_COMPLETE": "removed",
    "DELETE_SKIPPED": "kept at AWS, outside of the stack",
    "IMPORT_COMPLETE": "imported",
}
"""https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html"""

AFTER = {
    "ROLLBACK_COMPLETE": "Everything that was made of it was removed again.",
    "UPDATE_ROLLBACK_COMPLETE": "What was there before is back.",
}


@dataclass
class Following:
    """Watches one stack until AWS has ended with it.

    Attributes:
        aws: of the region.
        stack: which.
        tell: gets a line for a person.
        pause: waits for some seconds.
    """

    aws: Aws
    stack: Stack
    tell: Callable[[str], None]
    pause: Callable[[float], None] = time.sleep
    _seen: set[str] = field(default_factory=set)
    _busy: dict[str, None] = field(default_factory=dict)
    _reasons: list[str] = field(default_factory=list)

    def begin(self, id: str) -> None:
        """Take everything that has happened so far as known."""
        self._seen.update(event["EventId"] for event in self._new_events(id))

    def finish(self, id: str) -> Standing:
        """Wait until AWS has ended, telling what happens; return the stack as it is then.

        Args:
            id: ARN of the stack: its name does not find a removed one.

        Raises:
            ApiRefused: AWS failed; the message has the first reason, which is the true one.
            ApiUnavailable: AWS did not answer for a minute; it goes on without us.
        """
        quiet = unanswered = 0
        while True:
            try:
                standing = self._read(id)
                events = list(self._new_events(id))
                unanswered = 0
            except ApiUnavailable:
                unanswered += 1
                if unanswered == MOST_UNANSWERED:
                    raise
                self.pause(POLL_SECONDS)
                continue
            quiet = 0 if events else quiet + 1
            for event in reversed(events):
                self._note(event)
            if not standing.status.endswith("_IN_PROGRESS"):
                self._require_good(standing)
                return standing
            if quiet and quiet % QUIET_POLLS == 0:
                minutes = quiet * POLL_SECONDS / 60
                self.tell(f"still at it for {minutes:.0f} min: {', '.join(self._busy) or 'AWS'}")
            self.pause(POLL_SECONDS)

    def _read(self, id: str) -> Standing:
        standing = read_standing(self.aws, self.stack, id)
        if standing is None:
            # AWS needs a moment before everybody there knows a new stack.
            raise ApiUnavailable(f"{self.stack.name}: AWS does not find {id}. Run again later.")
        return standing

    def _new_events(self, id: str) -> Iterator[Any]:
        """Yield events not seen yet, the newest first."""
        for page in self.aws.pages(
            "cloudformation", "describe_stack_events", self.stack.name, StackName=id
        ):
            for event in page["StackEvents"]:
                if event["EventId"] in self._seen:
                    return
                yield event

    def _note(self, event: Any) -> None:
        self._seen.add(event["EventId"])
        name, status = event["LogicalResourceId"], event["ResourceStatus"]
        is_stack = event.get("PhysicalResourceId") == event["StackId"]
        what = f"{name} ({kind(event['ResourceType'])})"
        reason = event.get("ResourceStatusReason", "AWS gives no reason.")
        if is_stack:
            if status in ("ROLLBACK_IN_PROGRESS", "UPDATE_ROLLBACK_IN_PROGRESS"):
                self._reasons.append(reason)
                self.tell("AWS takes everything back")
            return
        if status.endswith("_IN_PROGRESS"):
            self._busy[name] = None
            return
        self._busy.pop(name, None)
        if status.endswith("_FAILED"):
            # Whatever fails after the first is cancelled because of it.
            if not self._reasons:
                self.tell(f"{what} FAILED: {reason}")
            self._reasons.append(f"{what}: {reason}")
        elif status in DONE:
            self.tell(f"{what} {DONE[status]}")

    def _require_good(self, standing: Standing) -> None:
        if standing.status in GOOD:
            return
        reason = self._reasons[0] if self._reasons else "AWS gives no reason."
        after = AFTER.get(standing.status, "")
        raise ApiRefused(
            f"{self.stack.name}: AWS could not carry this out ({standing.status}). {reason} {after}"
            f" Mend that in {self.stack.file} or in environments.yaml, then run again.".replace(
                "  ", " "
            ),
            reasons=((standing.status, reason),),
        )
