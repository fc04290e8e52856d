"""MERGE, and the other ways to change rows from another table."""

import pytest

from tests.local.redshift.front.clients import Client

MERGE = """
MERGE INTO t USING s ON t.id = s.id
WHEN MATCHED THEN UPDATE SET v = s.v
WHEN NOT MATCHED THEN INSERT (id, v) VALUES (s.id, s.v)
"""


@pytest.fixture(autouse=True)
def tables(client: Client) -> None:
    """A target and a source that share one key."""
    client.run("CREATE TABLE t (id int, v varchar(5)); CREATE TEMP TABLE s (LIKE t)")
    client.run("INSERT INTO t VALUES (1, 'a'), (2, 'b'); INSERT INTO s VALUES (2, 'B'), (3, 'C')")


def test_merge_updates_and_inserts(client: Client) -> None:
    """What matches is updated, the rest inserted."""
    client.run(MERGE)
    assert client.run("SELECT * FROM t ORDER BY id") == [(1, "a"), (2, "B"), (3, "C")]


def test_merge_can_delete(client: Client) -> None:
    """WHEN MATCHED THEN DELETE."""
    client.run(
        "MERGE INTO t USING s ON t.id = s.id WHEN MATCHED THEN DELETE"
        " WHEN NOT MATCHED THEN INSERT VALUES (s.id, s.v)"
    )
    assert client.run("SELECT * FROM t ORDER BY id") == [(1, "a"), (3, "C")]


def test_a_row_that_matches_twice_is_an_error(client: Client) -> None:
    """Several source rows for one target row change nothing, with Redshift's message."""
    client.run("INSERT INTO s VALUES (2, 'again')")
    error = client.refused(MERGE)
    assert str(error).strip() == "Found multiple matches to update the same tuple."
    assert client.run("SELECT v FROM t WHERE id = 2") == [("b",)]


@pytest.mark.parametrize(
    ("clauses", "code"),
    [
        ("WHEN MATCHED THEN UPDATE SET v = s.v", "42601"),
        ("WHEN NOT MATCHED THEN INSERT VALUES (s.id, s.v)", "42601"),
        ("REMOVE DUPLICATES", "0A000"),
    ],
)
def test_merge_needs_both_clauses(client: Client, clauses: str, code: str) -> None:
    """Redshift's MERGE has exactly one of each; REMOVE DUPLICATES is not carried out here."""
    assert client.refused(f"MERGE INTO t USING s ON t.id = s.id {clauses}").pgcode == code


def test_delete_using(client: Client) -> None:
    """DELETE with USING, and with FROM left out."""
    client.run("DELETE FROM t USING s WHERE t.id = s.id")
    assert client.run("SELECT id FROM t") == [(1,)]
    client.run("DELETE t")
    assert client.value("SELECT count(*) FROM t") == 0


def test_update_from(client: Client) -> None:
    """UPDATE with FROM."""
    client.run("UPDATE t SET v = s.v FROM s WHERE s.id = t.id")
    assert client.run("SELECT v FROM t ORDER BY id") == [("a",), ("B",)]
