"""parsons' VAN on the settings, with our transport below it."""

import hashlib
import logging
import warnings
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr
from requests.auth import HTTPBasicAuth

from utilities.concurrency import Turns
from utilities.errors import SettingsInvalid
from utilities.everyaction.patience import Patience
from utilities.everyaction.secrecy import Secret
from utilities.everyaction.sessions import make_session
from utilities.everyaction.transport import Pace, Transport
from utilities.settings import ENV_FILE, Settings

if TYPE_CHECKING:
    from parsons.ngpvan.van import VAN

SHARE_OF_LIMIT = 0.9
"""How much of the granted rate is used: clocks differ, and networks bunch requests."""

PARSONS_LOG = "parsons.ngpvan"


def connect(settings: Settings, pace: Pace | None = None, patience: Patience = Patience()) -> "VAN":
    """Return parsons' `VAN`, as it is, with every request sent by `Transport`.

    Nothing is sent yet. Its methods raise this repository's errors; see `Transport.request`.
    Several threads may use it at the same time.

    Args:
        settings: key, database mode, address, granted rate.
        pace: called before each request. None: 0.9 of the granted rate, evenly spaced, shared by
            everything in this process that uses the same key.
        patience: time-outs and retries.

    Raises:
        SettingsInvalid: there is no key, or it has a mode at its end.
    """
    key = _key(settings)
    van = _parsons_van()(api_key=key, db=settings.van_db)
    connection = van.connection
    user, password = connection.auth.username, connection.auth.password
    transport = Transport(
        settings.van_api_url,
        make_session(HTTPBasicAuth(user, password), patience.now),
        Secret(user, password),
        pace or _turns(_digest(key), settings.van_requests_per_second * SHARE_OF_LIMIT).wait,
        patience,
    )
    # GET requests are addressed with the first, all others with the second.
    connection.uri = settings.van_api_url
    connection.api.uri = settings.van_api_url
    connection.api.request = transport.request
    return van


def _key(settings: Settings) -> str:
    found: SecretStr | None = settings.van_api_key
    if found is None or not found.get_secret_value():
        raise SettingsInvalid(
            "VAN_API_KEY: missing; expected an EveryAction / NGPVAN API key. Set it in the "
            f"environment or in {ENV_FILE} (.env.example describes it)."
        )
    key = found.get_secret_value()
    if "|" in key:
        raise SettingsInvalid(
            "VAN_API_KEY: the key has a '|' and a mode at its end; expected the key alone. Leave "
            "both out, and set VAN_DB to the database instead: EveryAction, MyCampaign or MyMembers "
            "for mode 1, MyVoters for mode 0."
        )
    return key


def _parsons_van() -> Any:
    """Import parsons' class. Its lines for each call, some with names of people, are left out."""
    with warnings.catch_warnings():
        # parsons warns at every import that `pip install parsons` now needs extras.
        warnings.simplefilter("ignore", RuntimeWarning)
        from parsons.ngpvan.van import VAN
    log = logging.getLogger(PARSONS_LOG)
    if log.level == logging.NOTSET:
        log.setLevel(logging.WARNING)
    return VAN


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


@lru_cache(maxsize=64)
def _turns(key_digest: str, per_second: float) -> Turns:
    """Return the turns of a key in this process: the same ones whenever it is asked for."""
    return Turns(per_second)
