"""Why a plan may be looked at and not be carried out: the working tree is not a release."""

from collections.abc import Iterator

from deployments.declaration import TYPES_WITH_IMAGE
from deployments.plan.actions import Plan
from utilities.errors import RepositoryNotReady

SHOWN = 5


def find_obstacles(plan: Plan) -> Iterator[str]:
    """Yield what has to be done first, a sentence each; nothing when nothing is to be written."""
    writes = [action for action in plan.actions if action.is_write]
    environment, head = plan.desired.environment, plan.desired.head
    if not writes:
        return
    if environment.branch and head.branch not in (None, environment.branch):
        yield (
            f"{environment.name} is deployed from the branch {environment.branch}, and "
            f"{head.branch} is checked out. Merge it, or check {environment.branch} out."
        )
    with_image = [
        action.name
        for action in writes
        if action.kind != "drift"
        and action.wanted
        and action.wanted.configuration.pool_type in TYPES_WITH_IMAGE
    ]
    if head.is_dirty and with_image:
        paths = [str(path) for path in head.dirty_paths]
        more = f" and {len(paths) - SHOWN} more" if len(paths) > SHOWN else ""
        yield (
            f"{len(with_image)} deployments ({', '.join(with_image[:SHOWN])}"
            f"{', ...' if len(with_image) > SHOWN else ''}) run from an image of a commit, and "
            f"these files are not those of {head.commit[:12]}: {', '.join(paths[:SHOWN])}{more}. "
            "Commit or stash them."
        )


def require_ready(plan: Plan) -> None:
    """Refuse a plan whose working tree is not a release.

    Raises:
        RepositoryNotReady: another branch is checked out, or files that an image has to hold are
            not committed; nothing was written.
    """
    if obstacles := list(find_obstacles(plan)):
        raise RepositoryNotReady(" ".join(obstacles))
