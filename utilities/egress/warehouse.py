"""Prove that the warehouse lets this process in: its name, its port, a login and a query."""

import socket
import time
from dataclasses import dataclass

from utilities.errors import SettingsInvalid, WarehouseUnavailable
from utilities.redshift.connection import CONNECT_TIMEOUT_SECONDS, connected
from utilities.redshift.reading.refusals import answered
from utilities.settings import Settings

QUERY = "SELECT CURRENT_USER, CURRENT_DATABASE()"
QUERY_LIMIT_SECONDS = 60

_LATER = {socket.EAI_AGAIN}


@dataclass(frozen=True)
class WarehouseAnswer:
    """A warehouse that has answered.

    Attributes:
        place: host and port.
        user, database: as the warehouse calls them.
        seconds: from the look-up of its name to the rows.
    """

    place: str
    user: str
    database: str
    seconds: float


def ask_warehouse(
    settings: Settings, connect_seconds: float = CONNECT_TIMEOUT_SECONDS
) -> WarehouseAnswer:
    """Log in to the warehouse and run a query.

    Args:
        settings: of the warehouse.
        connect_seconds: how long it may say nothing to who wants to connect.

    Raises:
        SettingsInvalid: its name does not exist.
        WarehouseUnavailable: the connection timed out, which an allow list does to strangers; it was
            refused; or it ended. The message says which.
        AccessDenied: the login was refused.
    """
    began = time.monotonic()
    place = f"{settings.redshift_host}:{settings.redshift_port}"
    _require_name(place, settings)
    _require_open(place, settings, connect_seconds)
    with connected(settings) as connection, answered(f"Redshift at {place}", settings):
        with connection.cursor() as cursor:
            cursor.execute(f"SET statement_timeout TO {QUERY_LIMIT_SECONDS * 1000}")
            cursor.execute(QUERY)
            user, database = cursor.fetchone() or ("", "")
    return WarehouseAnswer(place, user, database, time.monotonic() - began)


def _require_name(place: str, settings: Settings) -> None:
    try:
        socket.getaddrinfo(settings.redshift_host, settings.redshift_port)
    except socket.gaierror as error:
        if error.errno in _LATER:
            raise WarehouseUnavailable(
                f"Redshift at {place}: its name was not looked up: no name server answered. Check "
                "the network of this run (DNS of the VPC, outbound rules), then run again."
            ) from None
        raise SettingsInvalid(
            f"Redshift at {place}: no host of this name was found. Correct REDSHIFT_HOST, and look "
            "whether the warehouse still exists."
        ) from None


def _require_open(place: str, settings: Settings, connect_seconds: float) -> None:
    """Raise unless somebody listens, and say how the door is closed."""
    where = (settings.redshift_host, settings.redshift_port)
    try:
        socket.create_connection(where, connect_seconds).close()
    except TimeoutError:
        raise WarehouseUnavailable(
            f"Redshift at {place}: no answer to a connection within {connect_seconds:g} s. So do "
            "allow lists: this run's address is probably not on that of the warehouse (the inbound "
            "rules of its security group), or the warehouse is not publicly accessible, or paused. "
            "Compare its rules with the address of this run, then run again."
        ) from None
    except ConnectionRefusedError:
        raise WarehouseUnavailable(
            f"Redshift at {place}: the connection was refused: there is a host, and nothing listens "
            "on this port. Check REDSHIFT_PORT, and whether the warehouse is paused; then run again."
        ) from None
    except OSError as error:
        raise WarehouseUnavailable(
            f"Redshift at {place}: there is no way to it ({type(error).__name__}, "
            f"{error.strerror}). Check the routes and outbound rules of this run, then run again."
        ) from None
