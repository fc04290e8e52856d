"""Show rows to a person: as a table in the terminal, or one below the other where it is narrow."""

from collections.abc import Collection, Mapping, Sequence

from rich.console import Console
from rich.table import Table

FEWEST_CHARACTERS = 12
"""A text that is folded into less than this is no longer read."""

BORDER_CHARACTERS = 3
"""Of each column."""


def show_rows(title: str, rows: Sequence[Mapping[str, str]], texts: Collection[str]) -> None:
    """Print rows under a title; columns that are no texts are set to the right."""
    console = Console()
    if not rows:
        console.print(f"{title}: none")
    elif _least_width(rows, texts) <= console.width:
        console.print(_as_table(title, rows, texts))
    else:
        console.print(_as_list(title, rows))


def _as_table(title: str, rows: Sequence[Mapping[str, str]], texts: Collection[str]) -> Table:
    shown = Table(title=title, title_justify="left")
    for name in rows[0]:
        shown.add_column(name, justify="left" if name in texts else "right", overflow="fold")
    for row in rows:
        shown.add_row(*row.values())
    return shown


def _as_list(title: str, rows: Sequence[Mapping[str, str]]) -> Table:
    shown = Table(title=title, title_justify="left", show_header=False)
    shown.add_column(no_wrap=True)
    shown.add_column(overflow="fold")
    for row in rows:
        for name, value in row.items():
            shown.add_row(name, value)
        shown.add_section()
    return shown


def _least_width(rows: Sequence[Mapping[str, str]], texts: Collection[str]) -> int:
    """Return how many characters a table needs for its numbers whole and its texts folded."""
    width = 1
    for name in rows[0]:
        longest = max(len(value) for value in (*name.split(), *(row[name] for row in rows)))
        width += BORDER_CHARACTERS
        width += min(longest, FEWEST_CHARACTERS) if name in texts else longest
    return width
