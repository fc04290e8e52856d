"""The row that an entry becomes."""

from dataclasses import fields, replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from utilities.feeds.entries import ENTRY_COLUMNS, Entry, clean, shortened

ENTRY = Entry("1", title="T", published=datetime(2026, 11, 21, tzinfo=UTC), categories=("a",))


def test_a_row_has_the_columns_of_the_table() -> None:
    """What is declared is what is written."""
    assert {column.name for column in ENTRY_COLUMNS} == set(ENTRY.row("news"))


def test_the_checksum_sees_every_field() -> None:
    """Whatever a publisher edits, the entry is another version."""
    texts = {field.name: "x" for field in fields(Entry) if field.type == "str | None"}
    texts |= {field.name: "x" for field in fields(Entry) if field.type == str | None}
    moments = dict.fromkeys(("published", "updated"), datetime(2026, 1, 1, tzinfo=UTC))
    changed = [
        replace(ENTRY, **{name: value})  # type: ignore[arg-type]
        for name, value in {**texts, **moments, "categories": ()}.items()
    ]
    assert len({entry.checksum for entry in (ENTRY, *changed)}) == len(fields(Entry))


def test_texts_that_are_too_long_are_cut_and_named() -> None:
    """No row is lost to a long text, and none is shorter without a word."""
    long = replace(ENTRY, content="é" * 40_000, categories=("x" * 40_000, "y" * 40_000))
    row = long.row("news")
    assert row["content"] == "é" * 32_767
    assert row["categories"] == ["x" * 40_000]
    assert row["shortened"] == "content, categories"
    assert ENTRY.row("news")["shortened"] is None


def test_an_edit_beyond_the_cut_is_seen() -> None:
    """The checksum is that of the whole text."""
    first, second = (replace(ENTRY, content="x" * 70_000 + end) for end in "ab")
    assert first.checksum != second.checksum


@given(st.text(st.characters(exclude_categories=()), max_size=20))
def test_any_text_can_be_stored(text: str) -> None:
    """Whatever a publisher writes is UTF-8 without NUL afterwards; ordinary text is not touched."""
    found = clean(text)
    assert "\0" not in (found or "") and (found or "").encode() is not None
    if text and "\0" not in text and not any("\ud800" <= each <= "\udfff" for each in text):
        assert found == text


@given(st.text(max_size=40), st.integers(16_000, 70_000))
def test_a_cut_text_is_a_beginning(text: str, times: int) -> None:
    """At most 65,535 bytes, and no half character at its end."""
    long = (text or "x") * (times // max(1, len(text)))
    found = shortened(long) or ""
    assert long.startswith(found) and len(found.encode()) <= 65_535
    assert found == long or len(found.encode()) > 65_531
