"""RSS and Atom, in all the dialects that feedparser knows.

feedparser gets bytes that were fetched before: it would read any address, or file, it is given.
It must not touch HTML: what a publisher wrote is what is stored.
"""

import io
import re
from datetime import datetime
from typing import Any
from urllib.parse import urljoin
from xml.parsers.expat import ExpatError
from xml.parsers.expat import errors as expat
from xml.sax import SAXException, SAXParseException

import feedparser

from utilities.errors import FileUnreadable
from utilities.feeds.addresses import base_of
from utilities.feeds.entries import Entry, clean, entry_id_of
from utilities.feeds.fetching import Answer
from utilities.feeds.moments import from_parts
from utilities.feeds.pages import Page, refuse

_CUT_OFF = {
    expat.codes[message]
    for message in (
        expat.XML_ERROR_NO_ELEMENTS,
        expat.XML_ERROR_UNCLOSED_TOKEN,
        expat.XML_ERROR_PARTIAL_CHAR,
        expat.XML_ERROR_UNCLOSED_CDATA_SECTION,
    )
}
"""What the parser finds only where a document ends too early.
https://docs.python.org/3/library/pyexpat.html#expaterror-exceptions"""

_ROOT = re.compile(rb"<([A-Za-z_][\w.:-]{0,40})")


def read_xml_feed(answer: Answer, name: str) -> Page:
    """Return the entries of a document, as far as it can be read.

    A document that is not well-formed is read leniently, as every news reader does: undeclared
    entities and a bare & are common.

    Raises:
        FileUnreadable: it is no feed, or breaks off.
    """
    # Without the address: ids would be resolved against it, and change when it does.
    parsed = feedparser.parse(
        io.BytesIO(answer.content),
        response_headers={"content-type": answer.content_type},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    if not parsed.version:
        refuse(name, _what(answer))
    fault = parsed.bozo_exception if parsed.bozo else None
    if isinstance(fault, SAXParseException) and _breaks_off(fault):
        raise FileUnreadable(
            f"{name}: the document breaks off after {len(answer.content):,} bytes. Nothing of it "
            "was loaded, its last entry may be half of one. Run again; if it stays so, tell its "
            "publisher."
        )
    return Page(
        entries=tuple(_entry(found, base_of(answer.address)) for found in parsed.entries),
        format=feedparser.api.SUPPORTED_VERSIONS.get(parsed.version, parsed.version),
        without_id=sum(not (found.get("id") or found.get("link")) for found in parsed.entries),
        is_whole=not isinstance(fault, SAXException),
    )


def _breaks_off(fault: SAXParseException) -> bool:
    cause = fault.getException()
    return isinstance(cause, ExpatError) and cause.code in _CUT_OFF


def _entry(found: dict[str, Any], base: str) -> Entry:
    title, link = clean(found.get("title")), clean(found.get("link"))
    summary = clean(found.get("summary"))
    content = clean("\n".join(part.get("value", "") for part in found.get("content", ())))
    published, published_text = _time(found, "published")
    updated, updated_text = _time(found, "updated")
    return Entry(
        entry_id=entry_id_of(clean(found.get("id")), link, title, content or summary),
        title=title,
        link=_whole(base, link) if link else None,
        author=clean(found.get("author")),
        published=published,
        published_text=published_text,
        updated=updated,
        updated_text=updated_text,
        # feedparser fills in the content where there is no summary.
        summary=summary if summary != content else None,
        content=content,
        categories=_categories(found),
    )


def _whole(base: str, link: str) -> str:
    try:
        return urljoin(base, link)
    except ValueError:
        return link


def _time(found: dict[str, Any], key: str) -> tuple[datetime | None, str | None]:
    """Return a time, or else the text that is none.

    Asked by `dict.get`: feedparser itself answers with `published` where `updated` is missing.
    """
    moment = from_parts(dict.get(found, f"{key}_parsed"))
    return moment, None if moment else clean(dict.get(found, key))


def _categories(found: dict[str, Any]) -> tuple[str, ...]:
    tags = [clean(tag.get("term") or tag.get("label")) for tag in found.get("tags", ())]
    return tuple(dict.fromkeys(tag for tag in tags if tag))


def _what(answer: Answer) -> str:
    """Say what an answer is that is no feed, without a word of its text."""
    kind = answer.content_type.partition(";")[0].strip().lower()
    root = _ROOT.search(answer.content[:4096])
    shape = f", the first element is <{root[1].decode()}>" if root else ""
    if not re.fullmatch(r"[\w.+-]+/[\w.+-]+", kind):
        kind = "an unknown type"
    return f"{len(answer.content):,} bytes of {kind}{shape}"
