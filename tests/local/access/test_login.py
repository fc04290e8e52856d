"""A login that fails: what a person has to mend is told from what passes by itself.

A PostgreSQL of its own, on TCP, says what a cluster says that is full or restarting.
"""

import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import psycopg2
import pytest
from psycopg2 import errorcodes

from infrastructure.local import postgres
from infrastructure.local.folder import Folder
from tests.faults import statement_proxy, until
from tests.local.stack.conftest import folder_with_a_space
from utilities.errors import AccessDenied, WarehouseUnavailable
from utilities.redshift.connection import connected
from utilities.redshift.greeting import ASKS_FOR_PASSWORD, first_answer
from utilities.settings import Settings

PASSWORD = "right-password"
SEATS = 3


class Server:
    """A PostgreSQL server on a port of loopback."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        user = postgres.owner()
        self.process = subprocess.Popen(
            [
                *(*postgres.command(folder), "-p", str(self.port)),
                *("-c", "listen_addresses=127.0.0.1"),
                *("-c", f"max_connections={SEATS}", "-c", "superuser_reserved_connections=0"),
            ],
            user=user.pw_uid if user else None,
            group=user.pw_gid if user else None,
            extra_groups=[] if user else None,
            stderr=subprocess.DEVNULL,
        )

    def settings(self, **changes: str | int) -> Settings:
        """Settings that lead to it."""
        return Settings.model_validate(
            {
                "redshift_host": "127.0.0.1",
                "redshift_port": self.port,
                "redshift_db": "postgres",
                "redshift_username": "postgres",
                "redshift_password": PASSWORD,
                "s3_temp_bucket": "unused",
                **changes,
            }
        )

    @property
    def login(self) -> dict[str, Any]:
        """How psycopg2 reaches it."""
        names = {"user": "postgres", "password": PASSWORD, "dbname": "postgres"}
        return {"host": "127.0.0.1", "port": self.port, **names}

    def is_ready(self) -> bool:
        """Whether it takes connections; gives the user its password."""
        try:
            connection = psycopg2.connect(
                host=str(self.folder.sockets), port=self.port, user="postgres", dbname="postgres"
            )
        except psycopg2.OperationalError:
            return False
        with closing(connection), connection, connection.cursor() as cursor:
            cursor.execute("ALTER ROLE postgres PASSWORD %s", [PASSWORD])
        return True


@pytest.fixture
def server() -> Iterator[Server]:
    """A running server, with passwords asked for on TCP."""
    with folder_with_a_space() as place:
        folder = Folder(place / "data")
        folder.prepare()
        postgres.prepare(folder)
        rules = folder.postgres / "pg_hba.conf"
        rules.write_text("local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n")
        running = Server(folder)
        try:
            until(running.is_ready, "the server takes connections")
            yield running
        finally:
            running.process.send_signal(signal.SIGQUIT)
            running.process.wait()
            folder.sockets.rmdir()


def answer(server: Server) -> str | None:
    """What the server answers the first message of a login."""
    return first_answer(
        ("127.0.0.1", server.port), "postgres", "postgres", bundle=None, timeout_seconds=10
    )


def test_wrong_words_are_for_a_person(server: Server) -> None:
    """A wrong password or database is refused for good; the message names settings, not values."""
    for wrong in ({"redshift_password": "planted-wrong"}, {"redshift_db": "nowhere"}):
        with pytest.raises(AccessDenied, match="Check REDSHIFT_USERNAME, REDSHIFT_PASS") as caught:
            with connected(server.settings(**wrong)):
                pass
        assert "planted-wrong" not in str(caught.value)


def test_a_full_or_closing_server_is_asked_again_later(server: Server) -> None:
    """Too many connections, and a shutdown: "run again"."""
    assert answer(server) == ASKS_FOR_PASSWORD
    seats = [psycopg2.connect(**server.login) for _ in range(SEATS)]
    with pytest.raises(WarehouseUnavailable, match="takes no connection now"):
        with connected(server.settings()):
            pass
    assert answer(server) == errorcodes.TOO_MANY_CONNECTIONS
    for seat in seats[1:]:
        seat.close()
    server.process.send_signal(signal.SIGTERM)
    until(lambda: answer(server) == errorcodes.CANNOT_CONNECT_NOW, "the server is closing")
    with pytest.raises(WarehouseUnavailable, match="takes no connection now"):
        with connected(server.settings()):
            pass
    seats[0].close()


def test_a_door_that_closes_at_once(server: Server) -> None:
    """Something accepts the connection and drops it, as a load balancer does: try again."""
    settings = server.settings(redshift_port=9)
    with statement_proxy(settings) as proxy, pytest.raises(WarehouseUnavailable):
        with connected(proxy.settings(settings)):
            pass
