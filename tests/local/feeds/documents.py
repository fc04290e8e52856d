"""Feeds written by hand, as short as they can be."""

import json
from collections.abc import Sequence
from typing import Any

Item = tuple[str, str, str]
"""Id, title, and the time of the last change."""


def rss(*items: str) -> bytes:
    """Return an RSS feed with these items, each the inside of <item>."""
    inside = "".join(f"<item>{item}</item>" for item in items)
    return f'<rss version="2.0"><channel><title>News</title>{inside}</channel></rss>'.encode()


def guid(name: str, title: str = "A title") -> str:
    """Return the inside of an item."""
    return f'<guid isPermaLink="false">{name}</guid><title>{title}</title>'


def atom(items: Sequence[Item]) -> bytes:
    """Return an Atom feed."""
    inside = "".join(
        f"<entry><id>{name}</id><title>{title}</title><updated>{updated}</updated></entry>"
        for name, title, updated in items
    )
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>News</title>{inside}</feed>'.encode()


def json_feed(items: Sequence[dict[str, Any]], next_url: str | None = None) -> bytes:
    """Return one page of a JSON Feed."""
    page: dict[str, Any] = {"version": "https://jsonfeed.org/version/1.1", "title": "News"}
    return json.dumps({**page, "items": items, "next_url": next_url}).encode()
