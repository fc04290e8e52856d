"""What somebody changed by hand since a deployment was written."""

from deployments.live import LiveDeployment
from deployments.moves.move import State
from deployments.plan.actions import Change
from deployments.plan.changes import find_changes
from deployments.records import Record


def find_drift(live: LiveDeployment, record: Record) -> tuple[Change, ...]:
    """Return where a live deployment is not what was written, live against written.

    A pause made by hand, of the deployment or of a schedule, is none where the file does not say.
    """
    state = State.of(record)
    return find_changes(live, state.fields, state.schedules, state.paused, record)
