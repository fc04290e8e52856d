"""The feeds of the local stack: what a laptop reads when nothing is configured."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from infrastructure.local.addresses import FEEDS
from infrastructure.local.feeds.newsrooms import document_at
from infrastructure.local.stack import Stack
from tests.local.feeds.conftest import Reader
from utilities.feeds.entries import Entry
from utilities.feeds.fetching import Answer
from utilities.feeds.reading import read_page
from utilities.feeds.reads import Validators

NOW = datetime(2026, 11, 21, 10, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
BASE = "http://127.0.0.1:1"


def entries(path: str, now: datetime) -> Iterator[Entry]:
    """Yield the entries of all pages of a feed as it stands at a time."""
    page = 1
    while True:
        found = document_at(path, page, BASE, now)
        assert found is not None
        answer = Answer(f"{BASE}/{path}", found.content, found.content_type, Validators())
        read = read_page(answer, path)
        yield from read.entries
        if read.next_url is None:
            return
        page += 1


@pytest.mark.parametrize("path", FEEDS)
def test_an_hour_brings_one_story(path: str) -> None:
    """The same hour gives the same feed; the next has one new story at the top."""
    before, again, after = (
        {entry.entry_id: entry for entry in entries(path, now)}
        for now in (NOW, NOW + HOUR / 3, NOW + HOUR)
    )
    assert before == again
    assert len(set(after) - set(before)) == 1
    assert next(iter(after)) not in before
    assert after[next(iter(after))].published == datetime(2026, 11, 21, 11, tzinfo=UTC)


@pytest.mark.parametrize("path", FEEDS)
def test_some_stories_are_corrected(path: str) -> None:
    """Within a few hours a story gets another title under its id."""
    before, after = (
        {each.entry_id: each for each in entries(path, NOW + n * HOUR)} for n in (0, 5)
    )
    changed = [name for name in before if name in after and before[name] != after[name]]
    assert changed and all("(corrected)" in str(after[name].title) for name in changed)


def test_the_json_feed_has_pages() -> None:
    """As many as it says; what lies beyond them is not there."""
    assert len(list(entries(FEEDS[2], NOW))) == 120
    assert document_at(FEEDS[2], 4, BASE, NOW) is None
    assert document_at("unknown", 1, BASE, NOW) is None


@pytest.mark.parametrize("path", FEEDS)
def test_before_the_first_story(path: str) -> None:
    """A clock that is wrong is no error: the feed is empty."""
    assert list(entries(path, datetime(2020, 1, 1, tzinfo=UTC))) == []


def status(address: str, **headers: str) -> int:
    """Return what a request with these headers is answered."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        with urlopen(Request(address, headers=named), timeout=10) as answer:
            return int(answer.status)
    except HTTPError as error:
        error.close()
        return error.code


def test_who_has_the_present_version_gets_304(stack: Stack) -> None:
    """An ETag counts more than a time; either is enough."""
    address = stack.variables["NEWS_FEEDS"].split(",")[0]
    before = etag = ""
    # Once more when a story came out in between.
    while not before or etag != before:
        with urlopen(address, timeout=10) as answer:
            before, modified = answer.headers["ETag"], answer.headers["Last-Modified"]
        found = [
            status(address, If_None_Match=f'"other", {before}'),
            status(address, If_None_Match='"other"', If_Modified_Since=modified),
            status(address, If_Modified_Since=modified),
            status(address, If_Modified_Since="Sat, 21 Nov 2020 10:00:00 GMT"),
            status(address, If_Modified_Since="nonsense"),
            status(f"{address}.gone"),
        ]
        with urlopen(address, timeout=10) as answer:
            etag = answer.headers["ETag"]
    assert found == [304, 200, 304, 200, 200, 404]


def test_every_feed_of_the_stack_can_be_loaded(stack: Stack, reader: Reader) -> None:
    """All three formats, into one table, with every value in its column."""
    for name, address in zip(FEEDS, stack.variables["NEWS_FEEDS"].split(","), strict=True):
        assert reader.run(address, name=name).new > 10
    needed = "title", "link", "author", "published", "categories", "COALESCE(content, summary)"
    assert len(reader.rows("feed")) > 100
    for column in needed:
        assert (None,) not in reader.rows(column)
