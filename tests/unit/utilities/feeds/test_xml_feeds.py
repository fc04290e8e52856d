"""RSS and Atom, as publishers write them and not only as the formats say."""

from datetime import UTC, datetime

import pytest

from utilities.errors import FileUnreadable
from utilities.feeds.entries import Entry
from utilities.feeds.fetching import Answer
from utilities.feeds.pages import Page
from utilities.feeds.reading import read_page
from utilities.feeds.reads import Validators

LOGIN = "reader:secret"
ADDRESS = f"https://{LOGIN}@news.example/feed?key=hidden"


def read(content: bytes, content_type: str = "application/xml") -> Page:
    """Read a document that came from ADDRESS."""
    return read_page(Answer(ADDRESS, content, content_type, Validators()), "news")


def entry(item: str) -> Entry:
    """Return the entry that an item of RSS becomes."""
    names = 'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom"'
    text = f'<rss version="2.0" {names}><channel><item>{item}</item></channel></rss>'
    (found,) = read(text.encode()).entries
    return found


def test_rss() -> None:
    """Every column that RSS can fill; HTML, scripts and all, stays as it was written."""
    html = '<p onclick="x()">Tea &amp; <script>y()</script> <a href="/z">z</a></p>'
    found = entry(
        '<guid isPermaLink="false">7</guid><title>Tea &amp; cake</title><link>/news/7</link>'
        "<dc:creator>Ada</dc:creator><pubDate>Sat, 21 Nov 2026 10:00:00 -0500</pubDate>"
        f"<description><![CDATA[{html}]]></description>"
        "<category>a</category><category>b</category><category>a</category>"
    )
    assert found == Entry(
        entry_id="7",
        title="Tea & cake",
        link="https://news.example/news/7",
        author="Ada",
        published=datetime(2026, 11, 21, 15, tzinfo=UTC),
        summary=html,
        categories=("a", "b"),
    )


def test_atom() -> None:
    """Two times, and a text beside the summary."""
    page = read(
        b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>tag:x</id><title>T</title>'
        b'<link href="https://b.example/"/><author><name>Bo</name></author><summary>S</summary>'
        b"<published>2026-11-21T10:00:00+02:00</published><updated>2026-11-21T09:30:00Z</updated>"
        b'<content type="html">&lt;b&gt;C&lt;/b&gt;</content><category term="k"/></entry></feed>'
    )
    assert page.format == "Atom 1.0"
    assert page.entries == (
        Entry(
            entry_id="tag:x",
            title="T",
            link="https://b.example/",
            author="Bo",
            published=datetime(2026, 11, 21, 8, tzinfo=UTC),
            updated=datetime(2026, 11, 21, 9, 30, tzinfo=UTC),
            summary="S",
            content="<b>C</b>",
            categories=("k",),
        ),
    )


def test_older_formats() -> None:
    """RSS 1.0 and 0.91 are read too."""
    rdf = (
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        b'xmlns="http://purl.org/rss/1.0/"><item rdf:about="https://a.example/1">'
        b"<title>One</title><link>https://a.example/1</link></item></rdf:RDF>"
    )
    old = b'<rss version="0.91"><channel><item><link>https://a.example/1</link></item></channel></rss>'
    assert [read(text).entries[0].entry_id for text in (rdf, old)] == ["https://a.example/1"] * 2


def test_what_identifies_an_entry() -> None:
    """Id, then link, then a hash of the title; the address of the feed plays no part."""
    link = "<link>/a</link>"
    assert entry(f"<guid>plain</guid>{link}").entry_id == "plain"
    assert entry(f"{link}<title>T</title>").entry_id == "/a"
    by_title = [entry(f"<title>T</title><description>{text}</description>") for text in "xy"]
    assert by_title[0].entry_id == by_title[1].entry_id
    assert by_title[0].entry_id.startswith("sha256:")
    assert entry("<title>U</title>").entry_id != by_title[0].entry_id
    assert entry(f"<guid>{'i' * 2_000}</guid>").entry_id.startswith("sha256:")


