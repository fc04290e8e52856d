"""Write moves, and tell what became of each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from deployments.apply.writing_all import Attempt, write_all
from deployments.apply.writing_one import Written
from deployments.live.api import PrefectApi
from deployments.moves.move import Move
from utilities.errors import FlowError


@dataclass(frozen=True)
class Moved:
    """What became of one move.

    Attributes:
        move: what it was.
        written: None when nothing was to be written, or it failed.
        failure: why it failed, or was refused.
    """

    move: Move
    written: Written | None = None
    failure: FlowError | None = None

    @property
    def is_as_wanted(self) -> bool:
        """Whether the deployment is what it should be."""
        return self.failure is None and (self.written is None or self.written.kind != "overtaken")


def carry_out(
    api: PrefectApi,
    moves: Sequence[Move],
    on_done: Callable[[Attempt], None] = lambda attempt: None,
) -> list[Moved]:
    """Write what moves say; one that fails leaves the others alone.

    Args:
        api: Prefect.
        moves: of one environment; refused and unchanged ones are passed through.
        on_done: gets each attempt as it ends.

    Raises:
        PrefectUnavailable, PrefectRefused: the records could not be kept; nothing was written.
    """
    targets = [move.target for move in moves if move.target is not None]
    attempts = write_all(api, targets, [target.record for target in targets], on_done)
    by_name = {attempt.target.identity.name: attempt for attempt in attempts}
    return [_moved(move, by_name.get(move.name)) for move in moves]


def _moved(move: Move, attempt: Attempt | None) -> Moved:
    if attempt is None:
        return Moved(move, failure=move.refusal)
    return Moved(move, attempt.written, attempt.failure)
