"""What is passed on, translated, carried out; and that plain statements are not touched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infrastructure.local.redshift.statements import plan
from infrastructure.local.redshift.steps import Action, Forward, Settings
from infrastructure.local.redshift.translation import translate

PLAIN = [
    "SELECT 1",
    "select a.b, c from s.t a where a.b = 'DATEADD(x)' and \"lower\" is null;",
    "INSERT INTO t VALUES (1, 'it''s; fine', E'\\'')",
    "BEGIN",
    "SELECT pg_catalog.version(); SELECT 2;",
    "SELECT n.nspname FROM pg_namespace n JOIN pg_user u ON u.usesysid = n.nspowner",
    "COPY t FROM STDIN",
    "UPDATE t SET a = 1 FROM s WHERE s.id = t.id",
    "SELECT public.t.a FROM public.t",
    "SELECT count(*) FROM a, public.b WHERE a.x = b.x",
    "WITH w AS (SELECT 1 AS x) SELECT w.x, max(w.x) FROM w",
    "SELECT max(a), min(b.c) FROM b",
    "GRANT SELECT ON t TO GROUP g",
    "",
    "-- nothing",
    "SELECT 'broken",
    "\xff\xfe",
]


@pytest.mark.parametrize("sql", PLAIN)
def test_plain_statements_are_not_touched(sql: str) -> None:
    """The very bytes that the client sent go on."""
    sent = sql.encode("latin-1")
    [step] = plan(sent, Settings())
    assert isinstance(step, Forward)
    assert step.sql is sent


@given(st.text())
def test_any_text_gets_a_plan(text: str) -> None:
    """No query string breaks the front: PostgreSQL says what is wrong with it."""
    assert plan(text.encode("utf-8", "surrogatepass"), Settings())


@pytest.mark.parametrize(
    ("sql", "kinds"),
    [
        ("COPY t FROM 's3://b/k' IAM_ROLE 'x'", [Action]),
        ("UNLOAD ('SELECT 1') TO 's3://b/k' IAM_ROLE 'x'", [Action]),
        ("TRUNCATE t", [Action]),
        ("CREATE TABLE t (a int)", [Forward]),
        ("CREATE TABLE t (a int DISTKEY)", [Action]),
        ("SELECT 1; SELECT 2; TRUNCATE t; SELECT 3", [Forward, Action, Forward]),
        ("DROP TABLE a; CREATE TABLE b (a text)", [Forward]),
    ],
)
def test_statements_are_sorted(sql: str, kinds: list[type]) -> None:
    """Neighbours for PostgreSQL become one string; own actions stand alone."""
    assert [type(step) for step in plan(sql.encode(), Settings())] == kinds


@pytest.mark.parametrize(
    ("sql", "translated"),
    [
        ("SELECT DATEADD(day, 1, x)", "SELECT DATEADD('day', 1, x)"),
        ("SELECT sysdate, t.sysdate FROM t", "SELECT pg_catalog.sysdate(), t.sysdate FROM t"),
        ("SELECT TOP 5 a FROM t", "SELECT  a FROM t LIMIT 5"),
        ("SELECT 1 MINUS SELECT 2", "SELECT 1 EXCEPT SELECT 2"),
        ("SELECT decode(x, 'hex')", "SELECT decode(x, 'hex')"),
        ('SELECT "Ab" FROM "T"', 'SELECT "ab" FROM "t"'),
        ("SELECT x::varchar(max)", "SELECT x::varchar(65535)"),
        ("SELECT a.b.c FROM a", "SELECT (a.b -> 'c') AS \"c\" FROM a"),
        ("SELECT a.b[0] x FROM a", "SELECT (a.b -> 0) x FROM a"),
        (
            "SELECT e.x::int AS x FROM a, a.list AS e",
            "SELECT (e.e -> 'x')::int AS x FROM a, pg_catalog.super_elements(a.list) AS e(e)",
        ),
        ("DELETE t WHERE a = 1", "DELETE FROM t WHERE a = 1"),
    ],
)
def test_only_what_differs_is_changed(sql: str, translated: str) -> None:
    """The rest of the statement stays as it was written."""
    assert translate(sql) == translated
