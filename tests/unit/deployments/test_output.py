"""What commands print can be read by people, by programs and on GitHub."""

import json

import pytest
from rich.text import Text

from deployments.output import markdown_table, print_json, print_table, print_text


def test_a_pipe_gets_no_colour_and_whole_cells(capsys: pytest.CaptureFixture[str]) -> None:
    """However long a cell is; brackets are not markup."""
    print_table(["flow", "why"], [["orders", Text("x" * 300, style="red")]], title="[bold]Flows")
    assert [line.split() for line in capsys.readouterr().out.splitlines()] == [
        ["[bold]Flows"],
        ["flow", "why"],
        ["orders", "x" * 300],
    ]


def test_text_is_printed_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    """Long lines are not broken, brackets are not markup."""
    print_text("[red]" + "long " * 100)
    assert capsys.readouterr().out == "[red]" + "long " * 100 + "\n"


def test_json_can_be_read_back(capsys: pytest.CaptureFixture[str]) -> None:
    """Letters stay as they are."""
    print_json({"name": "Zürich"})
    printed = capsys.readouterr().out
    assert "Zürich" in printed and json.loads(printed) == {"name": "Zürich"}


def test_a_markdown_table_holds_anything() -> None:
    """Bars and line breaks in a cell do not break the table."""
    assert markdown_table(["a", "b"], [["x|y", "1\n2"]]) == (
        "| a | b |\n| --- | --- |\n| x\\|y | 1<br>2 |"
    )
