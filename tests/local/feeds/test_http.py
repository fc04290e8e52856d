"""What happens between us and a publisher's server, made for real."""

import gzip
import re
import socket

import pytest

from tests.local.feeds.conftest import IMPATIENT
from tests.local.feeds.documents import guid, json_feed, rss
from tests.local.feeds.publisher import LOOPBACK, Publisher, Sent
from utilities.errors import (
    AccessDenied,
    ApiRefused,
    ApiUnavailable,
    FileUnreadable,
    FlowError,
)
from utilities.feeds import Feed, Limits
from utilities.feeds.fetching import fetch
from utilities.feeds.reading import open_feed
from utilities.feeds.reads import Validators

LOGIN = "reader:secret"
FEED = rss(guid("a"))


def read(address: str, limits: Limits = IMPATIENT) -> list[str]:
    """Return the ids of a feed, in order."""
    pages = open_feed(Feed("news", address), Validators(), limits).pages()
    return [entry.entry_id for page in pages for entry in page]


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_passing_failure_is_tried_again(publisher: Publisher, status: int) -> None:
    """Overload and faults of a moment are not the feed's end."""
    assert read(publisher.put(f"/{status}", Sent(status=status), Sent(FEED))) == ["a"]


def test_a_lost_connection_is_tried_again(publisher: Publisher) -> None:
    """Also one that breaks off within the body."""
    broken = Sent(FEED[:50], missing_bytes=100)
    assert read(publisher.put("/lost", Sent(hangs_up=True), broken, Sent(FEED))) == ["a"]


@pytest.mark.parametrize(
    ("sent", "found"),
    [
        (Sent(status=503), "answered 503 Service Unavailable (tried 3 times)"),
        (Sent(hangs_up=True), "the connection was lost (tried 3 times)"),
        (Sent(FEED, missing_bytes=9), "the answer broke off (tried 3 times)"),
        (
            Sent(status=429, headers={"Retry-After": "3600"}),
            "answered 429 Too Many Requests and asked to wait 3,600 s (tried once)",
        ),
    ],
)
def test_a_server_that_is_down_is_told_as_such(
    publisher: Publisher, sent: Sent, found: str
) -> None:
    """Bounded in number and in time; the error says what was seen and that it may pass."""
    with pytest.raises(ApiUnavailable) as error:
        read(publisher.put("/down", sent))
    assert str(error.value) == f"news: {found}. Nothing of it was loaded. Run again later."


def test_retry_after_is_respected(publisher: Publisher) -> None:
    """A date that has passed asks for no pause; one that is far away ends the attempts."""
    past = Sent(status=503, headers={"Retry-After": "Sat, 21 Nov 2020 10:00:00 GMT"})
    assert read(publisher.put("/past", past, Sent(FEED))) == ["a"]
    future = Sent(status=503, headers={"Retry-After": "Sat, 21 Nov 2520 10:00:00 GMT"})
    with pytest.raises(ApiUnavailable, match=r"asked to wait [\d,]+ s \(tried once\)"):
        read(publisher.put("/future", future))


def test_a_server_that_says_nothing_is_left(publisher: Publisher) -> None:
    """Silence is bounded."""
    silent = Limits(read_seconds=0.1, attempts=1)
    with pytest.raises(ApiUnavailable, match="no answer within the time allowed"):
        read(publisher.put("/silent", Sent(waits=True)), silent)


def test_a_slow_answer_is_left(publisher: Publisher) -> None:
    """So is an answer that takes too long in all."""
    slow = Limits(answer_seconds=0, attempts=1)
    with pytest.raises(ApiUnavailable, match="not there after 0 s"):
        read(publisher.put("/slow", Sent(FEED)), slow)


def test_nobody_listens() -> None:
    """A refused connection and a host that does not exist are told apart."""
    with socket.socket() as listener:
        listener.bind((LOOPBACK, 0))
        with pytest.raises(ApiUnavailable, match="the connection was refused"):
            read(f"http://{LOOPBACK}:{listener.getsockname()[1]}/")
    with pytest.raises(ApiUnavailable, match="no host of this name"):
        read("http://nowhere.invalid/", Limits(attempts=1))


@pytest.mark.parametrize(
    ("status", "kind"),
    [(401, AccessDenied), (403, AccessDenied), (404, ApiRefused), (410, ApiRefused)],
)
def test_a_refusal_is_not_tried_again(
    publisher: Publisher, status: int, kind: type[FlowError]
) -> None:
    """One request, and the status in the message."""
    address, before = publisher.put(f"/{status}", Sent(status=status)), len(publisher.asked)
    with pytest.raises(kind, match=f"news: answered {status} "):
        read(address)
    assert len(publisher.asked) == before + 1


def test_redirects_are_followed_and_bounded(publisher: Publisher) -> None:
    """A feed that moved is found; a circle, and what is no web address, is refused."""
    publisher.put("/here", FEED)
    assert read(publisher.put("/moved", Sent(status=301, headers={"Location": "/here"}))) == ["a"]
    with pytest.raises(ApiRefused, match="redirects for ever"):
        read(publisher.put("/circle", Sent(status=302, headers={"Location": "/circle"})))
    with pytest.raises(ApiRefused, match="no web address"):
        read(publisher.put("/file", Sent(status=302, headers={"Location": "file:///etc/hosts"})))


