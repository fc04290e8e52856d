"""`python -m deployments rollback NAME --environment E`."""

from pathlib import Path

from deployments.connection import connect
from deployments.moves.finding import find_standing
from deployments.moves.running import Intention, run_moves
from deployments.rollback import plan_rollback

CLOSING = (
    "The files still want what was live before: the next apply deploys that again. Revert the "
    "change, or mend it, before."
)


def rollback(
    name: str, *, environment: str, to: str | None = None, plan: bool = False, json: bool = False
) -> int:
    """Return one deployment to the version before: image, code, parameters, schedules.

    It is written whole, as it was recorded when it was deployed, under the next number. Needs no
    files but the name of the project, so it works whatever is checked out.

    Args:
        name: of the deployment.
        environment: that it is live in.
        to: another version of its history than the one before: `v3`, or whole.
        plan: say what would be done, field by field, and write nothing; status 2.
        json: print JSON.
    """
    with connect(environment) as api:
        move = plan_rollback(find_standing(api, Path.cwd(), environment, name), to)
        intention = Intention(f"rollback in {environment}", environment, (move,), CLOSING)
        return run_moves(api, intention, is_plan=plan, as_json=json)
