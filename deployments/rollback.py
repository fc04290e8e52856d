"""Return one deployment to a version that it had: whole, and under the next number."""

from collections.abc import Iterator, Sequence

from deployments.declaration.problems import suggestion
from deployments.identity import Version
from deployments.images.unreferenced import KEPT_VERSIONS
from deployments.moves.move import Move, State, make_move
from deployments.moves.standing import Standing
from deployments.records import Record
from utilities.errors import ChangeRefused, ParameterInvalid


def plan_rollback(standing: Standing, to: str | None) -> Move:
    """Decide how a deployment gets back: with the fields and schedules of then.

    Args:
        standing: the deployment as it is live.
        to: a version of its history, whole or by its number (`v3`); None for the one before.

    Raises:
        ChangeRefused: it has no version before.
        ParameterInvalid: it never had that version.
    """
    record = _find(standing, to) if to else _before(standing)
    notes = tuple(_doubts(standing, record))
    return make_move(standing, State.of(record), "rollback", record.version, notes)


def _before(standing: Standing) -> Record:
    live = standing.identity.live_name
    if not standing.history:
        raise ChangeRefused(
            f"{live}: there is no record of the version that is live, so nobody knows what was "
            "before. Check out the commit that is wanted and apply it."
        )
    if len(standing.history) == 1:
        raise ChangeRefused(
            f"{live}: {standing.history[0].version} is its first version; there is none before it. "
            "Pause it in Prefect to stop it."
        )
    return standing.history[1]


def _find(standing: Standing, to: str) -> Record:
    for record in standing.history:
        if to in _spellings(record):
            return record
    raise ParameterInvalid(
        f"{standing.identity.live_name} never had version {to!r}."
        f"{suggestion(to, _versions(standing.history), 'Recorded')}"
    )


def _doubts(standing: Standing, record: Record) -> Iterator[str]:
    kept = {_image(each) for each in standing.history[:KEPT_VERSIONS]}
    if (image := _image(record)) not in kept:
        yield (
            f"{image} is older than those that are kept for a rollback: look whether it still "
            "exists"
        )


def _image(record: Record) -> str | None:
    image: str | None = record.fields["job_variables"].get("image")
    return image


def _spellings(record: Record) -> tuple[str, ...]:
    version = Version.read(record.version)
    return (record.version, f"v{version.number}") if version else (record.version,)


def _versions(history: Sequence[Record]) -> list[str]:
    return [record.version for record in history]
