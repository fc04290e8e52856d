"""Bring the files that the API links to into our own bucket, once."""

from http import HTTPStatus
from typing import IO, cast
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import HTTPError

from utilities.errors import (
    ApiRefused,
    ApiUnavailable,
    ExportIncomplete,
    FlowError,
    LinkExpired,
)
from utilities.everyaction.failures import failure_of_answer, failure_of_exception
from utilities.everyaction.patience import Patience
from utilities.everyaction.sessions import make_session
from utilities.objects import ObjectStore

_EXPIRED = {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.GONE}
PATIENCE = Patience(attempts=4, total_seconds=120.0)


def download(url: str, destination: str, store: ObjectStore, patience: Patience = PATIENCE) -> int:
    """Copy a file to S3 and return its bytes. It appears there whole, or not at all.

    The link is all that the file's server needs: blob stores refuse requests with credentials, and
    none are sent. Memory is bounded by a few parts of the file.

    Args:
        url: pre-signed link.
        destination: `s3://` address.
        store: writes it.
        patience: time-outs, and how often a download that breaks off is begun again.

    Raises:
        LinkExpired: the link is no longer valid.
        ExportIncomplete: the file ended before its end, each time.
        ApiUnavailable: its server did not answer.
        ApiRefused: its server refused the request for another reason.
        StorageUnavailable, AccessDenied: S3 did not take it.
    """
    last_start = patience.now() + patience.total_seconds
    with make_session() as session:
        failures = 0
        while True:
            outcome, retry_after = _attempt(session, url, destination, store, patience)
            if isinstance(outcome, int):
                return outcome
            failures += 1
            pause = patience.pause_seconds(failures, retry_after)
            is_passing = isinstance(outcome, ApiUnavailable | ExportIncomplete)
            is_over = failures >= patience.attempts or patience.now() + pause > last_start
            if is_over or not is_passing:
                raise outcome
            patience.sleep(pause)


def _attempt(
    session: requests.Session, url: str, destination: str, store: ObjectStore, patience: Patience
) -> tuple[int | FlowError, str | None]:
    """Return the bytes that were copied or why there are none, and the Retry-After header."""
    name = _name(url)
    timeout = (patience.connect_seconds, patience.read_seconds)
    try:
        with session.get(url, stream=True, timeout=timeout) as response:
            refusal = _refusal(name, response)
            if refusal is not None:
                return refusal, response.headers.get("Retry-After")
            return _upload(_Body(response), destination, store), None
    except requests.RequestException as error:
        why = failure_of_exception(error).description
        return ApiUnavailable(f"{name}: the server {why}. Run again."), None
    except (HTTPError, EOFError) as error:
        return (
            ExportIncomplete(
                f"{name}: the file broke off before its end ({type(error).__name__}). Nothing was "
                f"written to {destination}. Run again."
            ),
            None,
        )


def _refusal(name: str, response: requests.Response) -> FlowError | None:
    status = response.status_code
    if status in _EXPIRED:
        return LinkExpired(
            f"{name}: the link is not valid any more ({status}). Ask the API for the job again: it "
            "gives new links while the files are kept."
        )
    if failure_of_answer(response):
        return ApiUnavailable(f"{name}: the server answered {status}. Run again later.")
    if status != HTTPStatus.OK:
        return ApiRefused(
            f"{name}: the server refused to give the file ({status}). Ask the API for a new link.",
            status=status,
        )
    return None


class _Body:
    """The bytes of an answer, as a file that can be read once."""

    def __init__(self, response: requests.Response) -> None:
        self._raw = response.raw
        self.bytes = 0

    def read(self, size: int = -1) -> bytes:
        data: bytes = self._raw.read(size if size >= 0 else None, decode_content=True)
        self.bytes += len(data)
        return data


def _upload(body: _Body, destination: str, store: ObjectStore) -> int:
    store.put_stream(destination, cast(IO[bytes], body))
    return body.bytes


def _name(url: str) -> str:
    """Return a link without its signature, which is as good as a key."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}{parts.path}"
