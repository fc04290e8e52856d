"""Show rows to a person: as a table in the terminal."""

from collections.abc import Collection, Mapping, Sequence

from rich.console import Console
from rich.table import Table


def show_rows(title: str, rows: Sequence[Mapping[str, str]], texts: Collection[str]) -> None:
    """Print rows under a title; columns that are no texts are set to the right."""
    shown = Table(title=title, title_justify="left")
    for name in rows[0] if rows else ():
        shown.add_column(name, justify="left" if name in texts else "right", overflow="fold")
    for row in rows:
        shown.add_row(*row.values())
    Console().print(shown if rows else f"{title}: none")
