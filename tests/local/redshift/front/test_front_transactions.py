"""Transactions: what commits, what refuses to run in a block, what conflicts."""

from collections.abc import Callable

import pytest
from psycopg2 import extensions

from tests.local.redshift.front.clients import Client


@pytest.fixture
def table(client: Client) -> str:
    """A table with two rows."""
    client.run("CREATE TABLE t (i int, v varchar(10)); INSERT INTO t VALUES (1, 'a'), (2, 'b')")
    return "t"


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("VACUUM t", "VACUUM"),
        ("VACUUM FULL t TO 99 PERCENT", "VACUUM"),
        ("ALTER TABLE t ALTER COLUMN v TYPE varchar(20)", "ALTER TABLE ALTER COLUMN"),
        ("ALTER TABLE t APPEND FROM s", "ALTER TABLE APPEND"),
    ],
)
def test_some_statements_refuse_to_run_in_a_block(
    client: Client, table: str, statement: str, what: str
) -> None:
    """They fail with 25001, and the block is failed with them."""
    client.run("CREATE TABLE s (LIKE t)")
    client.run("BEGIN")
    error = client.refused(statement)
    assert error.pgcode == "25001"
    assert str(error).strip() == f"{what} cannot run inside a transaction block"
    assert client.connection.info.transaction_status == extensions.TRANSACTION_STATUS_INERROR
    client.run("ROLLBACK")
    client.run(statement)


def test_truncate_commits(client: Client, connect: Callable[[], Client], table: str) -> None:
    """What the transaction did before TRUNCATE is there for good; the block is over."""
    client.run("BEGIN")
    client.run("CREATE TABLE made_before (i int)")
    client.run("TRUNCATE t")
    assert client.connection.info.transaction_status == extensions.TRANSACTION_STATUS_IDLE
    other = connect()
    assert other.value("SELECT count(*) FROM t") == 0
    assert other.value("SELECT count(*) FROM made_before") == 0


def test_a_failed_action_undoes_the_block(client: Client, table: str) -> None:
    """After a refusal the block answers nothing but ROLLBACK."""
    client.run("BEGIN")
    client.run("DELETE FROM t")
    client.refused("CREATE INDEX i ON t (i)")
    assert client.refused("SELECT 1").pgcode == "25P02"
    client.run("ROLLBACK")
    assert client.value("SELECT count(*) FROM t") == 2


def test_a_string_of_statements_is_one_transaction(client: Client, table: str) -> None:
    """When one of them fails, none of them happened: also those that the front carries out."""
    client.refused("CREATE TABLE made (i int) DISTKEY(i); DELETE FROM t; SELECT 1/0")
    assert client.value("SELECT count(*) FROM t") == 2
    assert client.value("SELECT count(*) FROM pg_tables WHERE tablename = 'made'") == 0
    client.run("CREATE TABLE made (i int) DISTKEY(i); DELETE FROM t")
    assert client.value("SELECT count(*) FROM made, t") == 0


def test_a_string_with_its_own_block_is_left_to_it(client: Client, table: str) -> None:
    """BEGIN and COMMIT inside of a string mean what they say."""
    client.run("BEGIN; CREATE TABLE made (i int SORTKEY); DELETE FROM t; COMMIT")
    assert client.connection.info.transaction_status == extensions.TRANSACTION_STATUS_IDLE
    assert client.value("SELECT count(*) FROM t") == 0


def test_conflicting_writers_get_error_1023(
    client: Client, connect: Callable[[], Client], table: str
) -> None:
    """The second of two transactions that change the same row has to be tried again."""
    other = connect()
    for one in (client, other):
        one.run("BEGIN")
        one.run("SELECT * FROM t")
    client.run("UPDATE t SET v = 'x' WHERE i = 1")
    client.run("COMMIT")
    error = other.refused("UPDATE t SET v = 'y' WHERE i = 1")
    assert error.pgcode == "XX000"
    assert error.diag.message_primary == "1023"
    assert "Serializable isolation violation on table" in (error.diag.message_detail or "")


def test_a_transaction_sees_one_state(
    client: Client, connect: Callable[[], Client], table: str
) -> None:
    """What others commit meanwhile is not seen (snapshot isolation)."""
    client.run("BEGIN")
    assert client.value("SELECT count(*) FROM t") == 2
    connect().run("INSERT INTO t VALUES (3, 'c')")
    assert client.value("SELECT count(*) FROM t") == 2
    client.run("COMMIT")
    assert client.value("SELECT count(*) FROM t") == 3


def test_lock_keeps_others_out(client: Client, connect: Callable[[], Client], table: str) -> None:
    """LOCK holds until the end of the transaction."""
    client.run("BEGIN")
    client.run("LOCK t")
    other = connect()
    other.run("SET statement_timeout TO 200")
    assert other.refused("INSERT INTO t VALUES (3, 'c')").pgcode == "57014"
    client.run("COMMIT")
    other.run("INSERT INTO t VALUES (3, 'c')")
