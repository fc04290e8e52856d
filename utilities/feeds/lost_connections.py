"""What went wrong between us and a server, told by the types of errors alone.

The text of such an error holds the whole address, with its credentials.
"""

import socket
import ssl
from collections.abc import Iterator

import requests

_FOUND: tuple[tuple[type[BaseException], str], ...] = (
    (socket.gaierror, "no host of this name was found"),
    (ConnectionRefusedError, "the connection was refused"),
    (requests.ConnectTimeout, "no connection within the time allowed"),
    (TimeoutError, "no answer within the time allowed"),
    (requests.exceptions.ChunkedEncodingError, "the answer broke off"),
    (requests.exceptions.ProxyError, "the proxy gave no connection"),
)
"""The first that is found counts: what the system said comes before what was made of it."""


def what_was_lost(error: BaseException) -> str:
    """Return what happened to a connection, for a person."""
    causes = list(_causes(error))
    for kind, found in _FOUND:
        if any(isinstance(cause, kind) for cause in causes):
            return found
    return "the connection was lost"


def has_bad_certificate(error: BaseException) -> bool:
    """Say whether the server could not prove who it is."""
    return any(isinstance(cause, ssl.SSLCertVerificationError) for cause in _causes(error))


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and all that it was made of: requests and urllib3 wrap one into another."""
    waiting: list[object] = [error]
    seen: set[int] = set()
    while waiting:
        found = waiting.pop()
        if not isinstance(found, BaseException) or id(found) in seen:
            continue
        seen.add(id(found))
        yield found
        waiting += [*found.args, getattr(found, "reason", None), found.__cause__, found.__context__]
