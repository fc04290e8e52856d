"""Changes as text, as JSON, and as Markdown for a pull request."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from deployments.changed.changes import Changes, DeploymentChange
from deployments.output import markdown_table

COLUMNS = ("deployment", "change", "why")
HEADING = "### Deployments that change"


def rows(changes: Changes, quote: str = "") -> Iterator[tuple[str, str, str]]:
    """Yield a row of a table for each deployment that differs, a line for each of its reasons.

    Args:
        changes: that are told.
        quote: around each name; in Markdown it keeps `__init__.py` from turning bold.
    """
    for each in changes.deployments:
        yield f"{quote}{each.name}{quote}", _change(each), "\n".join(reasons(each, quote))


def reasons(change: DeploymentChange, quote: str = "") -> Iterator[str]:
    """Yield why a deployment differs: `← utilities/staging/writer.py (imported by utilities.tasks)`."""
    if change.change != "changed":
        when = "until now" if change.change == "added" else "from now on"
        other = f" ({when} {quote}{change.renamed}{quote})" if change.renamed else ""
        yield f"{quote}{change.entrypoint}{quote}{other}"
    yield from (f"← {reason.told(quote)}" for reason in change.code)
    yield from (f"← {reason.told(quote)}" for reason in change.configuration)
    for broken in change.broken:
        place = f"{quote}{broken.file}:{broken.line}{quote}"
        yield f"cannot be deployed: {place}: {broken.reason}"


def summary(changes: Changes) -> str:
    """Return one line: how many, compared with what."""
    number = len(changes.deployments)
    compared = f"compared with {changes.base} at {changes.commit[:12]}"
    if not number:
        return f"None of {changes.unchanged} deployments changes, {compared}."
    return f"{number} of {number + changes.unchanged} deployments change, {compared}."


def markdown(changes: Changes) -> str:
    """Return the changes as a comment of a pull request; one line when there are none."""
    if not changes.deployments:
        return summary(changes)
    table = markdown_table(COLUMNS, rows(changes, "`"))
    return f"{HEADING}\n\n{summary(changes)}\n\n{table}"


def content(changes: Changes) -> dict[str, Any]:
    """Return the changes as JSON."""
    return {
        "base": changes.base,
        "commit": changes.commit,
        "unchanged": changes.unchanged,
        "deployments": [_content(each) for each in changes.deployments],
    }


def _content(change: DeploymentChange) -> dict[str, Any]:
    return {
        "name": change.name,
        "entrypoint": change.entrypoint,
        "change": change.change,
        "renamed": change.renamed,
        "code": [
            {
                **asdict(reason),
                "file": str(reason.file),
                "renamed_from": str(reason.renamed_from) if reason.renamed_from else None,
            }
            for reason in change.code
        ],
        "configuration": [asdict(reason) for reason in change.configuration],
        "broken": [{**asdict(broken), "file": str(broken.file)} for broken in change.broken],
    }


def _change(change: DeploymentChange) -> str:
    if change.change != "changed":
        return change.change
    parts = ("code" if change.code else "", "configuration" if change.configuration else "")
    return " and ".join(filter(None, parts)) + " changed"
