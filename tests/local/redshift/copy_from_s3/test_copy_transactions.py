"""COPY is part of the client's transaction, and says what it did."""

import threading

import psycopg2
import psycopg2.errors
import pytest

from tests.local.redshift.bulk import ROLE, Client, Connect, Place


def test_rows_are_seen_by_others_after_the_commit(connect: Connect, place: Place) -> None:
    """Inside a transaction block only its own client sees the loaded rows; a rollback undoes them."""
    client, other = connect(), connect()
    client.run("CREATE TABLE t (a integer)")
    uri = place.put("a.csv", "1\n2\n")
    for end, left in (("ROLLBACK", 0), ("COMMIT", 2)):
        client.run("BEGIN")
        client.run(f"COPY t FROM '{uri}' {ROLE} CSV")
        assert client.run("SELECT count(*) FROM t") == [(2,)]
        assert other.run("SELECT count(*) FROM t") == [(0,)]
        client.run(end)
        assert other.run("SELECT count(*) FROM t") == [(left,)]


def test_a_table_of_the_same_transaction_can_be_loaded(client: Client, place: Place) -> None:
    """Temporary tables, and tables that are not committed, are found."""
    client.run("BEGIN")
    client.run("CREATE TEMP TABLE staged (a integer, b varchar(9))")
    client.run(f"COPY staged FROM '{place.put('a.csv', '1,x')}' {ROLE} CSV")
    assert client.run("SELECT * FROM staged") == [(1, "x")]
    client.run("ROLLBACK")


def test_a_failed_load_fails_the_transaction(client: Client, place: Place) -> None:
    """After a refused load the block takes nothing but a rollback."""
    client.run("CREATE TABLE t (a integer)")
    client.run("BEGIN")
    client.refused(f"COPY t FROM '{place.put('a.csv', 'x')}' {ROLE} CSV")
    with pytest.raises(psycopg2.errors.InFailedSqlTransaction):
        client.run("SELECT 1")
    client.run("ROLLBACK")
    assert client.run("SELECT 1") == [(1,)]


def test_count_and_id_of_the_last_load(client: Client, place: Place) -> None:
    """pg_last_copy_count() and pg_last_copy_id() tell about the session's last COPY."""
    client.run("CREATE TABLE t (a integer)")
    uri = place.put("a.csv", "1\n2\n3\n")
    client.run(f"COPY t FROM '{uri}' {ROLE} CSV")
    [(count, first)] = client.run("SELECT pg_last_copy_count(), pg_last_copy_id()")
    client.run(f"COPY t FROM '{uri}' {ROLE} CSV COMPUPDATE OFF STATUPDATE ON")
    [(_, second)] = client.run("SELECT pg_last_copy_count(), pg_last_copy_id()")
    assert count == 3 and second > first
    assert any(
        "INFO:  Load into table 't' completed, 3 record(s) loaded successfully." in notice
        for notice in client.connection.notices
    )


def test_a_load_can_be_cancelled(connect: Connect, place: Place) -> None:
    """A cancel request ends a COPY that waits for a lock; the connection goes on."""
    client, other = connect(), connect()
    client.run("CREATE TABLE t (a integer)")
    uri = place.put("a.csv", "1\n")
    other.run("BEGIN")
    other.run("LOCK TABLE t")
    [(session,)] = client.run("SELECT pg_backend_pid()")
    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pid = " + str(session)

    def cancel() -> None:
        while other.run(waiting) == [(0,)]:
            pass
        client.connection.cancel()

    thread = threading.Thread(target=cancel)
    thread.start()
    error = client.refused(f"COPY t FROM '{uri}' {ROLE} CSV")
    thread.join()
    assert error.pgcode == "57014"
    other.run("ROLLBACK")
    assert client.run("SELECT count(*) FROM t") == [(0,)]


def test_options_that_are_not_carried_out_are_refused(client: Client, place: Place) -> None:
    """What is not available is refused by name, what does not exist is a syntax error."""
    client.run("CREATE TABLE t (a integer)")
    uri = place.put("a.csv", "1\n")
    error = client.refused(f"COPY t FROM '{uri}' {ROLE} FIXEDWIDTH 'a:1'")
    assert error.pgcode == "0A000" and "FIXEDWIDTH is not available" in str(error)
    error = client.refused(f"COPY t FROM '{uri}' {ROLE} CSV FASTER")
    assert error.pgcode == "42601" and 'syntax error at or near "FASTER"' in str(error)
    assert client.run("SELECT count(*) FROM t") == [(0,)]


def test_names_of_any_length_and_alphabet(client: Client, place: Place) -> None:
    """Table and columns may have names of 127 bytes, in any case and alphabet."""
    long, odd = "n" * 127, "Größe 1"
    client.run(f'CREATE TABLE "{long}" ("{odd}" integer, {"c" * 100} integer)')
    client.run(f'COPY "{long}" ("{odd}", {"C" * 100}) FROM \'{place.put("a", "1,2")}\' {ROLE} CSV')
    assert client.run(f'SELECT * FROM "{long}"') == [(1, 2)]
