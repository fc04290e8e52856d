"""The same code on a rebuilt image: a new version of deployments in which nothing changed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from deployments.desired import Desired
from deployments.images.presence import find_presence
from deployments.moves.move import Move, State, make_move
from deployments.moves.standing import Standing
from deployments.records import Record
from deployments.status.wishes import find_wish
from deployments.wanted import Wanted
from utilities.errors import ChangeRefused, FlowError, RepositoryNotReady

SHOWN = 5


def require_release(desired: Desired) -> None:
    """Refuse a working tree that is no commit of the environment's branch: no image is built of it.

    Raises:
        RepositoryNotReady: files differ from the commit, or another branch is checked out.
    """
    head, environment = desired.head, desired.environment
    if head.is_dirty:
        more = ", ..." if len(head.dirty_paths) > SHOWN else ""
        raise RepositoryNotReady(
            f"Images are built of a commit, and these files differ from {head.commit[:12]}: "
            f"{', '.join(map(str, head.dirty_paths[:SHOWN]))}{more}. Commit or stash them."
        )
    if environment.branch and head.branch not in (None, environment.branch):
        raise RepositoryNotReady(
            f"{environment.name} is deployed from the branch {environment.branch}, and "
            f"{head.branch} is checked out. Check {environment.branch} out."
        )


def plan_redeploy(
    wanted: Desired, standing: Mapping[str, Standing], names: Sequence[str], tag: str
) -> tuple[Move, ...]:
    """Decide what becomes of each deployment.

    Args:
        wanted: what the repository wants of the environment.
        standing: deployments as they are live, by name.
        names: of those that are to be redeployed.
        tag: of the rebuilt root image.
    """
    return tuple(
        _move(wanted, each, standing[each.identity.name], tag)
        for each in wanted.wanted
        if each.identity.name in names
    )


def with_images(moves: Iterable[Move], rebuild: str) -> tuple[Move, ...]:
    """Refuse what would be given an image that does not exist; say where nobody can tell.

    Args:
        moves: of `plan_redeploy`.
        rebuild: name of the rebuild.
    """
    moves = tuple(moves)
    images = {move.name: _image(move) for move in moves}
    presence = find_presence(image for image in images.values() if image)
    return tuple(_judge(move, images[move.name], presence, rebuild) for move in moves)


def _image(move: Move) -> str | None:
    return move.target.fields["job_variables"].get("image") if move.target else None


def _judge(
    move: Move, image: str | None, presence: Mapping[str, bool | None], rebuild: str
) -> Move:
    if image is None or presence[image]:
        return move
    if presence[image] is None:
        return replace(move, notes=(*move.notes, f"nobody could tell whether {image} exists"))
    environment = move.target.identity.environment if move.target else ""
    refusal = ChangeRefused(
        f"{move.name}: {image} does not exist, so no run could start. Build it first: python -m "
        f"deployments images --environment {environment} --rebuild {rebuild}"
    )
    return Move(move.name, move.origin, refusal=refusal)


def _move(desired: Desired, wanted: Wanted, standing: Standing, tag: str) -> Move:
    name = wanted.identity.name
    try:
        standing.require_ours()
        if wanted.configuration.image_repository is None:
            return Move(name, notes=("runs without an image: there is nothing to rebuild",))
        record = _require_same(wanted, standing)
        schema = record.fields["parameter_openapi_schema"]
        configuration = wanted.configuration
        state = State(
            fields=wanted.fields(desired.release, wanted.image(tag), 0, schema),
            schedules=configuration.schedules,
            paused=configuration.paused,
            base_parameters=configuration.base_parameters,
        )
        return make_move(standing, state, "redeploy", "")
    except FlowError as refusal:
        return Move(name, refusal=refusal)


def _require_same(wanted: Wanted, standing: Standing) -> Record:
    """Return the record of what is live, when that is what is checked out.

    Raises:
        ChangeRefused: something else is live.
    """
    environment = wanted.identity.environment
    apply = f"python -m deployments apply --environment {environment} {wanted.identity.name}"
    wish = find_wish(wanted, standing.live)
    if wish == "to be created":
        raise ChangeRefused(
            f"{wanted.identity.name}: was never deployed to {environment}. Apply first: {apply}"
        )
    if wish != "nothing" or standing.record is None:
        found = f"the files want {wish}" if wish != "nothing" else "there is no record of it"
        raise ChangeRefused(
            f"{wanted.identity.name}: what is live in {environment} is not what is checked out: "
            f"{found}. It was left alone. Apply first: {apply}"
        )
    return standing.record
