"""Ask Prefect's API over HTTP: credentials, time-outs, repetitions, errors.

Its client library is not used, because its import takes longer than a whole plan. What is sent
is what https://docs.prefect.io/v3/api-ref/rest-api documents.
"""

import uuid
from threading import Lock
from typing import Any, Self

import httpx

from deployments.live.address import Address
from deployments.live.answers import read_answer, refusal
from deployments.live.connections import make_client, require_trust
from deployments.live.patience import Patience
from utilities.errors import PrefectUnavailable

ASK_AGAIN = frozenset({408, 429, 502, 503, 504})
"""Answers that tell of the moment, not of the request."""


class PrefectApi:
    """One Prefect server. Several threads may use it at the same time; they share its connections.

    A request that got no answer is sent again, also one that changes something: whatever is sent
    here can happen twice without harm.
    """

    def __init__(self, address: Address, patience: Patience = Patience()) -> None:
        """Prepare connections; nothing is sent yet.

        Raises:
            SettingsInvalid: the address or the certificate file cannot be used.
        """
        self.address = address
        self._patience = patience
        self._client = make_client(address, patience)
        # A server that was never reached, or that was given up, is asked once, not several times.
        self._is_reachable = False
        self._token = _Token()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def request(self, method: str, path: str, json: Any = None) -> Any:
        """Send one request and return its answer's JSON; None for an empty answer.

        Args:
            method: of HTTP.
            path: below the API's address, as `/deployments/filter`.
            json: body; None for none.

        Raises:
            PrefectUnavailable: no answer, or an answer that asks for patience, again and again.
            AccessDenied: 401 or 403.
            PrefectRefused: any other answer but success; `status` is its own.
            SettingsInvalid: what answers is not Prefect's API.
        """
        answer = self._send(method, path, json)
        if answer.status_code == 403 and method != "GET" and self._renew_token(answer):
            answer = self._send(method, path, json)
        return read_answer(answer, f"{method} {path}", self.address)

    def _send(self, method: str, path: str, json: Any) -> httpx.Response:
        """Send a request until it is answered."""
        failures = 0
        while True:
            try:
                return self._ask(method, path, json)
            except _NoAnswer as failure:
                failures += 1
                pause_seconds = self._pause_seconds(failures, failure)
                if pause_seconds is None:
                    self._is_reachable = False
                    raise PrefectUnavailable(
                        f"Prefect at {self.address.url}: {failure} to {method} {path}, attempts: "
                        f"{failures}. Look whether the server runs and PREFECT_API_URL is its "
                        "address, then run the command again: it goes on where it stopped."
                    ) from failure.__cause__
            self._patience.sleep(pause_seconds)

    def _ask(self, method: str, path: str, json: Any) -> httpx.Response:
        """Send a request once.

        Raises:
            _NoAnswer: nothing came back, or something that tells of the moment alone.
        """
        try:
            answer = self._client.request(method, path, json=json, headers=self._token.headers())
        except httpx.TransportError as error:
            require_trust(error, self.address)
            raise _NoAnswer(f"no answer ({type(error).__name__}: {error})") from error
        self._is_reachable = True
        if answer.status_code in ASK_AGAIN:
            retry_after = answer.headers.get("Retry-After")
            raise _NoAnswer(f"{answer.status_code} was the answer", retry_after)
        return answer

    def _pause_seconds(self, failures: int, failure: "_NoAnswer") -> float | None:
        if isinstance(failure.__cause__, httpx.ConnectError) and not self._is_reachable:
            return None
        return self._patience.pause_seconds(failures, failure.retry_after)

    def _renew_token(self, refused: httpx.Response) -> bool:
        """Get a token against forged requests; False when the server wants none.

        Only a server that was told to (PREFECT_SERVER_CSRF_PROTECTION_ENABLED) asks for it; it
        answers 403 to a write without one, or with one that is too old.
        """
        sent = refused.request.headers.get(_Token.HEADER)
        with self._token.lock:
            if self._token.value not in (None, sent):
                return True
            answer = self._send("GET", f"/csrf-token?client={self._token.client}", None)
            if answer.status_code in (404, 422):
                return False
            if not answer.is_success:
                raise refusal(answer, "GET /csrf-token", self.address)
            self._token.value = answer.json()["token"]
            return True


class _NoAnswer(Exception):
    """A request has to be sent again."""

    def __init__(self, found: str, retry_after: str | None = None) -> None:
        super().__init__(found)
        self.retry_after = retry_after


class _Token:
    """Proves that a write was not made by a page in somebody's browser."""

    HEADER = "Prefect-Csrf-Token"

    def __init__(self) -> None:
        self.client = str(uuid.uuid4())
        self.value: str | None = None
        self.lock = Lock()

    def headers(self) -> dict[str, str]:
        if self.value is None:
            return {}
        return {self.HEADER: self.value, "Prefect-Csrf-Client": self.client}
