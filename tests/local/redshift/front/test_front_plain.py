"""Plain statements mean what they mean to PostgreSQL, through any number of connections."""

import io
from collections.abc import Callable
from typing import Any

import psycopg2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.local.redshift.front.clients import Client

TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=300)


def test_values_of_every_type_come_back(client: Client) -> None:
    """Numbers, times, truth values and nulls arrive as PostgreSQL sent them."""
    row = client.run("SELECT 1, 2.50, 'x', true, NULL, DATE '2024-02-29', 1e300::float8")[0]
    assert [str(value) for value in row] == [
        "1", "2.50", "x", "True", "None", "2024-02-29", "1e+300",
    ]  # fmt: skip


def test_any_text_makes_the_round_trip(client: Client) -> None:
    """Whatever a text holds (quotes, semicolons, comments, emoji), it comes back the same."""

    @settings(max_examples=150, deadline=None)
    @given(TEXT)
    def check(text: str) -> None:
        assert client.run("SELECT %s::varchar(65535)", [text]) == [(text,)]

    check()


def test_rows_larger_than_any_buffer_arrive_whole(client: Client) -> None:
    """A value of 5 MB between small ones is not torn."""
    rows = client.run("SELECT 1, repeat('ä', 2500000) UNION ALL SELECT 2, 'end' ORDER BY 1")
    assert [(number, len(text)) for number, text in rows] == [(1, 2_500_000), (2, 3)]


def test_a_statement_of_several_megabytes_is_taken(client: Client) -> None:
    """An INSERT of 4 MB with semicolons in its texts is one statement."""
    client.run("CREATE TABLE t (v varchar(max))")
    values = ", ".join(["('" + "a;b'';" * 2000 + "')"] * 300)
    client.run(f"INSERT INTO t VALUES {values}")
    assert client.run("SELECT count(*), max(len(v)) FROM t") == [(300, 2000 * 5)]


def test_every_statement_of_a_string_is_answered(client: Client) -> None:
    """The rows of the last statement come back; the others ran."""
    rows = client.run("CREATE TEMP TABLE t (i int); INSERT INTO t VALUES (1), (2); SELECT * FROM t")
    assert rows == [(1,), (2,)]


def test_an_error_of_postgresql_keeps_its_code_and_place(client: Client) -> None:
    """The client learns where in its own text the mistake is."""
    error = client.refused("SELECT 1 FROM nowhere")
    assert error.pgcode == "42P01"
    assert error.diag.statement_position == "15"


def test_rows_stream_in_and_out(client: Client) -> None:
    """COPY FROM STDIN and TO STDOUT pass through."""
    client.run("CREATE TEMP TABLE t (i int, v varchar(10))")
    lines = "".join(f"{i},v{i}\n" for i in range(20_000))
    with client.connection.cursor() as cursor:
        cursor.copy_expert("COPY t FROM STDIN CSV", io.StringIO(lines))
        assert cursor.rowcount == 20_000
        out = io.StringIO()
        cursor.copy_expert("COPY (SELECT * FROM t ORDER BY i) TO STDOUT CSV", out)
    assert out.getvalue() == lines


def test_a_cursor_fetches_in_steps(client: Client) -> None:
    """Server-side cursors work inside a transaction."""
    client.connection.autocommit = False
    with client.connection.cursor("steps") as cursor:
        cursor.execute("SELECT i FROM generate_series(1, 5000) i")
        assert len(cursor.fetchmany(100)) == 100
        assert len(cursor.fetchall()) == 4900


def test_many_connections_do_not_mix(connect: Callable[[], Client]) -> None:
    """Each of 20 clients has its own session, temporary tables included."""
    clients = [connect() for _ in range(20)]
    for number, one in enumerate(clients):
        one.run(f"CREATE TEMP TABLE mine AS SELECT {number} AS i")
    assert [one.value("SELECT i FROM mine") for one in clients] == list(range(20))


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        ({"password": "wrong"}, 'password authentication failed for user "awsuser"'),
        ({"user": "somebody"}, 'password authentication failed for user "somebody"'),
        ({"dbname": "elsewhere"}, 'database "elsewhere" does not exist'),
        ({"dbname": "prefect"}, 'database "prefect" does not exist'),
    ],
)
def test_who_may_not_connect_is_told_why(
    address: dict[str, Any], changed: dict[str, str], text: str
) -> None:
    """A wrong password, user or database is refused, and the password is not repeated."""
    with pytest.raises(psycopg2.OperationalError, match="FATAL") as caught:
        psycopg2.connect(**(address | changed))
    assert text in str(caught.value)
    assert address["password"] not in str(caught.value)


def test_a_client_that_asks_for_tls_is_answered(address: dict[str, Any]) -> None:
    """`prefer` goes on without TLS; `require` fails with libpq's own message."""
    psycopg2.connect(**address, sslmode="prefer").close()
    with pytest.raises(psycopg2.OperationalError, match="does not support SSL"):
        psycopg2.connect(**address, sslmode="require")
