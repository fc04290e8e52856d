"""Ask all services at once; what one of them does wrong is part of what is found."""

import http.client
import queue
import socket
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Thread

from utilities.egress.answers import ANSWER_LIMIT_BYTES, NoAddress, read_address
from utilities.egress.services import service_name

HEADERS = {
    "User-Agent": "prefect-flows (egress check)",
    "Accept": "text/plain, application/json;q=0.9",
    "Cache-Control": "no-cache",
}


@dataclass(frozen=True)
class Patience:
    """How long services may take.

    Attributes:
        attempts: rounds, as long as too few have answered.
        pause_seconds: before the second round; doubled for each further one.
        answer_seconds: for one answer in all, the look-up of the host's name included.
    """

    attempts: int = 3
    pause_seconds: float = 1.0
    answer_seconds: float = 10.0


@dataclass(frozen=True)
class Sighting:
    """What one service said.

    Attributes:
        service: as messages call it.
        address: that it saw; None when it told none.
        problem: what it did instead; empty when it told one.
    """

    service: str
    address: str | None
    problem: str = ""


def ask_services(services: Sequence[str], patience: Patience = Patience()) -> tuple[Sighting, ...]:
    """Ask services from which address this process comes, in their order.

    They are asked directly, also where the environment names a proxy: what counts is the address
    that a warehouse would see, and no proxy stands before a warehouse.
    """
    found = dict.fromkeys(services, Sighting("", None))
    for attempt in range(patience.attempts):
        if attempt:
            time.sleep(patience.pause_seconds * 2 ** (attempt - 1))
        waiting = [service for service in services if found[service].address is None]
        found |= _ask_at_once(waiting, patience.answer_seconds)
        if has_enough(list(found.values())):
            break
    return tuple(found.values())


def enough(sightings: Sequence[Sighting]) -> int:
    """Return how many services must tell an address: half of them, so that one that fails does
    not decide."""
    return (len(sightings) + 1) // 2


def has_enough(sightings: Sequence[Sighting]) -> bool:
    """Say whether enough services told an address."""
    return sum(sighting.address is not None for sighting in sightings) >= enough(sightings)


def _ask_at_once(services: Sequence[str], answer_seconds: float) -> dict[str, Sighting]:
    """Ask in threads that nobody waits for: one whose server never ends is left to itself."""
    said: queue.SimpleQueue[tuple[str, Sighting]] = queue.SimpleQueue()

    def ask(service: str) -> None:
        said.put((service, _ask(service, answer_seconds)))

    for service in services:
        Thread(target=ask, args=(service,), daemon=True, name="egress").start()
    late = f"no whole answer within {answer_seconds:g} s"
    found = {service: Sighting(service_name(service), None, late) for service in services}
    until = time.monotonic() + answer_seconds
    for _ in services:
        try:
            service, sighting = said.get(timeout=max(0.0, until - time.monotonic()))
        except queue.Empty:
            break
        found[service] = sighting
    return found


def _ask(service: str, answer_seconds: float) -> Sighting:
    name = service_name(service)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    asked = urllib.request.Request(service, headers=HEADERS)
    try:
        with opener.open(asked, timeout=answer_seconds) as answer:
            return Sighting(name, read_address(_body(answer)))
    except NoAddress as error:
        return Sighting(name, None, str(error))
    except urllib.error.HTTPError as error:
        with error:
            return Sighting(name, None, f"answered {error.code}")
    except (OSError, http.client.HTTPException) as error:
        return Sighting(name, None, _what_was_lost(error))


def _body(answer: http.client.HTTPResponse) -> bytes:
    """Return a body that is whole: the beginning of an address may be another address."""
    body = answer.read(ANSWER_LIMIT_BYTES + 1)
    if answer.length and len(body) <= ANSWER_LIMIT_BYTES:
        raise http.client.IncompleteRead(body, answer.length)
    return body


def _what_was_lost(error: OSError | http.client.HTTPException) -> str:
    cause = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(cause, socket.gaierror):
        return "no host of this name was found"
    if isinstance(cause, ConnectionRefusedError):
        return "the connection was refused"
    if isinstance(cause, TimeoutError):
        return "no connection, or no answer, within the time allowed"
    if isinstance(cause, ssl.SSLCertVerificationError):
        return "its certificate is not valid"
    return "the connection was lost"
