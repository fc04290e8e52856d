"""Which feeds to read, and what they are called where others can see it."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import SplitResult, parse_qsl, urlsplit

from utilities.errors import ParameterInvalid
from utilities.settings import Settings

NAME_LIMIT_BYTES = 512
_NAMED = re.compile(r"(?P<name>[^\s=/:?&#@]+)=(?P<address>https?://.*)", re.DOTALL | re.IGNORECASE)
_HOW = (
    "Give feeds as 'https://host/feed.xml', or with a name of your own as "
    "'council=https://host/feed.xml'"
)


@dataclass(frozen=True)
class Feed:
    """One feed.

    Attributes:
        name: what it is called in tables and messages; holds no credential.
        address: where it is read; may hold credentials, so it is never shown.
    """

    name: str
    address: str = field(repr=False)


def choose_feeds(given: Sequence[str], settings: Settings) -> tuple[Feed, ...]:
    """Return the feeds that were given, or else those of the settings.

    Args:
        given: addresses, each may follow `name=`. They become parameters of a flow run, which
            others can read.
        settings: `news_feeds` counts when nothing is given.

    Raises:
        ParameterInvalid: there is no feed at all, an address is none, one with a password was
            given as a parameter, or two feeds have one name.
    """
    listed = [text.strip() for text in settings.news_feeds.split(",") if text.strip()]
    place = "feeds" if given else "NEWS_FEEDS"
    texts = [text.strip() for text in given] or listed
    if not texts:
        raise ParameterInvalid(
            "there is no feed to read: feeds is empty, and so is NEWS_FEEDS. "
            f"{_HOW}: in NEWS_FEEDS, separated by commas, or with --feeds."
        )
    feeds = [
        _feed(text, f"address {number} of {place}", is_public=bool(given))
        for number, text in enumerate(texts, start=1)
    ]
    _require_names(feeds, place)
    return tuple(dict.fromkeys(feeds))


def shown(address: str) -> str:
    """Return an address without user, password and the values of its query."""
    parts = urlsplit(address)
    query = "&".join(f"{name}=***" for name in _names_in(parts))
    return parts._replace(netloc=_host(parts), query=query, fragment="").geturl()


def base_of(address: str) -> str:
    """Return what links in a document are relative to: the address without any credential."""
    parts = urlsplit(address)
    return parts._replace(netloc=_host(parts), query="", fragment="").geturl()


def _feed(text: str, place: str, *, is_public: bool) -> Feed:
    named = _NAMED.fullmatch(text)
    address = named["address"] if named else text
    parts = _split(address)
    if parts is None:
        raise ParameterInvalid(f"{place} is no http:// or https:// address. {_HOW}.")
    if is_public and "@" in parts.netloc:
        raise ParameterInvalid(
            f"{place} holds a password, and parameters of a run are kept where others read them. "
            "Set it in NEWS_FEEDS instead, and change the password if this was not a try."
        )
    name = named["name"] if named else shown(address)
    if len(name.encode()) > NAME_LIMIT_BYTES:
        raise ParameterInvalid(
            f"{place}: its name has {len(name.encode()):,} bytes, at most {NAME_LIMIT_BYTES} are "
            "stored. Give it a shorter one: 'council=https://...'."
        )
    return Feed(name, address)


def _split(address: str) -> SplitResult | None:
    """Return the parts of a web address; None when it is none."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    is_whole = parts.scheme in ("http", "https") and parts.hostname and port != 0
    return parts if is_whole and not re.search(r"[\s\x00-\x20]", address) else None


def _host(parts: SplitResult) -> str:
    return parts.netloc.rpartition("@")[2]


def _names_in(parts: SplitResult) -> list[str]:
    """Return what the values of a query are called; a bare word may be a key and has no name."""
    found = parse_qsl(parts.query, keep_blank_values=True)
    return [name if value else "***" for name, value in found]


def _require_names(feeds: Sequence[Feed], place: str) -> None:
    """Raise when different addresses would be one feed in the table."""
    counted = Counter(feed.name for feed in set(feeds))
    twice = [name for name, count in counted.items() if count > 1]
    if twice:
        raise ParameterInvalid(
            f"{place}: {counted[twice[0]]} different feeds are called {twice[0]}, because user, "
            "password and the values of a query are left out of names. Give each a name of its "
            "own: 'council=https://...'."
        )
