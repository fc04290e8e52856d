"""Errors for requests that came to nothing, or to nobody knows what; none holds the key."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import requests

from utilities.errors import (
    AccessDenied,
    ApiRefused,
    ApiUnavailable,
    FlowError,
    OutcomeUnknown,
    SettingsInvalid,
)
from utilities.everyaction.answers import reasons_of
from utilities.everyaction.failures import Effect, Failure
from utilities.everyaction.secrecy import Secret

_DENIED = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}


@dataclass(frozen=True)
class Asked:
    """What is asked of the API.

    Attributes:
        method: of HTTP, in capitals.
        url: the whole address.
        path: the part of it below the API's own.
        options: `json`, `data`, `params` and the like, as requests takes them.
        repeatable: it may be sent again although the first may have been carried out.
    """

    method: str
    url: str
    path: str
    options: dict[str, Any]
    repeatable: bool

    @property
    def server(self) -> str:
        """Name and port of the server."""
        return urlsplit(self.url).netloc

    def __str__(self) -> str:
        return f"EveryAction, {self.method} {self.path}"


def refusal(asked: Asked, response: requests.Response, secret: Secret) -> FlowError:
    """Return the error for an answer that refuses a request (4xx)."""
    status = response.status_code
    reasons = tuple(
        (secret.removed_from(code), secret.removed_from(text))
        for code, text in reasons_of(response)
    )
    said = "; ".join(f"{code}: {text}" if code else text for code, text in reasons)
    if status in _DENIED:
        return AccessDenied(
            f"{asked}: the key was refused ({status}): {said}. Check VAN_API_KEY and VAN_DB, and "
            "that the key is active and may use this endpoint."
        )
    return ApiRefused(f"{asked}: refused ({status}): {said}.", status=status, reasons=reasons)


def outcome_unknown(asked: Asked, failure: Failure) -> OutcomeUnknown:
    """Return the error for a write that may have happened."""
    return OutcomeUnknown(
        f"{asked}: the server {failure.description}, so this may have happened or not. It was not "
        "sent again. Look at the record in EveryAction, then send it again if need be."
    )


def unavailable(asked: Asked, failure: Failure, failures: int, attempts: int) -> ApiUnavailable:
    """Return the error for a request that was given up."""
    wish = f", which asks to wait: {failure.retry_after}" if failure.retry_after else ""
    effect = "Nothing took effect" if failure.effect is Effect.NONE else "It may be sent again"
    return ApiUnavailable(
        f"{asked}: the server at {asked.server} {failure.description}{wish} (attempt {failures} of "
        f"{attempts}). {effect}: run again later."
    )


def distrusted(asked: Asked, failure: Failure) -> SettingsInvalid:
    """Return the error for a server that does not prove who it is."""
    return SettingsInvalid(
        f"{asked}: the server at {asked.server} {failure.description}. Nothing was sent. Check "
        "VAN_API_URL, and REQUESTS_CA_BUNDLE where a company's own certificate authority is in use."
    )


def moved(asked: Asked, response: requests.Response) -> SettingsInvalid:
    """Return the error for a server that sends us elsewhere."""
    return SettingsInvalid(
        f"{asked}: the server at {asked.server} answered that the API is elsewhere "
        f"({response.status_code}). The key was not sent on. Check VAN_API_URL."
    )
