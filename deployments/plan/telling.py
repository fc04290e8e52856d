"""A plan as text, as JSON, and as Markdown for a pull request."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from rich.text import Text

from deployments.identity import Version
from deployments.output import markdown_table
from deployments.plan.actions import KINDS, Action, Change, Kind, Plan
from deployments.plan.readiness import find_obstacles
from deployments.plan.values import short, short_commit

HEADINGS: dict[Kind, tuple[str, str]] = {
    "broken": ("cannot be deployed", "red"),
    "create": ("to create", "green"),
    "update": ("to update", "yellow"),
    "drift": ("changed by hand, to put back", "magenta"),
    "orphaned": ("no longer declared (removed with --prune)", "cyan"),
    "unchanged": ("unchanged", "dim"),
}

DERIVED = frozenset(
    {
        "version",
        "job_variables.image",
        "job_variables.env.COMMIT_HASH",
        "tags.COMMIT_HASH",
        "tags.PACKAGE_VERSION",
        "tags.BRANCH_NAME",
    }
)
"""What follows from the release, which is told in one line."""


def told(plan: Plan) -> Text:
    """Return the plan as text with colours, in groups."""
    text = Text()
    for kind in KINDS:
        actions = plan.of(kind)
        if not actions:
            continue
        heading, style = HEADINGS[kind]
        if kind == "unchanged":
            text.append(f"{len(actions)} unchanged\n", style)
            continue
        text.append(f"{len(actions)} {heading}\n", f"bold {style}")
        for action in actions:
            text.append_text(_told_action(action, style))
    for pool in plan.pools:
        text.append(f"Work pool {pool} does not exist; apply creates it.\n")
    for obstacle in find_obstacles(plan):
        text.append(f"apply refuses: {obstacle}\n", "red")
    text.rstrip()
    return text


def content(plan: Plan) -> dict[str, Any]:
    """Return the plan as JSON."""
    return {
        "project": plan.desired.declaration.project,
        "environment": plan.desired.environment.name,
        "commit": plan.desired.release.commit,
        "counts": {kind: len(plan.of(kind)) for kind in KINDS},
        "pools": list(plan.pools),
        "obstacles": list(find_obstacles(plan)),
        "deployments": [_action_content(action) for action in plan.actions],
    }


def markdown(plan: Plan) -> str:
    """Return the plan as Markdown for a pull request."""
    counts = [f"{len(plan.of(kind))} {HEADINGS[kind][0]}" for kind in KINDS if plan.of(kind)]
    parts = [f"### Plan for {plan.desired.environment.name}", ", ".join(counts) or "Nothing."]
    rows = [
        (kind, action.name, release_change(action), "<br>".join(_lines(action)))
        for kind in KINDS
        if kind != "unchanged"
        for action in plan.of(kind)
    ]
    if rows:
        parts.append(markdown_table(("", "Deployment", "Release", "Changes"), rows))
    parts += [f"Work pool `{pool}` does not exist; apply creates it." for pool in plan.pools]
    parts += [f"**apply refuses:** {obstacle}" for obstacle in find_obstacles(plan)]
    return "\n\n".join(parts)


def release_change(action: Action) -> str:
    """Say from which version and commit to which: `v3 → v4, 1a2b3c4d5e6f → 6f5e4d3c2b1a`."""
    old = action.live
    old_commit = short_commit(old.release.commit) if old and old.release else None
    old_number = f"v{old.version.number}" if old and old.version else None
    if not action.is_write or action.release is None:
        return ", ".join(filter(None, (old_number, old_commit)))
    numbers = _arrow(old_number, f"v{action.number}")
    return f"{numbers}, {_arrow(old_commit, short_commit(action.release.commit))}"


def _told_action(action: Action, style: str) -> Text:
    text = Text("  ").append(action.name, style)
    if action.kind == "orphaned":
        text.append(f" ({action.live_name})")
    if release := release_change(action):
        text.append(f"  {release}")
    text.append("\n")
    for line in _lines(action):
        text.append(f"      {line}\n")
    return text


def _lines(action: Action) -> Iterator[str]:
    if action.failure is not None:
        yield from f"{type(action.failure).__name__}: {action.failure}".splitlines()
        if action.place is not None:
            yield f"at {action.place}"
    if action.kind == "update" and (code := _code_change(action)):
        yield code
    for change in _shown(action.changes):
        # Of drift that is said in the heading.
        is_marked = change.by_hand and action.kind != "drift"
        yield change_line(change) + (" (live value was set by hand)" if is_marked else "")


def _code_change(action: Action) -> str | None:
    """Say that the code differs: its files are told by `changed`, from git."""
    live = action.live.version if action.live else None
    wanted = Version.read(action.fields["version"]) if action.fields else None
    if live is None or wanted is None or live.fingerprint == wanted.fingerprint:
        return None
    return f"code: {live.fingerprint} → {wanted.fingerprint}"


def _shown(changes: Sequence[Change]) -> Iterator[Change]:
    for change in changes:
        if change.field not in DERIVED or change.by_hand:
            yield change


def change_line(change: Change) -> str:
    """Return one change as a line: `parameters.limit: 20 → 30`."""
    return f"{change.field}: {short(change.live)} → {short(change.wanted)}"


def _arrow(old: str | None, new: str) -> str:
    return new if old in (None, new) else f"{old} → {new}"


def _action_content(action: Action) -> dict[str, Any]:
    live = action.live
    return {
        "kind": action.kind,
        "name": action.name,
        "live_name": action.live_name,
        "id": live.id if live else None,
        "live_version": live.fields["version"] if live else None,
        "version": action.fields["version"] if action.fields else None,
        "commit": action.release.commit if action.release else None,
        "image": action.image,
        "changes": [asdict(change) for change in action.changes],
        "failure": str(action.failure) if action.failure else None,
        "place": action.place,
    }
