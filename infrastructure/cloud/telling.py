"""Plans and outputs in words, for machines, and for a pull request."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from rich.text import Text

from deployments.output import markdown_table
from infrastructure.cloud.changes import Change
from infrastructure.cloud.kinds import kind
from infrastructure.cloud.plans import StackPlan

STYLES = {"create": "green", "remove": "red", "change": "yellow", "import": "green"}
GRAVE = "bold red"
STATES = {"create": "to be created", "update": "to be changed", "unchanged": "as declared"}
UNSEEN = "no resource changes"


def told(plans: Sequence[StackPlan]) -> Text:
    """Return plans as a person reads them in a terminal."""
    return Text("\n").join(line for plan in plans for line in lines_of(plan))


def lines_of(plan: StackPlan) -> Iterator[Text]:
    """Yield one plan, line by line."""
    state = STATES[plan.action] if plan.action != "unchanged" or not plan.has_work else "to be kept"
    style = "" if plan.action == "unchanged" else "bold"
    yield Text.assemble((plan.stack.name, style), f": {state}")
    for note in plan.notes:
        yield Text(f"  {note}", style="italic")
    for name, before, after in plan.parameters:
        yield Text(f"  {name}: {before or '(empty)'} → {after or '(empty)'}")
    if plan.action == "create":
        yield from _created(plan.changes)
    else:
        for change in sorted(plan.changes, key=_graver):
            style = GRAVE if change.is_grave else STYLES.get(change.fate, "")
            yield Text(f"  {change.told()}", style=style)
        if plan.action == "update" and not plan.changes:
            yield Text(f"  {UNSEEN}")
    if plan.is_to_be_protected:
        yield Text("  protect the stack from being deleted", style="green")


def _graver(change: Change) -> bool:
    return not change.is_grave


def _created(changes: Sequence[Change]) -> Iterator[Text]:
    """Yield one line for each kind: all of it is new."""
    for name, ids in _by_kind(changes).items():
        yield Text(f"  create {name}: {', '.join(ids)}", style="green")


def _by_kind(changes: Sequence[Change]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for change in changes:
        found.setdefault(kind(change.type), []).append(change.name)
    return found


def summary(plans: Sequence[StackPlan]) -> str:
    """Return plans in one sentence."""
    counts = {
        "to create": sum(plan.action == "create" for plan in plans),
        "to change": sum(plan.action != "create" and plan.has_work for plan in plans),
        "as declared": sum(not plan.has_work for plan in plans),
    }
    parts = ", ".join(f"{count} {what}" for what, count in counts.items() if count)
    grave = sum(change.is_grave for plan in plans for change in plan.changes)
    warning = (
        f" Look at the {grave} in capitals: they cannot simply be taken back." if grave else ""
    )
    return f"Stacks: {parts}.{warning}"


def markdown(environment: str, plans: Sequence[StackPlan]) -> str:
    """Return plans for a pull request."""
    title = f"### Infrastructure of {environment}"
    changed = [plan for plan in plans if plan.has_work]
    if not changed:
        return f"{title}\n\nEverything is as declared."
    rows = [row for plan in changed for row in _rows(plan)]
    notes = [f"- {plan.stack.name}: {note}" for plan in changed for note in plan.notes]
    table = markdown_table(("Stack", "What", "Resource", "Effect"), rows)
    return "\n".join([title, "", summary(plans), "", table, *(["", *notes] if notes else [])])


def _rows(plan: StackPlan) -> Iterator[tuple[str, ...]]:
    stack = plan.stack.name
    for name, before, after in plan.parameters:
        yield stack, "set", name, f"{before or '(empty)'} → {after or '(empty)'}"
    if plan.action == "create":
        for name, ids in _by_kind(plan.changes).items():
            yield stack, "create", name, ", ".join(ids)
    else:
        for each in sorted(plan.changes, key=_graver):
            fate = f"**{each.fate.upper()}**" if each.is_grave else each.fate
            yield stack, fate, f"{each.name} ({kind(each.type)})", each.consequence
    if plan.action == "update" and not plan.changes:
        yield stack, "change", "", UNSEEN
    if plan.is_to_be_protected:
        yield stack, "protect", "", "the stack cannot be deleted by accident"


def content(environment: str, plans: Sequence[StackPlan]) -> dict[str, Any]:
    """Return plans for machines."""
    return {"environment": environment, "stacks": [_content(plan) for plan in plans]}


def _content(plan: StackPlan) -> dict[str, Any]:
    return {
        "name": plan.stack.name,
        "template": plan.stack.template,
        "action": plan.action,
        "has_work": plan.has_work,
        "parameters": [
            {"name": name, "before": before, "after": after}
            for name, before, after in plan.parameters
        ],
        "changes": [{**asdict(each), "is_grave": each.is_grave} for each in plan.changes],
        "protect": plan.is_to_be_protected,
        "notes": list(plan.notes),
    }


def addresses(outputs: Mapping[str, str]) -> list[str]:
    """Return the addresses that runs come from."""
    return [each for each in outputs.get("EgressAddresses", "").split(",") if each]
