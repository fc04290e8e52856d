"""Read an address over HTTP: bounded, patient for a while, and only when it has changed.

The attempts are made here and not by urllib3's Retry, because that one ends where the body begins,
and a body that breaks off is as common as a refused connection.
"""

import time
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import NoReturn

import requests

from utilities.errors import AccessDenied, ApiRefused, ApiUnavailable, FileUnreadable
from utilities.feeds.limits import Limits
from utilities.feeds.lost_connections import has_bad_certificate, what_was_lost
from utilities.feeds.reads import Validators

USER_AGENT = "prefect-flows (news feeds)"
ACCEPT = (
    "application/feed+json, application/atom+xml, application/rss+xml, application/json;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, */*;q=0.1"
)
PASSING = {
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.TOO_EARLY,
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.INTERNAL_SERVER_ERROR,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
}
VALIDATOR_LIMIT_BYTES = 1024
_CHUNK_BYTES = 64 * 1024
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True)
class Answer:
    """What a server sent.

    Attributes:
        address: where it came from, after redirections; may hold credentials.
        content: the body, unpacked; empty when it was not modified.
        content_type: as the server calls it.
        validators: of this version.
        is_modified: false when the server says that the version asked with is still the one.
    """

    address: str
    content: bytes
    content_type: str
    validators: Validators
    is_modified: bool = True


class _Passing(Exception):
    """One attempt failed for a reason that may pass."""

    def __init__(self, found: str, pause_seconds: float | None = None) -> None:
        super().__init__(found)
        self.found = found
        self.pause_seconds = pause_seconds


def fetch(address: str, name: str, limits: Limits, known: Validators = Validators()) -> Answer:
    """Read an address.

    Args:
        address: http or https; a user and password in it are sent as Basic authentication.
        name: what messages call it.
        limits: bounds and patience.
        known: of the version that is known; nothing to ask with when empty.

    Raises:
        ApiUnavailable: it does not answer, breaks off, or is overloaded, at each attempt.
        AccessDenied: it wants other credentials.
        ApiRefused: it will not answer next time either.
        FileUnreadable: the answer is larger than allowed, or not packed as it says.
    """
    for attempt in range(1, limits.attempts + 1):
        try:
            return _fetch_once(address, name, limits, known)
        except _Passing as passing:
            pause = passing.pause_seconds or limits.pause_seconds * 2 ** (attempt - 1)
            if attempt == limits.attempts or pause > limits.longest_pause_seconds:
                _give_up(name, passing, attempt)
        time.sleep(pause)
    raise ValueError("at least one attempt is needed")


def _give_up(name: str, passing: _Passing, attempts: int) -> NoReturn:
    asked = f" and asked to wait {passing.pause_seconds:,.0f} s" if passing.pause_seconds else ""
    times = "once" if attempts == 1 else f"{attempts} times"
    raise ApiUnavailable(
        f"{name}: {passing.found}{asked} (tried {times}). Nothing of it was loaded. Run again later."
    ) from None


def _fetch_once(address: str, name: str, limits: Limits, known: Validators) -> Answer:
    headers = {"User-Agent": USER_AGENT, "Accept": ACCEPT}
    if known.etag:
        headers["If-None-Match"] = known.etag
    if known.last_modified:
        headers["If-Modified-Since"] = known.last_modified
    timeout = (limits.connect_seconds, limits.read_seconds)
    try:
        with (
            requests.Session() as session,
            session.get(address, headers=headers, timeout=timeout, stream=True) as response,
        ):
            if response.status_code == HTTPStatus.NOT_MODIFIED and known != Validators():
                return Answer(response.url, b"", "", known, is_modified=False)
            _require_success(response, name)
            return Answer(
                response.url,
                _body(response, name, limits),
                response.headers.get("Content-Type", ""),
                _validators(response),
            )
    except requests.exceptions.ContentDecodingError:
        raise FileUnreadable(
            f"{name}: the answer is not packed as its Content-Encoding says. Nothing of it was "
            "loaded. Tell its publisher."
        ) from None
    except requests.RequestException as error:
        _refuse_for_good(name, error)
        raise _Passing(what_was_lost(error)) from None


def _refuse_for_good(name: str, error: requests.RequestException) -> None:
    """Raise when another attempt would end in the same way."""
    if has_bad_certificate(error):
        found, step = "its certificate is not valid", "Tell its publisher"
    elif isinstance(error, requests.TooManyRedirects):
        found, step = "it redirects for ever", "Look for its new address"
    elif isinstance(error, ValueError):
        found, step = "it leads to what is no web address", "Look for its new address"
    else:
        return
    raise ApiRefused(f"{name}: {found}. Nothing of it was loaded. {step}.") from None


def _require_success(response: requests.Response, name: str) -> None:
    status = response.status_code
    if status == HTTPStatus.OK:
        return
    found = f"answered {status} {_phrase(status)}".rstrip()
    if status in PASSING:
        raise _Passing(found, _retry_after(response))
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        raise AccessDenied(
            f"{name}: {found}. Nothing of it was loaded. Check the user, the password or the key "
            "in its address in NEWS_FEEDS."
        )
    raise ApiRefused(
        f"{name}: {found}; expected 200 OK. Nothing of it was loaded. Look whether it has another "
        "address by now, or take it out of NEWS_FEEDS."
    )


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else ""


def _retry_after(response: requests.Response) -> float | None:
    """Return how many seconds a server asks to wait: it gives a number or a date."""
    text = response.headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdecimal():
        return float(text)
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, (until - datetime.now(UTC)).total_seconds())


def _validators(response: requests.Response) -> Validators:
    """Return the validators of an answer; one that is absurdly long is not remembered."""
    found = [response.headers.get(name) for name in ("ETag", "Last-Modified")]
    kept = [text if text and len(text) <= VALIDATOR_LIMIT_BYTES else None for text in found]
    return Validators(*kept)


def _body(response: requests.Response, name: str, limits: Limits) -> bytes:
    """Return the body unpacked, as long as it is no larger and no slower than allowed."""
    until = time.monotonic() + limits.answer_seconds
    body = bytearray()
    for chunk in response.iter_content(_CHUNK_BYTES):
        body += chunk
        _require_size(len(body), name, limits)
        if time.monotonic() > until:
            raise _Passing(f"the answer was not there after {limits.answer_seconds:g} s")
    return _unzipped(bytes(body), name, limits) if body.startswith(_GZIP) else bytes(body)


def _unzipped(body: bytes, name: str, limits: Limits) -> bytes:
    """Unpack a file that is a .gz by itself, which no header tells."""
    unpacking = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        content = unpacking.decompress(body, limits.page_bytes + 1)
    except zlib.error:
        content = b""
    _require_size(len(content), name, limits)
    if not unpacking.eof:
        raise FileUnreadable(
            f"{name}: the answer is a gzip file that is damaged or breaks off. Nothing of it was "
            "loaded. Run again; if it stays so, tell its publisher."
        )
    return content


def _require_size(size: int, name: str, limits: Limits) -> None:
    if size > limits.page_bytes:
        raise FileUnreadable(
            f"{name}: the answer is larger than {limits.page_bytes:,} bytes, the most that is read "
            "of one page. Nothing of it was loaded. Ask its publisher for a shorter feed, or one "
            "in pages."
        )
