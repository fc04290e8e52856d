"""Three newsrooms, each with a format of its own, at the names of `addresses.FEEDS`."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from html import escape

from infrastructure.local.addresses import FEEDS
from infrastructure.local.feeds.stories import FOUNDED, Story, latest

RSS_STORIES, ATOM_STORIES, JSON_STORIES, JSON_PAGE = 30, 20, 120, 50


@dataclass(frozen=True)
class Document:
    """What a newsroom answers with."""

    content_type: str
    content: bytes
    modified: datetime


def document_at(path: str, page: int, base: str, now: datetime) -> Document | None:
    """Return a feed as it stands now; None when there is no such feed, or no such page.

    Args:
        path: of the address, without a slash at its beginning.
        page: from 1; only the JSON feed has several.
        base: address of the server, for links.
        now: in UTC.
    """
    newsroom = dict(zip(FEEDS, (_rss, _atom, _json), strict=True)).get(path)
    return newsroom(base, page, now) if newsroom else None


def _rss(base: str, page: int, now: datetime) -> Document | None:
    stories = latest(now, RSS_STORIES)
    items = "".join(
        f"<item><title>{escape(story.title)}</title><link>{base}/council/{story.number}</link>"
        f'<guid isPermaLink="false">council-{story.number}</guid>'
        f"<pubDate>{format_datetime(story.published)}</pubDate>"
        f"<dc:creator>{escape(story.author)}</dc:creator>"
        f"<category>{story.category}</category>"
        f"<description>{escape(story.html)}</description></item>"
        for story in stories
    )
    text = (
        '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>City Council</title>'
        f"<link>{base}/council</link><description>Made up</description>{items}</channel></rss>\n"
    )
    return _single(page, "application/rss+xml; charset=utf-8", text, stories)


def _atom(base: str, page: int, now: datetime) -> Document | None:
    stories = latest(now, ATOM_STORIES)
    entries = "".join(
        f"<entry><title>{escape(story.title)}</title><id>tag:harbour.example,2026:{story.number}</id>"
        f'<link href="{base}/harbour/{story.number}"/><author><name>{escape(story.author)}</name>'
        f"</author><published>{story.published.isoformat()}</published>"
        f'<updated>{story.updated.isoformat()}</updated><category term="{story.category}"/>'
        f'<content type="html">{escape(story.html)}</content></entry>'
        for story in stories
    )
    text = (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
        f"<title>Harbour News</title><id>tag:harbour.example,2026:feed</id>"
        f"<updated>{_modified(stories).isoformat()}</updated>{entries}</feed>\n"
    )
    return _single(page, "application/atom+xml; charset=utf-8", text, stories)


def _json(base: str, page: int, now: datetime) -> Document | None:
    stories = latest(now, JSON_STORIES)
    shown = stories[(page - 1) * JSON_PAGE : page * JSON_PAGE]
    if page > 1 and not shown:
        return None
    here = f"{base}/{FEEDS[2]}"
    items = [
        {
            "id": f"weather-{story.number}",
            "url": f"{base}/weather/{story.number}",
            "title": story.title,
            "authors": [{"name": story.author}],
            "date_published": story.published.isoformat(),
            "date_modified": story.updated.isoformat(),
            "content_html": story.html,
            "tags": [story.category],
        }
        for story in shown
    ]
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Weather Desk",
        "feed_url": here,
        **({"next_url": f"{here}?page={page + 1}"} if len(stories) > page * JSON_PAGE else {}),
        "items": items,
    }
    content = json.dumps(feed, ensure_ascii=False).encode()
    return Document("application/feed+json", content, _modified(stories))


def _single(page: int, kind: str, text: str, stories: Sequence[Story]) -> Document | None:
    return Document(kind, text.encode(), _modified(stories)) if page == 1 else None


def _modified(stories: Sequence[Story]) -> datetime:
    return max((story.updated for story in stories), default=FOUNDED)
