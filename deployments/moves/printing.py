"""How moves are told: before they are carried out, and what became of them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from rich.text import Text

from deployments.moves.carrying_out import Moved
from deployments.moves.move import Move
from deployments.output import console, print_text
from deployments.plan.actions import Change
from deployments.plan.telling import DERIVED
from deployments.plan.values import short, short_commit
from utilities.errors import FlowError

COMMIT = "tags.COMMIT_HASH"
IMAGE = "job_variables.image"

STYLES = {"create": "green", "update": "yellow", "refused": "red", "unchanged": "dim"}


def print_moves(title: str, moves: Iterable[Move]) -> None:
    """Print what is to become of each deployment, field by field."""
    print_text(Text(title, style="bold"))
    for move in moves:
        origin = f"  from {move.origin}" if move.origin and move.target else ""
        version = f"  {move.version}" if move.target else ""
        print_text(
            Text.assemble((f"{move.kind:<9}  ", STYLES[move.kind]), move.name, version, origin)
        )
        for detail in _details(move):
            print_text(f"           {detail}")


def print_moved(moved: Sequence[Moved]) -> None:
    """Print what became of each deployment, in numbers."""
    counts = Counter(_outcome(each) for each in moved)
    for each in moved:
        if each.written is not None and each.written.kind == "overtaken":
            print_text(
                f"{each.written.live.live_name}: another writer was later, its version "
                f"{each.written.live.fields['version']} is live."
            )
    print_text(", ".join(f"{count} {outcome}" for outcome, count in sorted(counts.items())) + ".")


def print_failures(failures: Iterable[FlowError | None]) -> None:
    """Print to standard error why deployments were refused or failed, a line each."""
    for failure in failures:
        if failure is not None:
            text = Text(f"{type(failure).__name__}: {failure}")
            console(stderr=True).print(text, soft_wrap=True)


def moves_content(moves: Iterable[Move]) -> list[dict[str, Any]]:
    """Return moves as JSON."""
    return [_content(move) for move in moves]


def moved_content(moved: Iterable[Moved]) -> list[dict[str, Any]]:
    """Return moves with what became of them as JSON."""
    return [
        _content(each.move) | {"outcome": _outcome(each), "error": _error(each.failure)}
        for each in moved
    ]


def _outcome(moved: Moved) -> str:
    if moved.move.kind == "refused":
        return "refused"
    if moved.failure is not None:
        return "failed"
    return moved.written.kind if moved.written else "unchanged"


def _details(move: Move) -> Iterator[str]:
    for change in _shown(move.changes):
        by_hand = " (live value was set by hand)" if change.by_hand else ""
        yield f"{change.field}: {short(change.live)} → {short(change.wanted)}{by_hand}"
    for note in move.notes:
        yield f"note: {note}"


def _shown(changes: Sequence[Change]) -> Iterator[Change]:
    """Yield what a person has to read: of all that follows from the commit, the commit alone."""
    by_field = {change.field: change for change in changes}
    commit, image = by_field.get(COMMIT), by_field.get(IMAGE)
    if commit is not None:
        live, wanted = short_commit(commit.live or ""), short_commit(commit.wanted)
        yield replace(commit, field="commit", live=live or None, wanted=wanted)
    elif image is not None and not image.by_hand:
        yield image
    yield from (each for each in changes if each.field not in DERIVED or each.by_hand)


def _content(move: Move) -> dict[str, Any]:
    return {
        "name": move.name,
        "kind": move.kind,
        "origin": move.origin,
        "version": move.version,
        "previous": move.target.record.previous if move.target else None,
        "changes": [asdict(change) for change in move.changes],
        "notes": list(move.notes),
        "error": _error(move.refusal),
    }


def _error(error: FlowError | None) -> Mapping[str, str] | None:
    if error is None:
        return None
    return {"type": type(error).__name__, "message": str(error)}
