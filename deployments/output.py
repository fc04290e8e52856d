"""How commands print: tables for people, JSON for machines, Markdown for a pull request.

In a terminal with colour and as wide as it is; in a pipe without colour and never cut off.
"""

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

PIPE_WIDTH = 10_000

Cell = str | Text


def console(*, stderr: bool = False) -> Console:
    """Return where text goes: standard output, or standard error for what is not the result."""
    stream = sys.stderr if stderr else sys.stdout
    return Console(
        file=stream,
        width=None if stream.isatty() else PIPE_WIDTH,
        highlight=False,
    )


def print_text(text: Cell) -> None:
    """Print a line or more; a `Text` may have colours, a string is printed as it is."""
    console().print(text if isinstance(text, Text) else Text(text), soft_wrap=True)


def print_table(columns: Sequence[str], rows: Iterable[Sequence[Cell]], title: str = "") -> None:
    """Print a table with a heading for each column."""
    if title:
        print_text(Text(title, style="bold"))
    table = Table(box=None, pad_edge=False, header_style="bold", show_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(cell if isinstance(cell, Text) else Text(cell) for cell in row))
    console().print(table)


def print_json(value: Any) -> None:
    """Print a value as JSON that a person can read too."""
    json.dump(value, sys.stdout, indent=2, ensure_ascii=False)
    print()


def markdown_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table in GitHub's Markdown; cells may hold anything."""
    lines = [_line(columns), _line("---" for _ in columns)]
    return "\n".join([*lines, *(_line(row) for row in rows)])


def _line(cells: Iterable[str]) -> str:
    safe = (cell.replace("\\", "\\\\").replace("|", "\\|").replace("\n", "<br>") for cell in cells)
    return "| " + " | ".join(safe) + " |"
