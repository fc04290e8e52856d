"""A plan and its outcome as text and as JSON. What is secret is shown to nobody."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from rich.text import Text

from blocks.applying import Done
from blocks.leaves import Change
from blocks.objects import Hidden
from blocks.planning import WHATS, Action, Plan, What

HEADINGS: dict[What, tuple[str, str]] = {
    "broken": ("cannot be made", "red"),
    "create": ("to create", "green"),
    "update": ("to update", "yellow"),
    "orphaned": ("no longer declared (removed with --prune)", "cyan"),
    "unchanged": ("unchanged", "dim"),
}

LONGEST = 100
"""Characters of a value that are shown."""


def told(plan: Plan) -> Text:
    """Return a plan as text with colours, in groups."""
    text = notes(plan)
    if text:
        text.append("\n")
    for what in WHATS:
        actions = plan.of(what)
        if not actions:
            continue
        heading, style = HEADINGS[what]
        if what == "unchanged":
            text.append(f"{len(actions)} unchanged\n", style)
            continue
        text.append(f"{len(actions)} {heading}\n", f"bold {style}")
        for action in actions:
            text.append(f"  {action.kind.noun} {action.name}\n", style)
            for line in _lines(action):
                text.append(f"      {line}\n")
    text.rstrip()
    return text


def notes(plan: Plan) -> Text:
    """Return what a person should know in any case, a line each."""
    text = Text()
    for note in plan.scope.notes:
        text.append(f"{note}\n", "bold magenta")
    text.rstrip()
    return text


def done(each: Done) -> Text | None:
    """Return what became of an action as a line; None for one that needed nothing."""
    if each.outcome == "unchanged":
        return None
    style = {"failed": "red", "left": "cyan"}.get(each.outcome, "green")
    what = "no longer declared, left (see --prune)" if each.outcome == "left" else each.outcome
    text = Text().append(f"{what}: {each.action.kind.noun} {each.action.name}", style)
    if each.reason:
        text.append(f"\n      {each.reason}")
    for change in each.action.changes if each.outcome == "updated" else ():
        text.append(f"\n      {change_line(change)}")
    return text


def summary(everything: Sequence[Done]) -> str:
    """Return the last line of apply."""
    counts = {name: 0 for name in ("created", "updated", "removed", "left", "failed", "unchanged")}
    for each in everything:
        counts[each.outcome] += 1
    return ", ".join(f"{count} {name}" for name, count in counts.items() if count) or "nothing"


def content(plan: Plan, outcomes: Sequence[Done] | None = None) -> dict[str, Any]:
    """Return a plan, and what became of it, as JSON."""
    became = {(each.action.kind.noun, each.action.name): each for each in outcomes or ()}
    return {
        "project": plan.scope.platform.project,
        "environment": plan.scope.platform.environment,
        "counts": {what: len(plan.of(what)) for what in WHATS},
        "notes": list(plan.scope.notes),
        "objects": [
            {
                "what": action.what,
                "kind": action.kind.noun,
                "name": action.name,
                "changes": [_change(change) for change in action.changes],
                "reason": action.reason,
                **_became(became.get((action.kind.noun, action.name))),
            }
            for action in plan.actions
        ],
    }


def change_line(change: Change) -> str:
    """Return one change as a line: `value: 20 → 30`."""
    return f"{change.field}: {_short(change.live)} → {_short(change.wanted)}"


def _lines(action: Action) -> list[str]:
    if action.reason is not None:
        return [action.reason]
    return [change_line(change) for change in action.changes]


def _short(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, Hidden):
        return repr(value)
    text = value if isinstance(value, str) else json.dumps(shown(value), ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 4]} ..."


def shown(value: Any) -> Any:
    """Return a JSON value with its secrets taken out."""
    if isinstance(value, Hidden):
        return repr(value)
    if isinstance(value, Mapping):
        return {key: shown(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [shown(each) for each in value]
    return value


def _change(change: Change) -> dict[str, Any]:
    return {
        "field": change.field,
        "live": shown(change.live),
        "wanted": shown(change.wanted),
    }


def _became(each: Done | None) -> dict[str, Any]:
    return {} if each is None else {"outcome": each.outcome, "failure": each.reason}
