"""What became of a request that got no proper answer: surely nothing, or nobody knows.

Told by the types of the exceptions of requests and urllib3, and by the status of an answer.
"""

import ssl
from dataclasses import dataclass
from enum import Enum, auto
from http import HTTPStatus

import requests
from requests.exceptions import ConnectionError, ConnectTimeout, ProxyError, ReadTimeout, SSLError
from urllib3.exceptions import MaxRetryError, NewConnectionError

RETRY_AFTER = "Retry-After"
_NOT_CARRIED_OUT = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.REQUEST_TIMEOUT}


class Effect(Enum):
    """What a request that failed has done."""

    NONE = auto()
    UNKNOWN = auto()
    DISTRUSTED = auto()
    """None, and none is to be expected from another attempt: the server is not who it should be."""


@dataclass(frozen=True)
class Failure:
    """A request without a proper answer.

    Attributes:
        effect: of the request.
        description: for a person; it begins with a verb.
        retry_after: the header of that name.
    """

    effect: Effect
    description: str
    retry_after: str | None = None


def failure_of_answer(response: requests.Response) -> Failure | None:
    """Return what an answer says about a passing trouble; None: it is about the request itself.

    503 with Retry-After is how a server declines work; without, it may come from a proxy before a
    server that went on: https://www.rfc-editor.org/rfc/rfc9110#status.503
    """
    status = response.status_code
    retry_after = response.headers.get(RETRY_AFTER)
    is_declined = status == HTTPStatus.SERVICE_UNAVAILABLE and retry_after is not None
    if status in _NOT_CARRIED_OUT or is_declined:
        return Failure(Effect.NONE, f"answered {status}", retry_after)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Failure(Effect.UNKNOWN, f"answered {status}", retry_after)
    return None


def failure_of_exception(error: requests.RequestException) -> Failure:
    """Return what an exception of requests says about what it interrupted."""
    cause = error.args[0] if error.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else cause
    name = type(reason if isinstance(reason, Exception) else error).__name__
    if isinstance(error, SSLError) and _is_distrust(reason):
        return Failure(Effect.DISTRUSTED, "showed a certificate that is not trusted")
    if isinstance(error, ConnectTimeout):
        return Failure(Effect.NONE, f"could not be reached in time ({name})")
    if isinstance(error, ProxyError) or isinstance(reason, NewConnectionError):
        return Failure(Effect.NONE, f"could not be reached ({name})")
    if isinstance(error, ReadTimeout):
        return Failure(Effect.UNKNOWN, "did not answer in time")
    if isinstance(error, ConnectionError | requests.exceptions.ChunkedEncodingError):
        return Failure(Effect.UNKNOWN, f"closed the connection without a whole answer ({name})")
    return Failure(Effect.UNKNOWN, f"could not be understood ({name})")


def _is_distrust(reason: object) -> bool:
    """Say whether a TLS error is about the certificate, so that nothing was sent."""
    seen: object = reason
    while isinstance(seen, BaseException):
        if isinstance(seen, ssl.SSLCertVerificationError):
            return True
        seen = seen.__cause__ or seen.__context__ or next(iter(seen.args), None)
    return False
