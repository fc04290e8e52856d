"""A limit that Prefect's server shares out among runs, wherever they are.

Two things about Prefect 3.8's server shape what is built on it. A reservation that is refused
starts the decay of the reserved slots anew, so that those who ask again and again keep each other
waiting; so the limit is read first, which disturbs nothing. And the slots that have decayed are
rounded down at each reservation.
"""

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, NoReturn, Protocol

import httpx

from utilities.errors import AccessDenied, LimitMissing, PrefectUnavailable

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient

_DENIED = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}


@dataclass(frozen=True)
class LimitState:
    """A limit at one moment.

    Attributes:
        slots: how many may be reserved.
        reserved: how many are, by all runs together.
        slots_per_second: how fast they become free again.
    """

    slots: int
    reserved: int
    slots_per_second: float


class Limit(Protocol):
    """Slots that several processes reserve."""

    def read(self) -> LimitState:
        """Return the limit as it is now."""

    def reserve(self, slots: int) -> bool:
        """Reserve slots; false: they are not free."""


class PrefectLimit:
    """A global concurrency limit of Prefect's server, by its name."""

    def __init__(self, name: str, client: "SyncPrefectClient") -> None:
        """Ask nothing yet.

        Args:
            name: in Prefect.
            client: open; may be used from several threads.
        """
        self._name = name
        self._client = client
        # Without a user's name and password, which may stand in the address.
        self._where = client.api_url.netloc.decode().rpartition("@")[2]

    def read(self) -> LimitState:
        """Return the limit as it is now.

        Raises:
            LimitMissing: there is none, it is switched off, or it limits no rate.
            PrefectUnavailable, AccessDenied: the server did not answer, or refused.
        """
        from prefect.exceptions import ObjectNotFound

        try:
            live = self._client.read_global_concurrency_limit_by_name(self._name)
        except ObjectNotFound:
            raise self._missing("does not exist") from None
        except httpx.HTTPError as error:
            self._failed(error)
        if not live.active:
            raise self._missing("is switched off")
        if live.slot_decay_per_second <= 0 or live.limit < 1:
            raise self._missing("has no slots that become free again by themselves")
        return LimitState(live.limit, live.active_slots, live.slot_decay_per_second)

    def reserve(self, slots: int) -> bool:
        """Reserve slots; false: they are not free.

        Raises:
            LimitMissing: the limit does not exist any more.
            PrefectUnavailable, AccessDenied: the server did not answer, or refused.
        """
        try:
            answer = self._client.increment_concurrency_slots([self._name], slots, "rate_limit")
        except httpx.HTTPStatusError as error:
            if error.response.status_code == HTTPStatus.LOCKED:
                return False
            self._failed(error)
        except httpx.HTTPError as error:
            self._failed(error)
        if not answer.json():
            raise self._missing("does not exist")
        return True

    def _missing(self, found: str) -> LimitMissing:
        return LimitMissing(
            f"Prefect's global concurrency limit {self._name!r} {found} on the server at "
            f"{self._where}; without it nothing is limited. Run `python -m blocks apply`."
        )

    def _failed(self, error: httpx.HTTPError) -> NoReturn:
        where = f"Prefect's server at {self._where}"
        if isinstance(error, httpx.HTTPStatusError):
            status = error.response.status_code
            if status in _DENIED:
                raise AccessDenied(
                    f"{where} refused to give the limit {self._name!r} ({status}). Check "
                    "PREFECT_API_KEY."
                ) from None
            raise PrefectUnavailable(
                f"{where} answered {status} when asked for the limit {self._name!r}. Run again "
                "later."
            ) from None
        raise PrefectUnavailable(
            f"{where} did not answer ({type(error).__name__}); without it the limit {self._name!r} "
            "cannot be shared. Check PREFECT_API_URL and that the server runs, then run again."
        ) from None
