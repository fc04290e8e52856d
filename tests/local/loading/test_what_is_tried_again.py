"""What passes by itself is told apart from what a person has to mend: only the first is retried."""

import socket
from concurrent.futures import ThreadPoolExecutor

import pytest

from infrastructure.local.stack import Stack
from tests.clients import connect
from tests.faults import Moment, statement_proxy, until
from tests.local.warehouse import Ask, Stage
from utilities.errors import FlowError, TryAgain
from utilities.redshift import LoadOptions, load
from utilities.redshift.connection import connected
from utilities.redshift.refusals import explained
from utilities.references import TableName
from utilities.settings import Settings

UPSERT = LoadOptions(mode="upsert", key=("id",))


def test_rows_that_another_transaction_changed(
    stack: Stack, stage: Stage, ask: Ask, settings: Settings, schema: str
) -> None:
    """Redshift's error 1023: nothing is loaded, and the second try succeeds."""
    table = TableName(schema, "contended")
    load(stage("id,name\n1,old\n", name="first.csv"), table, UPSERT, settings)
    staged, other = stage("id,name\n1,new\n"), connect(stack)
    other.autocommit = False
    try:
        with other.cursor() as cursor, ThreadPoolExecutor(1) as pool:
            cursor.execute(f"UPDATE {table} SET name = 'theirs'")
            attempt = pool.submit(load, staged, table, UPSERT, settings)
            until(
                lambda: ask("SELECT COUNT(*) > 0 FROM pg_locks WHERE NOT granted") == [(True,)],
                "the load waits for the other transaction",
            )
            other.commit()
            with pytest.raises(TryAgain, match="1023"):
                attempt.result(60)
    finally:
        other.close()
    assert ask(f"SELECT name FROM {table}") == [("theirs",)]
    assert load(staged, table, UPSERT, settings).rows_updated == 1


def test_a_refused_connection(stage: Stage, settings: Settings, schema: str) -> None:
    """Nobody listens, for now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nowhere = settings.model_copy(update={"redshift_port": free.getsockname()[1]})
    with pytest.raises(TryAgain):
        load(stage("id\n1\n"), TableName(schema, "t"), LoadOptions(), nowhere)


@pytest.mark.parametrize("statement", ["COPY", "INSERT", "COMMIT"])
def test_a_lost_connection(stage: Stage, settings: Settings, schema: str, statement: str) -> None:
    """Cut at the copy, in the transaction, and at its end."""
    table, staged = TableName(schema, "lost"), stage("id\n1\n")
    with statement_proxy(settings, Moment(statement, "before")) as proxy:
        with pytest.raises(TryAgain):
            load(staged, table, LoadOptions(), proxy.settings(settings))
    assert not load(staged, table, LoadOptions(), settings).already_loaded


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT 1 / 0",
        "SELECT * FROM nowhere.nothing",
        "SELECT FROM WHERE",
        "SELECT 'x'::INTEGER",
        "CREATE SCHEMA prefect_flows",
        "BEGIN; VACUUM",
        "SET statement_timeout = 1; SELECT COUNT(*) FROM pg_class a, pg_class b, pg_class c",
        "COPY nowhere FROM 's3://bucket/key' CREDENTIALS 'aws_access_key_id=a'",
    ],
)
def test_everything_else_is_for_a_person(
    stage: Stage, settings: Settings, schema: str, statement: str
) -> None:
    """Wrong values, names, rights and statements fail the same way each time."""
    load(stage("id\n1\n"), TableName(schema, "t"), LoadOptions(), settings)
    with pytest.raises(FlowError) as caught:
        with connected(settings) as connection, explained("here", settings):
            with connection.cursor() as cursor:
                cursor.execute(statement)
    assert not isinstance(caught.value, TryAgain)
