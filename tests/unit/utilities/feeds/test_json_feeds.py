"""JSON Feed 1.1 and 1, and what claims to be one."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from utilities.errors import FileUnreadable
from utilities.feeds.entries import Entry
from utilities.feeds.json_feeds import read_json_feed
from utilities.feeds.pages import Page

VERSION = "https://jsonfeed.org/version/1.1"


def read(*items: Any, encoding: str = "utf-8", **more: Any) -> Page:
    """Read a feed with these items."""
    document = {"version": VERSION, "title": "News", "items": items, **more}
    return read_json_feed(json.dumps(document).encode(encoding), "news")


def test_every_field() -> None:
    """What the format has, in the columns that RSS and Atom use too."""
    item = {
        "id": "1",
        "url": "https://a.example/1",
        "title": "T",
        "content_html": "<p>C</p>",
        "content_text": "C",
        "summary": "S",
        "date_published": "2026-11-21T10:00:00+02:00",
        "date_modified": "2026-11-21T09:00:00.5Z",
        "authors": [{"name": "Ada"}, {"url": "https://b.example/"}, {"name": "Bo"}],
        "tags": ["a", "b", "a"],
    }
    page = read(item, next_url="https://a.example/?page=2")
    assert page == Page(
        (
            Entry(
                entry_id="1",
                title="T",
                link="https://a.example/1",
                author="Ada, Bo",
                published=datetime(2026, 11, 21, 8, tzinfo=UTC),
                updated=datetime(2026, 11, 21, 9, 0, 0, 500_000, tzinfo=UTC),
                summary="S",
                content="<p>C</p>",
                categories=("a", "b"),
            ),
        ),
        "JSON Feed 1.1",
        next_url="https://a.example/?page=2",
    )


def test_version_1() -> None:
    """One author in the place of several."""
    page = read(
        {"id": "1", "author": {"name": "Ada"}}, version="https://www.jsonfeed.org/version/1"
    )
    assert (page.format, page.entries[0].author) == ("JSON Feed 1", "Ada")


def test_ids() -> None:
    """A number is its text; without an id the url counts, then a hash."""
    page = read(
        {"id": 7}, {"id": " x "}, {"url": "https://a.example/"}, {"content_text": "x"}, {"id": True}
    )
    ids = [entry.entry_id for entry in page.entries]
    assert ids[:3] == ["7", "x", "https://a.example/"]
    assert all(each.startswith("sha256:") for each in ids[3:])
    assert page.without_id == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings(encoding: str) -> None:
    """UTF-8 is the rule; a byte order mark is no error."""
    assert read({"id": "1", "title": "Café"}, encoding=encoding).entries[0].title == "Café"


def test_odd_values_are_passed_over() -> None:
    """Another type than the format's is no value; an unreadable time stays as text."""
    (entry,) = read(
        {"id": "1", "title": ["x"], "tags": "a", "authors": [7], "date_published": "soon"}
    ).entries
    assert entry == Entry("1", published_text="soon")


def test_what_no_text_can_hold() -> None:
    """NUL and halves of characters, which JSON can write, become the replacement character."""
    (entry,) = read({"id": "1", "title": "a\0b\ud83dc \ud83d\ude00"}).entries
    assert entry.title == "a\ufffdb\ufffdc \U0001f600"


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"{", "1 bytes that begin like JSON and are none"),
        (b"[" * 100_000, "100,000 bytes that begin like JSON and are none"),
        (b"[]", "JSON that is no object"),
        (b"{}", "JSON whose version is none of JSON Feed's"),
        (b'{"version": "https://example.org/"}', "JSON whose version is none of JSON Feed's"),
        (f'{{"version": "{VERSION}"}}'.encode(), "a JSON Feed without a list of items"),
        (
            f'{{"version": "{VERSION}", "items": [1]}}'.encode(),
            "a JSON Feed without a list of items",
        ),
    ],
)
def test_what_is_no_feed(content: bytes, found: str) -> None:
    """The error says what came instead."""
    with pytest.raises(FileUnreadable, match=f"^news: found {found}; expected RSS, Atom or"):
        read_json_feed(content, "news")
