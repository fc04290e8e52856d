"""Connect to Redshift: verified TLS, a time limit, and errors that say what to mend."""

import ipaddress
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from typing import Any

import psycopg2
from psycopg2.extensions import connection as Connection

from utilities.errors import AccessDenied, WarehouseUnavailable
from utilities.redshift.greeting import first_answer
from utilities.redshift.refusals import is_passing, without_secrets
from utilities.settings import Settings

CONNECT_TIMEOUT_SECONDS = 15

KEEPALIVE: dict[str, Any] = {
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}
"""Notices within a minute that the other side is gone, and keeps a firewall from forgetting a
connection on which a long COPY says nothing. The last one in milliseconds, the others in seconds.
https://docs.aws.amazon.com/redshift/latest/mgmt/connecting-drop-issues.html
"""


@contextmanager
def connected(settings: Settings) -> Iterator[Connection]:
    """Open a connection in autocommit mode and close it at the end of the block.

    Raises:
        WarehouseUnavailable: nothing answers at the address.
        AccessDenied: the login was refused.
    """
    connection = _connect(settings)
    connection.autocommit = True
    try:
        yield connection
    finally:
        connection.close()


@contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """Commit what happens in the block as one, or nothing of it."""
    connection.autocommit = False
    try:
        yield
        connection.commit()
    except BaseException:
        if not connection.closed:
            connection.rollback()
        raise
    finally:
        if not connection.closed:
            connection.autocommit = True


def _connect(settings: Settings) -> Connection:
    try:
        connection: Connection = psycopg2.connect(
            host=settings.redshift_host,
            port=settings.redshift_port,
            dbname=settings.redshift_db,
            user=settings.redshift_username,
            password=settings.redshift_password.get_secret_value(),
            connect_timeout=CONNECT_TIMEOUT_SECONDS,
            application_name=settings.deployment_name or "prefect-flows",
            **KEEPALIVE,
            **tls_options(settings.redshift_host),
        )
        return connection
    except psycopg2.OperationalError as error:
        said = " ".join(without_secrets(str(error), settings).split())
    where = f"Redshift at {settings.redshift_host}:{settings.redshift_port}"
    answer = first_answer(
        (settings.redshift_host, settings.redshift_port),
        settings.redshift_username,
        settings.redshift_db,
        bundle=tls_options(settings.redshift_host).get("sslrootcert"),
        timeout_seconds=CONNECT_TIMEOUT_SECONDS,
    )
    if answer is None:
        raise WarehouseUnavailable(
            f"{where} does not answer ({said}). Check REDSHIFT_HOST and REDSHIFT_PORT, that the "
            "cluster is running, and that this machine's address is on its allow list."
        )
    if is_passing(answer):
        raise WarehouseUnavailable(f"{where} takes no connection now ({said}). Run again.")
    raise AccessDenied(
        f"{where} refused {settings.redshift_username!r} the database {settings.redshift_db!r} "
        f"({said}). Check REDSHIFT_USERNAME, REDSHIFT_PASSWORD and REDSHIFT_DB."
    )


def tls_options(host: str) -> dict[str, Any]:
    """Verify the server's certificate and name, except on this machine, where nobody listens in."""
    if _is_loopback(host):
        return {"sslmode": "prefer"}
    bundle = files("sqlalchemy_redshift").joinpath("redshift-ca-bundle.crt")
    return {"sslmode": "verify-full", "sslrootcert": str(bundle)}


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
