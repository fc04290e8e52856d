"""JSON Feed: https://www.jsonfeed.org/version/1.1/ (and version 1), read 2026-11-21."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from utilities.feeds.entries import Entry, clean, entry_id_of
from utilities.feeds.moments import from_text
from utilities.feeds.pages import Page, refuse

VERSIONS = ("https://jsonfeed.org/version/", "http://jsonfeed.org/version/")


def read_json_feed(content: bytes, name: str) -> Page:
    """Return the items of one page.

    Raises:
        FileUnreadable: it is no JSON, or no JSON Feed.
    """
    try:
        # Finds out between UTF-8, with or without a byte order mark, UTF-16 and UTF-32.
        document = json.loads(content)
    except (ValueError, RecursionError):
        refuse(name, f"{len(content):,} bytes that begin like JSON and are none")
    if not isinstance(document, dict):
        refuse(name, "JSON that is no object")
    version = str(document.get("version", "")).replace("://www.", "://")
    if not version.startswith(VERSIONS):
        refuse(name, "JSON whose version is none of JSON Feed's")
    items = document.get("items")
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        refuse(name, "a JSON Feed without a list of items")
    return Page(
        entries=tuple(_entry(item) for item in items),
        format=f"JSON Feed {version.rpartition('/')[2] or '1'}",
        next_url=_text(document, "next_url"),
        without_id=sum(not (_text(item, "id") or _text(item, "url")) for item in items),
    )


def _entry(item: Mapping[str, Any]) -> Entry:
    title, link = _text(item, "title"), _text(item, "url") or _text(item, "external_url")
    content = _text(item, "content_html") or _text(item, "content_text")
    published, published_text = _time(item, "date_published")
    updated, updated_text = _time(item, "date_modified")
    return Entry(
        entry_id=entry_id_of(_text(item, "id"), _text(item, "url"), title, content),
        title=title,
        link=link,
        author=_authors(item),
        published=published,
        published_text=published_text,
        updated=updated,
        updated_text=updated_text,
        summary=_text(item, "summary"),
        content=content,
        categories=_tags(item),
    )


def _text(item: Mapping[str, Any], key: str) -> str | None:
    """Return a text. A number counts as its text, as the format says of ids."""
    value = item.get(key)
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    return clean(value) if isinstance(value, str) else None


def _time(item: Mapping[str, Any], key: str) -> tuple[datetime | None, str | None]:
    text = _text(item, key)
    moment = from_text(text) if text else None
    return moment, None if moment else text


def _authors(item: Mapping[str, Any]) -> str | None:
    """Return the names; version 1 has one `author` in the place of `authors`."""
    listed = item.get("authors")
    authors = listed if isinstance(listed, list) else [item.get("author")]
    names = [_text(author, "name") for author in authors if isinstance(author, dict)]
    return ", ".join(name for name in names if name) or None


def _tags(item: Mapping[str, Any]) -> tuple[str, ...]:
    tags = item.get("tags")
    found = [clean(tag) for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []
    return tuple(dict.fromkeys(tag for tag in found if tag))
