"""Names: folded to lower case, up to 127 bytes, in any script."""

from collections.abc import Callable

import pytest

from tests.local.redshift.front.clients import Client

LONG = "a_name_that_is_much_longer_than_postgresql_allows_" + "x" * 60
LONG_MULTIBYTE = "Größe_" + "ü" * 55


@pytest.mark.parametrize("name", [LONG, LONG + "y" * 17, LONG_MULTIBYTE.lower(), "n" * 64])
def test_long_names_work_and_are_shown_whole(client: Client, schema: str, name: str) -> None:
    """A table and a column with a name of 64 to 127 bytes are made, read and listed."""
    client.run(f'CREATE TABLE "{name}" (id int, "{name}" varchar(5)) SORTKEY("{name}")')
    client.run(f'INSERT INTO "{name}" ("{name}") VALUES (%s)', ["v"])
    assert client.columns(f'SELECT "{name}", id FROM "{name}"') == [name, "id"]
    assert client.run(f'SELECT t."{name}" FROM "{name}" t') == [("v",)]
    listed = client.run(
        f"SELECT table_name, column_name FROM svv_columns WHERE table_schema = '{schema}'"
        f" AND column_name = '{name}'"
    )
    assert listed == [(name, name)]
    assert client.run(f"SELECT sortkey1 FROM svv_table_info WHERE \"table\" = '{name}'") == [
        (name,)
    ]


def test_long_names_that_differ_at_the_end_stay_apart(client: Client) -> None:
    """PostgreSQL would cut both to the same 63 bytes."""
    client.run(f"CREATE TABLE t ({LONG}1 int, {LONG}2 int)")
    client.run(f"INSERT INTO t ({LONG}2) VALUES (2)")
    assert client.run(f"SELECT {LONG}1, {LONG}2 FROM t") == [(None, 2)]


def test_a_long_name_is_known_to_other_sessions(
    client: Client, connect: Callable[[], Client]
) -> None:
    """What one client named, another reads."""
    client.run(f"CREATE TABLE t ({LONG} int)")
    assert connect().columns("SELECT * FROM t") == [LONG]


def test_a_name_over_127_bytes_is_refused(client: Client) -> None:
    """The message holds the length and the limit."""
    error = client.refused(f"CREATE TABLE {'t' * 128} (id int)")
    assert error.pgcode == "42622"
    assert "is 128 bytes, the maximum is 127" in str(error)


def test_quoted_names_are_folded(client: Client) -> None:
    """ "Name" is name, unless enable_case_sensitive_identifier is on."""
    client.run('CREATE TABLE "Mixed" ("Id" int, "name with Space" int)')
    assert client.columns('SELECT "ID", "Name with Space" FROM MIXED') == ["id", "name with space"]
    assert client.columns('SELECT 1 AS "Result"') == ["result"]


def test_case_can_be_kept(client: Client) -> None:
    """With enable_case_sensitive_identifier, quoted names are as they were written."""
    client.run("SET enable_case_sensitive_identifier TO true")
    assert client.columns('SELECT 1 AS "Result"') == ["Result"]
    client.run("RESET enable_case_sensitive_identifier")
    assert client.columns('SELECT 1 AS "Result"') == ["result"]


def test_text_that_looks_like_a_name_is_left_alone(client: Client) -> None:
    """Capital letters and long words inside of texts and comments stay."""
    text = '"Quoted" ' + "w" * 70
    assert client.run(f'SELECT $${text}$$, \'{text}\' /* "X" {"y" * 70} */ -- "Z"') == [
        (text, text)
    ]


def test_a_number_sign_makes_a_temporary_table(client: Client) -> None:
    """#name is seen by its own session only."""
    client.run("CREATE TABLE #mine (i int)")
    client.run("SELECT 7 AS i INTO #other")
    assert client.run("SELECT * FROM #mine") == []
    kinds = "SELECT relpersistence FROM pg_class WHERE relname IN ('#mine', '#other')"
    assert client.run(kinds) == [("t",), ("t",)]