def test_packed_answers(publisher: Publisher) -> None:
    """gzip by header and gzip as a file; damaged ones are refused."""
    packed, header = gzip.compress(FEED), {"Content-Encoding": "gzip"}
    assert read(publisher.put("/gzip", Sent(packed, headers=header))) == ["a"]
    assert read(publisher.put("/feed.gz", packed)) == ["a"]
    with pytest.raises(FileUnreadable, match="not packed as its Content-Encoding says"):
        read(publisher.put("/wrong", Sent(b"no gzip", headers=header)))
    with pytest.raises(FileUnreadable, match="damaged or breaks off"):
        read(publisher.put("/cut.gz", packed[:-9]))


@pytest.mark.parametrize("packing", ["none", "header", "file"])
def test_an_answer_that_is_too_large(publisher: Publisher, packing: str) -> None:
    """Refused as soon as it is known, also when it is only large unpacked."""
    zeros = bytes(100_000)
    content = zeros if packing == "none" else gzip.compress(zeros)
    headers = {"Content-Encoding": "gzip"} if packing == "header" else {}
    address = publisher.put("/large", Sent(content, headers=headers))
    with pytest.raises(FileUnreadable, match="larger than 50,000 bytes"):
        read(address, Limits(page_bytes=50_000))


def test_pages_are_read_to_the_last(publisher: Publisher) -> None:
    """next_url may be relative; an entry that moved to the next page meanwhile counts once."""
    publisher.put("/json?page=2", json_feed([{"id": "b"}, {"id": "c"}], f"{publisher.address}/3"))
    publisher.put("/3", json_feed([{"id": 4}]))
    first = json_feed([{"id": "a"}, {"id": "b"}], "json?page=2")
    assert read(publisher.put("/json", first)) == ["a", "b", "c", "4"]


def test_pages_in_a_circle(publisher: Publisher) -> None:
    """The page that leads back is named; a feed without an end is left."""
    publisher.put("/2", json_feed([{"id": "b"}], "/1?key=hidden"))
    with pytest.raises(ApiRefused) as error:
        read(publisher.put("/1?key=hidden", json_feed([{"id": "a"}], "/2")))
    back = f"{publisher.address}/1?key=***"
    assert f"news: page 2 leads back to {back}, which was read before." in str(error.value)
    for number in range(10):
        publisher.put(f"/endless/{number}", json_feed([], f"/endless/{number + 1}"))
    with pytest.raises(ApiRefused, match="more than 5 pages"):
        read(f"{publisher.address}/endless/0")


def test_a_page_that_fails_is_named(publisher: Publisher) -> None:
    """It is the feed's second page that is gone, or that is not on the web."""
    with pytest.raises(ApiRefused, match="news, page 2: answered 404 Not Found"):
        read(publisher.put("/first", json_feed([], "/gone")))
    with pytest.raises(FileUnreadable, match="next_url that is no web address"):
        read(publisher.put("/first", json_feed([], "file:///etc/hosts")))


def test_the_password_goes_to_its_own_server_only(publisher: Publisher) -> None:
    """Page 2 on the same server gets it, page 2 on another one does not."""
    host = publisher.address.removeprefix("http://")
    other = publisher.address.replace(LOOPBACK, "localhost")
    publisher.put("/own", json_feed([], f"{other}/other"))
    publisher.put("/other", json_feed([{"id": "z"}]))
    publisher.put("/start", json_feed([], "/own"))
    assert read(f"http://{LOGIN}@{host}/start") == ["z"]
    sent = [(path, "authorization" in headers) for path, headers in publisher.asked[-3:]]
    assert sent == [("/start", True), ("/own", True), ("/other", False)]


def test_validators_that_are_absurdly_long_are_not_remembered(publisher: Publisher) -> None:
    """A line of headers is no place for a kilobyte; the feed is read in full each time."""
    headers = {"ETag": f'"{"x" * 2_000}"', "Last-Modified": "yesterday"}
    answer = fetch(publisher.put("/long", Sent(FEED, headers=headers)), "news", IMPATIENT)
    assert answer.validators == Validators(None, "yesterday")


def test_no_message_shows_a_credential(publisher: Publisher) -> None:
    """Whatever goes wrong: neither user, password nor a value of the query is in the error."""
    host = publisher.address.removeprefix("http://")
    answers = (
        Sent(status=401),
        Sent(status=404),
        Sent(status=503),
        Sent(hangs_up=True),
        Sent(b"<html/>"),
        Sent(json_feed([], "/f?key=hidden")),
        Sent(FEED, headers={"Content-Encoding": "gzip"}),
    )
    for answer in answers:
        publisher.put("/f?key=hidden", answer)
        with pytest.raises(FlowError) as error:
            read(f"http://{LOGIN}@{host}/f?key=hidden")
        told = f"{error.value!r}{error.value.__cause__!r}"
        assert not re.search("reader|secret|hidden", told), told
        assert error.value.__context__ is None or error.value.__suppress_context__
