"""Tell people what was delivered, and where the rest is."""

import re

from prefect import task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE

from utilities.deliveries import Delivered
from utilities.tasks.shown_rows import show_rows

__all__ = [
    "publish_deliveries",
]

SEEN_IN = "prefect_flows.deliveries"


@task(cache_policy=NO_CACHE)
def publish_deliveries(delivered: Delivered, *, dry_run: bool = False) -> None:
    """Show counts and the first refused items in the terminal and as an artifact.

    Args:
        delivered: what a task that delivers has returned.
        dry_run: nothing was sent, which the title says.
    """
    title = f"{delivered.channel}: {_summary(delivered, dry_run)}"
    counts = [{name: f"{number:,}" for name, number in _counts(delivered)}]
    show_rows(title, counts, texts=())
    aside = [{"item": item, "reason": reason} for item, reason in delivered.first_set_aside]
    if aside:
        show_rows("set aside, the last ones", aside, texts=("item", "reason"))
    markdown = [f"# {_cell(title)}", _table(counts)]
    if aside:
        markdown += ["## Set aside, the last ones", _table(aside)]
    markdown += ["## Every item that is not done", f"```sql\n{_where(delivered)}\n```"]
    create_markdown_artifact("\n\n".join(markdown), key="deliveries", description=title)


def _summary(delivered: Delivered, dry_run: bool) -> str:
    if dry_run:
        return f"{delivered.left:,} of {delivered.wanted:,} would be sent"
    return f"{delivered.done:,} of {delivered.wanted:,} sent in {delivered.seconds:,.1f} s"


def _counts(delivered: Delivered) -> list[tuple[str, int]]:
    found = [
        ("wanted", delivered.wanted),
        ("done before", delivered.done_before),
        ("sent now", delivered.done),
        ("by others", delivered.done_elsewhere),
        ("refused", delivered.refused),
        ("unknown", delivered.unknown),
        ("left", delivered.left),
    ]
    if delivered.incomplete:
        found.append(("incomplete rows", delivered.incomplete))
    return found


def _table(rows: list[dict[str, str]]) -> str:
    lines = [list(rows[0]), ["---"] * len(rows[0])]
    lines += [[_cell(value) for value in row.values()] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _where(delivered: Delivered) -> str:
    channel = delivered.channel.replace("'", "''")
    return (
        f"SELECT item, state, reason, changed_at FROM {SEEN_IN}\n"
        f"WHERE channel = '{channel}' AND state <> 'done' ORDER BY item;"
    )


def _cell(text: str) -> str:
    """Return text that Markdown shows as it is, on one line."""
    return re.sub(r"([\\`*_{}\[\]<>#|!&~$])", r"\\\1", " ".join(text.split()))
