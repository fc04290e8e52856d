"""What runs can be stopped, and what broke on one side leaves the other standing."""

import socket
import threading
from collections.abc import Callable
from typing import Any

import psycopg2
import psycopg2.extras
import pytest

from tests.local.redshift.front.clients import Client

RUNNING = """
SELECT count(*) FROM pg_stat_activity
WHERE query LIKE %s AND state = 'active' AND pid <> pg_backend_pid()
"""


def wait_until(condition: Callable[[], bool]) -> None:
    """Ask again and again; each time costs a round trip, so that this is bounded."""
    for _ in range(200_000):
        if condition():
            return
    raise AssertionError("it did not happen")


def is_running(watcher: Client, mark: str) -> bool:
    return watcher.run(RUNNING, [f"%/* {mark} */%"]) == [(1,)]


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT /* cancelled */ pg_sleep(60)",
        "CREATE TABLE made DISTSTYLE EVEN AS SELECT /* cancelled */ pg_sleep(60)::text AS x",
    ],
    ids=["passed on", "carried out"],
)
def test_a_cancel_request_stops_the_statement(
    client: Client, connect: Callable[[], Client], statement: str
) -> None:
    """psycopg2's cancel() ends what runs, in PostgreSQL too, and the session goes on."""
    watcher = connect()

    def stop() -> None:
        wait_until(lambda: is_running(watcher, "cancelled"))
        client.connection.cancel()

    stopper = threading.Thread(target=stop)
    stopper.start()
    error = client.refused(statement)
    stopper.join()
    assert error.pgcode == "57014"
    assert client.value("SELECT 1") == 1
    assert not is_running(watcher, "cancelled")


def test_a_client_that_vanishes_takes_its_statement_along(
    client: Client, address: dict[str, Any]
) -> None:
    """A connection that is cut in the middle of a query leaves none behind for long."""
    gone = psycopg2.connect(**address, async_=1)
    psycopg2.extras.wait_select(gone)
    gone.cursor().execute("SELECT /* vanished */ pg_sleep(60)")
    wait_until(lambda: is_running(client, "vanished"))
    with socket.socket(fileno=gone.fileno()) as raw:
        raw.shutdown(socket.SHUT_RDWR)
        raw.detach()
    gone.close()
    wait_until(lambda: not is_running(client, "vanished"))


def test_what_was_sent_is_finished(
    connect: Callable[[], Client], address: dict[str, Any], schema: str
) -> None:
    """A client that sends COMMIT and vanishes has committed, as with PostgreSQL."""
    watcher = connect()
    watcher.run("CREATE TABLE t (i int)")
    gone = psycopg2.connect(**address, options=f"-c search_path={schema}")
    gone.cursor().execute("INSERT INTO t SELECT generate_series(1, 1000)")
    with socket.socket(fileno=gone.fileno()) as raw:
        raw.sendall(b"Q\0\0\0\x0bCOMMIT\0")
        raw.shutdown(socket.SHUT_RDWR)
        raw.detach()
    gone.close()
    wait_until(lambda: bool(watcher.value("SELECT count(*) = 1000 FROM t")))


def test_a_lost_backend_is_told(client: Client, connect: Callable[[], Client]) -> None:
    """When PostgreSQL ends a session, its client gets an error, and others go on."""
    other = connect()
    other.run("SELECT pg_terminate_backend(%s)", [client.value("SELECT pg_backend_pid()")])
    with pytest.raises(psycopg2.OperationalError):
        client.run("SELECT 1")
    assert other.value("SELECT 1") == 1


@pytest.mark.parametrize(
    "noise",
    [
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"\0\0\0\4",
        b"\0\0\0\x08\0\0\0\0",
        b"\xff" * 100,
        b"\0\0\0\x09\0\3\0\0\0",
        b"\0\0\0\x10\x04\xd2\x16\x2e\0\0\0\1\0\0\0\1",
    ],
)
def test_noise_does_no_harm(client: Client, address: dict[str, Any], noise: bytes) -> None:
    """Something else than a PostgreSQL client is let go, and the server stands."""
    with socket.create_connection((address["host"], int(address["port"])), timeout=10) as raw:
        raw.sendall(noise)
        raw.shutdown(socket.SHUT_WR)
        while raw.recv(1000):
            pass
    assert client.value("SELECT 1") == 1
