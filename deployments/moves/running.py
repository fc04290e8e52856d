"""What every command that moves deployments does with its moves: tell, write, tell again."""

from dataclasses import dataclass

from deployments.apply.telling import progress
from deployments.live.api import PrefectApi
from deployments.moves.carrying_out import Moved, carry_out
from deployments.moves.move import Move
from deployments.moves.printing import (
    moved_content,
    moves_content,
    print_failures,
    print_moved,
    print_moves,
)
from deployments.output import print_json, print_text
from utilities.errors import FlowError

FAILED = 1
CHANGES = 2


@dataclass(frozen=True)
class Intention:
    """What a command is about to do.

    Attributes:
        title: of what is printed.
        environment: that they belong to.
        moves: one for each deployment.
        closing: what a person should know afterwards; empty for nothing.
        obstacle: why nothing may be written; None when it may.
    """

    title: str
    environment: str
    moves: tuple[Move, ...]
    closing: str = ""
    obstacle: FlowError | None = None


def run_moves(
    api: PrefectApi, intention: Intention, *, is_plan: bool = False, as_json: bool = False
) -> int:
    """Print moves, carry them out unless it is a plan, and print what became of them.

    Returns:
        Status of the command: 1 when a deployment was refused or failed; of a plan 2 when
        something is to be written; else 0.

    Raises:
        FlowError: the obstacle, when something was to be written.
    """
    moves = intention.moves
    obstacle = intention.obstacle if any(move.target for move in moves) else None
    if not as_json:
        print_moves(intention.title, moves)
    if is_plan:
        if as_json:
            print_json({"environment": intention.environment, "moves": moves_content(moves)})
        print_failures([*(move.refusal for move in moves), obstacle])
        return _status_of_plan(moves)
    if obstacle is not None:
        raise obstacle
    with progress(len([move for move in moves if move.target])) as advance:
        moved = carry_out(api, moves, advance)
    if as_json:
        print_json({"environment": intention.environment, "moves": moved_content(moved)})
    else:
        _print(intention, moved)
    print_failures(each.failure for each in moved)
    return 0 if all(each.is_as_wanted for each in moved) else FAILED


def _status_of_plan(moves: tuple[Move, ...]) -> int:
    if any(move.refusal for move in moves):
        return FAILED
    return CHANGES if any(move.target for move in moves) else 0


def _print(intention: Intention, moved: list[Moved]) -> None:
    print_moved(moved)
    if intention.closing and any(each.written for each in moved):
        print_text(intention.closing)
