"""Rows are shown so that they can be read, however narrow the terminal is."""

import pytest

from utilities.tasks.shown_rows import show_rows

ROWS = [
    {"table": "public.contacts", "rows": "1,000", "source": "s3://bucket/exports/contacts.csv"},
    {"table": "public.people", "rows": "20", "source": "people.csv"},
]
TEXTS = ("table", "source")


def printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], columns: int
) -> list[str]:
    """Show the rows in so many columns and return the lines, without the frame."""
    monkeypatch.setenv("COLUMNS", str(columns))
    show_rows("Loads", ROWS, TEXTS)
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= columns
    return [" ".join(line.replace("│", " ").replace("┃", " ").split()) for line in lines]


def test_a_wide_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A table with a line for each row."""
    lines = printed(monkeypatch, capsys, 100)
    assert "table rows source" in lines
    assert "public.contacts 1,000 s3://bucket/exports/contacts.csv" in lines


def test_a_long_text_is_folded(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A table it stays as long as texts have room to be read; numbers are never broken."""
    lines = printed(monkeypatch, capsys, 50)
    assert "table rows source" in lines
    assert any(line.startswith("public.contacts 1,000 s3://bucket/") for line in lines)


def test_a_narrow_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each row below the other, name and value on a line."""
    lines = printed(monkeypatch, capsys, 30)
    assert lines.count("rows 1,000") == lines.count("rows 20") == 1
    assert "source people.csv" in lines


def test_no_rows(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is said to be nothing."""
    show_rows("Loads", [], TEXTS)
    assert capsys.readouterr().out == "Loads: none\n"
