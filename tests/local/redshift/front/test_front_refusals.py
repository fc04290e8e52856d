"""What cannot be carried out is refused with what is missing, never done in another meaning."""

import pytest
from psycopg2 import extensions

from tests.local.redshift.front.clients import Client

REFUSED = [
    ("CREATE INDEX i ON t (a)", "CREATE INDEX is not supported"),
    ("CREATE UNIQUE INDEX i ON t (a)", "CREATE UNIQUE is not supported"),
    ("CREATE TRIGGER x BEFORE INSERT ON t EXECUTE FUNCTION f()", "CREATE TRIGGER is not supported"),
    ("CREATE TYPE e AS ENUM ('a')", "CREATE TYPE is not supported"),
    ("CREATE SEQUENCE s", "CREATE SEQUENCE is not supported"),
    ("CREATE EXTENSION vector", "CREATE EXTENSION is not supported"),
    ("CREATE EXTERNAL TABLE x (a int)", "CREATE EXTERNAL is not available"),
    ("CREATE DATABASE other", "CREATE DATABASE is not available"),
    ("CREATE VIEW v AS SELECT 1 WITH NO SCHEMA BINDING", "WITH NO SCHEMA BINDING is not available"),
    ("CREATE TABLE x (a int[])", 'unsupported type "array"'),
    ("CREATE TABLE x (a serial)", 'Column "x.a" has unsupported type "serial".'),
    ("CREATE TABLE x (a jsonb)", 'Column "x.a" has unsupported type "jsonb".'),
    ("CREATE TABLE x (a uuid)", 'Column "x.a" has unsupported type "uuid".'),
    ("CREATE TABLE x (a geometry)", "The type GEOMETRY is not available"),
    ("CREATE TABLE x (a int CHECK (a > 1))", "A CHECK constraint is not supported"),
    ("CREATE TABLE x (a int, b int GENERATED ALWAYS AS (a) STORED)", "A generated column"),
    ("CREATE TABLE x (a int) PARTITION BY RANGE (a)", "is not available"),
    ("CREATE TABLE x (a int) INHERITS (t)", "is not available"),
    ("CREATE TABLE x (a varchar(65536))", "length for type varchar cannot exceed 65535"),
    ("INSERT INTO t VALUES (1) ON CONFLICT DO NOTHING", "ON CONFLICT is not supported"),
    ("INSERT INTO t VALUES (1) RETURNING a", "RETURNING is not supported"),
    ("DELETE FROM t WHERE a = 1 RETURNING a", "RETURNING is not supported"),
    ("SELECT * FROM t FOR UPDATE", "SELECT ... FOR UPDATE is not supported"),
    ("DO $$ BEGIN END $$", "DO is not supported"),
    ("LISTEN x", "LISTEN is not supported"),
    ("ANALYZE COMPRESSION t", "ANALYZE COMPRESSION is not available"),
]


@pytest.mark.parametrize(("statement", "text"), REFUSED)
def test_refused(client: Client, statement: str, text: str) -> None:
    """Each names what is missing; nothing of PostgreSQL's inside shows."""
    client.run("CREATE TABLE t (a int)")
    error = client.refused(statement)
    assert text in str(error)
    assert error.pgcode in ("0A000", "22023")
    assert error.diag.context is None


def test_a_refusal_in_a_string_stops_the_rest(client: Client) -> None:
    """What came before it is undone with it, as for any error."""
    client.run("CREATE TABLE t (a int)")
    client.refused("INSERT INTO t VALUES (1); CREATE INDEX i ON t (a); INSERT INTO t VALUES (2)")
    assert client.value("SELECT count(*) FROM t") == 0
    assert client.connection.info.transaction_status == extensions.TRANSACTION_STATUS_IDLE
