"""`python -m deployments history NAME --environment E`."""

from pathlib import Path

from deployments.connection import connect
from deployments.history import Entry, find_history
from deployments.moves.finding import find_standing
from deployments.output import print_json, print_table, print_text
from deployments.plan.values import short_commit

COLUMNS = ("Version", "When (UTC)", "How", "Commit", "Changed")


def history(name: str, *, environment: str, json: bool = False) -> None:
    """Show what one deployment was, the newest version first.

    Args:
        name: of the deployment.
        environment: that it is live in.
        json: print JSON: every version whole.
    """
    with connect(environment) as api:
        standing = find_standing(api, Path.cwd(), environment, name)
    entries = find_history(standing.history)
    if json:
        print_json(
            {"name": standing.identity.live_name, "versions": [e.content() for e in entries]}
        )
    elif entries:
        print_table(COLUMNS, map(_row, entries), standing.identity.live_name)
    else:
        print_text(f"{standing.identity.live_name}: there is no record of what is live.")


def _row(entry: Entry) -> tuple[str, ...]:
    record = entry.record
    is_first = record.previous is None
    return (
        record.version,
        record.at[:16].replace("T", " "),
        " ".join(filter(None, (record.how, record.origin))),
        short_commit(entry.release.commit) if entry.release else "–",
        "new" if is_first else ", ".join(entry.changed),
    )
