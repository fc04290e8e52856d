"""Read a feed from its first page to its last, entry by entry."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urljoin, urlsplit

from utilities.errors import ApiRefused, FileUnreadable
from utilities.feeds.addresses import Feed, base_of, shown
from utilities.feeds.entries import Entry
from utilities.feeds.fetching import Answer, fetch
from utilities.feeds.json_feeds import read_json_feed
from utilities.feeds.limits import Limits
from utilities.feeds.pages import Page, refuse
from utilities.feeds.reads import Validators
from utilities.feeds.xml_feeds import read_xml_feed

_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


@dataclass
class Reading:
    """One way through a feed; its counts are whole when `pages` has ended.

    Attributes:
        feed: what is read.
        first: the first answer.
        limits: bounds.
        without_id: entries that have neither id nor link.
        is_whole: false when a page was faulty, so that entries may be missing.
    """

    feed: Feed
    first: Answer
    limits: Limits
    without_id: int = 0
    is_whole: bool = True
    _seen: dict[str, datetime | None] = field(default_factory=dict)

    @property
    def validators(self) -> Validators:
        """What to remember: nothing when entries may be missing, so that all is read again."""
        return self.first.validators if self.is_whole else Validators()

    def pages(self) -> Iterator[list[Entry]]:
        """Yield the entries of each page; one page is in memory at a time.

        An entry that is there again (pages shift while they are read) is passed over, unless it
        is newer than the one before.

        Raises:
            ApiRefused: the pages lead in a circle, or there are too many.
            FileUnreadable: a page is no feed.
            ApiUnavailable, AccessDenied, ApiRefused: a page cannot be had.
        """
        answer, name, visited = self.first, self.feed.name, {self.feed.address}
        while True:
            page = read_page(answer, name)
            self.without_id += page.without_id
            self.is_whole = self.is_whole and page.is_whole
            yield [entry for entry in page.entries if self._is_news(entry)]
            if page.next_url is None:
                return
            address = self._next(answer, page.next_url, visited)
            visited.add(address)
            name = f"{self.feed.name}, page {len(visited)}"
            answer = fetch(address, name, self.limits)

    def _is_news(self, entry: Entry) -> bool:
        if entry.entry_id in self._seen:
            before = self._seen[entry.entry_id]
            if entry.updated is None or before is not None and entry.updated <= before:
                return False
        self._seen[entry.entry_id] = entry.updated
        return True

    def _next(self, answer: Answer, next_url: str, visited: set[str]) -> str:
        name = self.feed.name
        address = self._with_password(urljoin(answer.address, next_url))
        if urlsplit(address).scheme not in ("http", "https"):
            raise FileUnreadable(
                f"{name}: page {len(visited)} has a next_url that is no web address. Nothing of "
                "the feed was loaded. Tell its publisher."
            )
        if address in visited:
            raise ApiRefused(
                f"{name}: page {len(visited)} leads back to {shown(address)}, which was read "
                "before. Nothing of the feed was loaded. Tell its publisher."
            )
        if len(visited) >= self.limits.pages:
            raise ApiRefused(
                f"{name}: it has more than {self.limits.pages} pages, the most that are read. "
                "Nothing of the feed was loaded. Ask its publisher for an address with fewer "
                "entries."
            )
        return address

    def _with_password(self, address: str) -> str:
        """Give a page of the same server the user and password of the feed; no other."""
        ours, theirs = urlsplit(self.feed.address), urlsplit(address)
        is_same = urlsplit(base_of(self.feed.address))[:2] == theirs[:2]
        return theirs._replace(netloc=ours.netloc).geturl() if is_same else address


def open_feed(feed: Feed, known: Validators, limits: Limits) -> Reading:
    """Ask for the first page of a feed, unless it is the one that is known.

    Raises:
        ApiUnavailable, AccessDenied, ApiRefused, FileUnreadable: see `fetch`.
    """
    return Reading(feed, fetch(feed.address, feed.name, limits, known), limits)


def read_page(answer: Answer, name: str) -> Page:
    """Return what an answer holds; its first character tells the format.

    Raises:
        FileUnreadable: it is no feed.
    """
    if not answer.content:
        refuse(name, "an empty answer")
    begin = answer.content[:64]
    for mark in _MARKS:
        begin = begin.removeprefix(mark)
    is_json = begin.replace(b"\0", b"").lstrip()[:1] in (b"{", b"[")
    return read_json_feed(answer.content, name) if is_json else read_xml_feed(answer, name)
