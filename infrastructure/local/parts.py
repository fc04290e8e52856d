"""The parts of a stack, each one process. A new service is one more entry in `parts_of`."""

import http.client
import os
import signal
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass, field

import psycopg2

from infrastructure.local import postgres
from infrastructure.local.addresses import DATABASE, LOOPBACK, Addresses
from infrastructure.local.folder import Folder

PROBE_TIMEOUT_SECONDS = 2.0

FOREIGN = ("PREFECT_", "AWS_", "REDSHIFT_", "PG", "MOTO_", "S3_", "FRONT_", "VAN_", "LOCAL_")
"""Variables of the caller that must not bend a part: it gets its own instead."""


@dataclass(frozen=True)
class Part:
    """One process of the stack.

    Attributes:
        name: as it appears in `status`, and of its log file.
        command: arguments; the first is the program.
        ready: asks whether the part does its work; an OSError means not yet.
        port: where it listens on loopback; None: on a Unix socket.
        environment: variables beside those of the caller.
        after: the part that has to be ready first.
        user, group: whom it runs as; None: the present user.
        stop_signal: ends it cleanly.
    """

    name: str
    command: list[str]
    ready: Callable[[], bool]
    port: int | None = None
    environment: dict[str, str] = field(default_factory=dict)
    after: str | None = None
    user: int | None = None
    group: int | None = None
    stop_signal: signal.Signals = signal.SIGTERM


def parts_of(folder: Folder, addresses: Addresses, *, prefect: bool) -> list[Part]:
    """Return every part of a stack, in no order of importance."""
    found = [
        _postgres(folder),
        _redshift(folder, addresses),
        _aws(folder, addresses),
        _everyaction(folder, addresses),
        _feeds(addresses),
    ]
    return [*found, _prefect(folder, addresses)] if prefect else found


def clean_environment() -> dict[str, str]:
    """Return the caller's variables without those that would bend a part."""
    return {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}


def _postgres(folder: Folder) -> Part:
    user = postgres.owner()

    def ready() -> bool:
        try:
            postgres.create_databases(folder)
        except psycopg2.OperationalError:
            return False
        return True

    return Part(
        postgres.POSTGRES,
        postgres.command(folder),
        ready,
        user=user.pw_uid if user else None,
        group=user.pw_gid if user else None,
        stop_signal=postgres.FAST_SHUTDOWN,
    )


def _redshift(folder: Folder, addresses: Addresses) -> Part:
    port = addresses.redshift_port
    where = ["--port", str(port), "--socket-dir", str(folder.sockets), "--database", DATABASE]
    return Part(
        "redshift",
        _module("infrastructure.local.redshift", *where),
        lambda: _accepts(port),
        port=port,
        environment={
            **addresses.aws,
            "FRONT_USERNAME": addresses.redshift["REDSHIFT_USERNAME"],
            "FRONT_PASSWORD": addresses.password,
        },
        after=postgres.POSTGRES,
    )


def _aws(folder: Folder, addresses: Addresses) -> Part:
    port = addresses.aws_port
    return Part(
        "aws",
        _module("infrastructure.local.aws", "--port", str(port), "--objects", str(folder.objects)),
        lambda: _answers(port, "/moto-api/data.json"),
        port=port,
        # A service that is updated gets its task, as a worker's does; moto leaves it without one.
        environment={**addresses.aws, "MOTO_ECS_SERVICE_RUNNING": "1"},
    )


def _everyaction(folder: Folder, addresses: Addresses) -> Part:
    port = addresses.everyaction_port
    where = ["--port", str(port), "--data", str(folder.everyaction)]
    return Part(
        "everyaction",
        _module("infrastructure.local.everyaction", *where),
        lambda: _answers(port, "/_local/health"),
        port=port,
        environment={"LOCAL_API_KEY": addresses.api_key},
    )


def _feeds(addresses: Addresses) -> Part:
    port = addresses.feeds_port
    return Part(
        "feeds",
        _module("infrastructure.local.feeds", "--port", str(port)),
        lambda: _answers(port, "/_local/health"),
        port=port,
    )


def _prefect(folder: Folder, addresses: Addresses) -> Part:
    port = addresses.prefect_port
    where = ["--port", str(port), "--socket-dir", str(folder.sockets), "--home"]
    return Part(
        "prefect",
        _module("infrastructure.local.prefect_server", *where, str(folder.prefect)),
        lambda: _answers(port, "/api/health"),
        port=port,
        after=postgres.POSTGRES,
    )


def _module(name: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", name, *arguments]


def _accepts(port: int) -> bool:
    with socket.create_connection((LOOPBACK, port), timeout=PROBE_TIMEOUT_SECONDS):
        return True


def _answers(port: int, path: str) -> bool:
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=PROBE_TIMEOUT_SECONDS)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == http.client.OK
    except http.client.HTTPException:
        return False
    finally:
        connection.close()
