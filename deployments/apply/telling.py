"""What became of a plan, as text and as JSON."""

from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import asdict
from typing import Any

from rich.text import Text

from deployments.apply.applying import Outcome, Result
from deployments.output import print_table, print_text
from deployments.plan.actions import Plan
from deployments.plan.progress import Advance, bar
from deployments.plan.telling import change_line, release_change

STYLES = {
    "created": "green",
    "updated": "yellow",
    "put back": "magenta",
    "removed": "cyan",
    "orphaned": "cyan",
    "overtaken": "red",
    "failed": "red",
}


def print_overwritten(plan: Plan) -> None:
    """Print what somebody has changed by hand and the plan overwrites, value by value."""
    for action in plan.of("drift", "update"):
        is_drift = action.kind == "drift"
        lost = [change for change in action.changes if change.by_hand or is_drift]
        if lost:
            print_text(Text(f"{action.name} was changed by hand; put back:", "magenta"))
        for change in lost:
            print_text(f"      {change_line(change)}")


def print_outcome(outcome: Outcome) -> None:
    """Print a table of what was written or failed, each failure, and the counts."""
    rows = [
        (Text(result.kind, STYLES[result.kind]), _name(result), release_change(result.action))
        for result in outcome.results
        if result.kind != "unchanged"
    ]
    if rows:
        print_table(("", "Deployment", "Release"), rows)
    for pool in outcome.plan.pools:
        print_text(f"The work pool {pool} was created: `prefect worker start --pool {pool}`.")
    for result in outcome.results:
        for line in _reason(result):
            print_text(Text(line, STYLES[result.kind]))
    print_text(_counts(outcome))


def content(outcome: Outcome) -> dict[str, Any]:
    """Return the outcome as JSON."""
    return {
        "project": outcome.plan.desired.declaration.project,
        "environment": outcome.plan.desired.environment.name,
        "commit": outcome.plan.desired.release.commit,
        "counts": Counter(result.kind for result in outcome.results),
        "pools": list(outcome.plan.pools),
        "deployments": [_result_content(result) for result in outcome.results],
    }


def progress(total: int) -> AbstractContextManager[Advance]:
    """Show a bar while so many deployments are written."""
    return bar("Deployments", total)


def _name(result: Result) -> str:
    action = result.action
    return action.live_name if action.kind == "orphaned" else action.name


def _reason(result: Result) -> Iterator[str]:
    action = result.action
    if result.kind == "overtaken":
        yield (
            f"{action.live_name}: another writer was later, its version is live. Run `plan` to see "
            "what differs."
        )
    elif result.kind == "failed":
        place = f" (at {action.place})" if action.place else ""
        yield f"{_name(result)}: {type(result.failure).__name__}: {result.failure}{place}"


def _counts(outcome: Outcome) -> str:
    counts = Counter(result.kind for result in outcome.results)
    orphaned = counts.pop("orphaned", 0)
    text = ", ".join(f"{count} {kind}" for kind, count in sorted(counts.items()))
    hint = f"{orphaned} no longer declared (remove with --prune)" if orphaned else ""
    return ". ".join(filter(None, (text, hint))) + "." if text or hint else "Nothing is declared."


def _result_content(result: Result) -> dict[str, Any]:
    action = result.action
    return {
        "kind": result.kind,
        "name": action.name,
        "live_name": action.live_name,
        "version": action.fields["version"] if action.fields else None,
        "commit": action.release.commit if action.release else None,
        "image": action.image,
        "changes": [asdict(change) for change in action.changes],
        "failure": str(result.failure) if result.failure else None,
        "place": action.place,
    }
