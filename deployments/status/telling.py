"""What is live, as a table and as JSON."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from rich.text import Text

from deployments.output import Cell, print_table, print_text
from deployments.plan.values import short_commit
from deployments.status.reading import Entry, EnvironmentStatus
from deployments.status.runs import Run
from deployments.status.told import DIRTY

COLUMNS = (
    "Deployment",
    "Version",
    "Commit",
    "Image",
    "Next run (UTC)",
    "Last run (UTC)",
    "Remarks",
)
NOTHING = "–"
SCHEDULED = "Scheduled"
"""State of a run that waits for its time; others, `Late` for one, are told."""

MINUTES = len("2026-11-21T14:05")


def print_status(environments: Iterable[EnvironmentStatus]) -> None:
    """Print a table for each environment."""
    for number, each in enumerate(environments):
        if number:
            print_text("")
        if each.entries:
            print_table(COLUMNS, map(_row, each.entries), each.name)
        else:
            print_text(Text.assemble((each.name, "bold"), ": nothing is deployed."))


def content(environments: Iterable[EnvironmentStatus]) -> dict[str, Any]:
    """Return everything as JSON."""
    return {
        "environments": [
            {
                "name": each.name,
                "unknown": None if each.unknown is None else str(each.unknown),
                "deployments": [_content(entry) for entry in each.entries],
            }
            for each in environments
        ]
    }


def _row(entry: Entry) -> tuple[Cell, ...]:
    known = entry.told
    if known is None:
        return (entry.identity.name, *[NOTHING] * 5, _remarks(entry))
    commit = short_commit(known.commit or NOTHING) + (DIRTY if known.is_dirty else "")
    return (
        entry.identity.name,
        NOTHING if known.number is None else f"v{known.number}",
        commit,
        short_commit(known.image_tag or NOTHING),
        _next(entry.next_run),
        _last(entry.last_run),
        _remarks(entry),
    )


def _remarks(entry: Entry) -> Text:
    remarks: list[tuple[str, str]] = []
    if entry.live is not None and entry.live.paused:
        remarks.append(("paused", "yellow"))
    if entry.drift is None:
        remarks.append(("no record of it", "red"))
    elif entry.drift:
        fields = ", ".join(change.field for change in entry.drift)
        remarks.append((f"changed by hand: {fields}", "magenta"))
    if entry.wish not in (None, "nothing"):
        remarks.append((f"the files want: {entry.wish}", "cyan"))
    text = Text()
    for number, (remark, style) in enumerate(remarks):
        text.append("; " if number else "").append(remark, style)
    return text


def _next(run: Run | None) -> Cell:
    if run is None:
        return NOTHING
    if run.state_name == SCHEDULED:
        return _minute(run)
    return Text(f"{run.state_name} {_minute(run)}", "yellow")


def _last(run: Run | None) -> Cell:
    if run is None:
        return NOTHING
    return Text(f"{run.state_name} {_minute(run)}", "red" if run.has_failed else "")


def _minute(run: Run) -> str:
    return run.at[:MINUTES].replace("T", " ")


def _content(entry: Entry) -> dict[str, Any]:
    live = entry.live
    return {
        **asdict(entry.identity),
        "live_name": entry.identity.live_name,
        "id": live.id if live else None,
        "version": live.fields["version"] if live else None,
        "runs": None if entry.told is None else asdict(entry.told),
        "paused": live.paused if live else None,
        "next_run": None if entry.next_run is None else asdict(entry.next_run),
        "last_run": None if entry.last_run is None else asdict(entry.last_run),
        "drift": None if entry.drift is None else [asdict(change) for change in entry.drift],
        "wish": entry.wish,
    }