def test_entries_without_id_are_counted() -> None:
    """The run says so: an edited title makes such an entry a new one."""
    page = read(b'<rss version="2.0"><channel><item><title>T</title></item></channel></rss>')
    assert page.without_id == 1


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Sat, 21 Nov 2026 10:00:00 GMT", "2026-11-21T10:00:00+00:00"),
        ("Sat, 21 Nov 26 10:00 EST", "2026-11-21T15:00:00+00:00"),
        ("21 Nov 2026 10:00:00 +0530", "2026-11-21T04:30:00+00:00"),
        ("2026-11-21T10:00:00.123Z", "2026-11-21T10:00:00+00:00"),
        ("2026-11-21 10:00:00", "2026-11-21T10:00:00+00:00"),
        ("2026-11-21", "2026-11-21T00:00:00+00:00"),
        ("next Tuesday", None),
        ("Sat, 99 Nov 2026 10:00:00 GMT", None),
        ("Sat, 21 Nov 99999 10:00:00 GMT", None),
    ],
)
def test_times(written: str, expected: str | None) -> None:
    """Odd formats are understood; what is no time is kept as the text that it is."""
    found = entry(f"<guid>a</guid><pubDate>{written}</pubDate>")
    if expected is None:
        assert (found.published, found.published_text) == (None, written)
    else:
        assert found.published == datetime.fromisoformat(expected)
        assert found.published_text is None


def test_a_time_of_publication_is_no_time_of_a_change() -> None:
    """RSS knows no last change: `updated` stays empty unless an extension says it."""
    published = "<guid>a</guid><pubDate>Sat, 21 Nov 2026 10:00:00 GMT</pubDate>"
    assert entry(published).updated is None
    changed = entry(f"{published}<atom:updated>2026-11-22T10:00:00Z</atom:updated>")
    assert changed.updated == datetime(2026, 11, 22, 10, tzinfo=UTC)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "windows-1252"])
@pytest.mark.parametrize("content_type", ["application/rss+xml", "text/xml", "text/plain", ""])
def test_encodings(encoding: str, content_type: str) -> None:
    """The declaration or a byte order mark counts, whatever the server says or leaves out."""
    declared = encoding.removesuffix("-sig")
    text = (
        f'<?xml version="1.0" encoding="{declared}"?><rss version="2.0"><channel>'
        "<item><guid>a</guid><title>Café über</title></item></channel></rss>"
    )
    assert read(text.encode(encoding), content_type).entries[0].title == "Café über"


def test_what_is_not_well_formed_is_read_as_far_as_possible() -> None:
    """A bare & and an unknown entity; the page says that something may be missing."""
    page = read(
        b'<rss version="2.0"><channel><item><guid>a</guid><title>Tea & cake&nbsp;now</title></item>'
        b"<item><guid>b</guid></item></channel></rss>"
    )
    assert [found.entry_id for found in page.entries] == ["a", "b"]
    assert not page.is_whole


def test_a_document_that_breaks_off_is_refused() -> None:
    """Wherever it is cut: half an entry must not replace a whole one."""
    item = "<item><guid>a</guid><title>Title</title><description>Text</description></item>"
    whole = f'<rss version="2.0"><channel>{item}{item}</channel></rss>'.encode()
    for end in range(whole.index(b"<item>"), len(whole)):
        with pytest.raises(FileUnreadable, match="the document breaks off after"):
            read(whole[:end])


def test_entities_do_not_multiply() -> None:
    """A document of nested entities is not unfolded."""
    layers = "".join(f'<!ENTITY e{level} "{f"&e{level - 1};" * 10}">' for level in range(1, 12))
    text = (
        f'<!DOCTYPE rss [<!ENTITY e0 "ha">{layers}]><rss version="2.0"><channel><item>'
        "<guid>a</guid><title>&e11;</title></item></channel></rss>"
    )
    title = read(text.encode()).entries[0].title or ""
    assert len(title) < 1_000


@pytest.mark.parametrize(
    ("content", "content_type", "found"),
    [
        (b"", "text/xml", "an empty answer"),
        (b"<!doctype html><html></html>", "text/html; charset=x", "28 bytes of text/html, the "
         "first element is <html>"),
        (b"no such feed", "text/plain", "12 bytes of text/plain"),
        (b"\x89PNG\r\n", "", "6 bytes of an unknown type"),
        (b"<opml/>", "text/xml", "7 bytes of text/xml, the first element is <opml>"),
    ],
)  # fmt: skip
def test_what_is_no_feed(content: bytes, content_type: str, found: str) -> None:
    """The error says what came instead, and none of its text."""
    with pytest.raises(FileUnreadable) as error:
        read(content, content_type)
    assert str(error.value) == (
        f"news: found {found}; expected RSS, Atom or JSON Feed. Nothing of it was loaded. Check "
        "its address in a browser."
    )
