"""Every request to the API goes through here: paced, timed, repeated where that is safe.

An instance's `request` has the signature of `parsons.utilities.api_connector.APIConnector.request`
and takes its place: all verbs of parsons' VAN pass through that method.
"""

import logging
import threading
from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests

from utilities.errors import SettingsInvalid
from utilities.everyaction.answers import is_readable
from utilities.everyaction.failures import (
    Effect,
    Failure,
    failure_of_answer,
    failure_of_exception,
)
from utilities.everyaction.patience import Patience
from utilities.everyaction.refusals import (
    Asked,
    distrusted,
    moved,
    outcome_unknown,
    refusal,
    unavailable,
)
from utilities.everyaction.repeatable import is_repeatable
from utilities.everyaction.secrecy import Secret

Pace = Callable[[], None]
"""Called before every attempt; returns when it may be sent."""

_LOG = logging.getLogger(__name__)

_PORTS = {"http": 80, "https": 443}


class Transport:
    """Sends requests with one session and one pace. Safe to use from several threads."""

    def __init__(
        self,
        base_url: str,
        session: requests.Session,
        secret: Secret,
        pace: Pace,
        patience: Patience,
    ) -> None:
        """Send nothing yet.

        Args:
            base_url: of the API, with a slash at its end; the session's credentials go nowhere else.
            session: sends, with its credentials.
            secret: what must be in no message.
            pace: called before each attempt.
            patience: how long a request may take, and how often it is tried.
        """
        self._base_url = base_url
        self._session = session
        self._secret = secret
        self._pace = pace
        self._patience = patience
        self._hold_until = 0.0
        self._lock = threading.Lock()

    def request(
        self,
        url: str,
        req_type: str,
        *,
        json: Any = None,
        data: Any = None,
        params: Any = None,
        raise_on_error: bool = True,
        repeatable: bool | None = None,
        **options: Any,
    ) -> requests.Response:
        """Send a request until it is answered; return the answer.

        Args:
            url: relative to the API's address, or the whole.
            req_type: method of HTTP.
            json, data, params, options: as requests takes them.
            raise_on_error: false: return a refusal (4xx) instead of raising it.
            repeatable: it may be sent again although the first may have been carried out; None: as
                is known of its path.

        Raises:
            AccessDenied: the key was refused (401, 403).
            ApiRefused: the request was (other 4xx).
            ApiUnavailable: no answer after several attempts; a write certainly did not happen.
            OutcomeUnknown: a write may have happened, and is not sent again.
            SettingsInvalid: the address leads elsewhere, to where the key must not go.
        """
        options.update(json=json, data=data, params=params)
        full = urljoin(self._base_url, url)
        path = self._path(full)
        if repeatable is None:
            repeatable = is_repeatable(req_type, path)
        asked = Asked(req_type, full, path, options, repeatable)
        response = self._answered(asked)
        if response.is_redirect:
            raise moved(asked, response)
        if raise_on_error and response.status_code >= HTTPStatus.BAD_REQUEST:
            raise refusal(asked, response, self._secret)
        return response

    def _answered(self, asked: Asked) -> requests.Response:
        """Return an answer that is about the request, not about passing trouble."""
        patience = self._patience
        last_start = patience.now() + patience.total_seconds
        failures = 0
        while True:
            self._wait_for_turn()
            answer = self._attempt(asked)
            if isinstance(answer, requests.Response):
                return answer
            failures += 1
            if answer.effect is Effect.DISTRUSTED:
                raise distrusted(asked, answer)
            if answer.effect is Effect.UNKNOWN and not asked.repeatable:
                raise outcome_unknown(asked, answer)
            pause = patience.pause_seconds(failures, answer.retry_after)
            if failures >= patience.attempts or patience.now() + pause > last_start:
                raise unavailable(asked, answer, failures, patience.attempts)
            _LOG.warning(
                "%s: the server %s; trying again in %.1f s", asked, answer.description, pause
            )
            self._hold(answer, pause)

    def _attempt(self, asked: Asked) -> requests.Response | Failure:
        patience = self._patience
        try:
            response = self._session.request(
                asked.method,
                asked.url,
                timeout=(patience.connect_seconds, patience.read_seconds),
                # A redirect would take the key elsewhere, or turn a POST into a GET.
                allow_redirects=False,
                **asked.options,
            )
        except requests.RequestException as error:
            return failure_of_exception(error)
        failure = failure_of_answer(response)
        if failure is None and response.ok and not is_readable(response):
            return Failure(Effect.UNKNOWN, "answered with something that is not JSON")
        return failure or response

    def _wait_for_turn(self) -> None:
        """Return when the server's last wish for quiet is over and the pace allows a request."""
        while (remaining := self._hold_until - self._patience.now()) > 0:
            self._patience.sleep(remaining)
        self._pace()

    def _hold(self, failure: Failure, pause_seconds: float) -> None:
        """Wait before the next attempt; when the server asked for quiet, all threads do."""
        if failure.retry_after is None:
            self._patience.sleep(pause_seconds)
            return
        with self._lock:
            self._hold_until = max(self._hold_until, self._patience.now() + pause_seconds)

    def _path(self, url: str) -> str:
        """Return an address below the API's own.

        Raises:
            SettingsInvalid: it is another server's, which must not see the key.
        """
        if _origin(url) != _origin(self._base_url):
            raise SettingsInvalid(
                f"EveryAction: the key is for {self._base_url} and was not sent to "
                f"{urlsplit(url).netloc}, to which an answer points. Check VAN_API_URL."
            )
        return urlsplit(url).path.removeprefix(urlsplit(self._base_url).path)


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or _PORTS.get(parts.scheme)
