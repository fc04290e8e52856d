"""A file of statements takes effect as a whole, or says which statement stopped it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.local.warehouse import Ask
from utilities.errors import ParameterInvalid, QueryRefused, SourceNotFound
from utilities.redshift.reading import Executed, execute_sql_file
from utilities.settings import Settings

Write = Callable[[str], Path]

FILE = """-- Header: made {{by hand}}; it's no statement.
CREATE TABLE {schema}.{table} (a integer, "b;c" varchar(40) /* not; here */);

INSERT INTO {schema}.{table} VALUES (1, %(text)s), (2, 'semi;colon''s'), (3, '{{"k": 1}} 5%%');
DELETE FROM {schema}.{table} WHERE a = %(gone)s; ;
CREATE PROCEDURE {schema}.clean() AS $$
BEGIN
  DELETE FROM nowhere; -- never runs; only stored
END;
$$ LANGUAGE plpgsql;
SELECT a FROM {schema}.{table}
"""


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a file of statements and return its path."""

    def run(text: str) -> Path:
        path = tmp_path / "a file.sql"
        path.write_text(text, encoding="utf-8")
        return path

    return run


def test_a_whole_file(settings: Settings, ask: Ask, schema: str, write: Write) -> None:
    """Statements are told from each other, values and names put in, and rows counted."""
    seen: list[Executed] = []
    names = {"schema": schema, "table": 'odd "name; --'}
    done = execute_sql_file(
        write(FILE), settings, {"text": "it's %s; {x}", "gone": 2}, names, report=seen.append
    )
    assert [(one.line, one.did, one.rows) for one in done] == [
        (2, "CREATE TABLE", None),
        (4, "INSERT", 3),
        (5, "DELETE", 1),
        (6, "CREATE PROCEDURE", None),
        (11, "SELECT", 2),
    ]
    assert tuple(seen) == done and all(one.seconds >= 0 for one in done)
    found = ask(f'SELECT a, "b;c" FROM {schema}."odd ""name; --" ORDER BY a')
    assert found == [(1, "it's %s; {x}"), (3, '{"k": 1} 5%')]


def test_nothing_stays_after_a_failure(
    settings: Settings, ask: Ask, schema: str, write: Write
) -> None:
    """The error names file, line and Redshift's message; what ran before it is rolled back."""
    path = write(f"CREATE TABLE {schema}.t (a integer);\n\nINSERT INTO {schema}.t\n VALUES (1/0);")
    with pytest.raises(QueryRefused) as caught:
        execute_sql_file(path, settings)
    assert f"{path}, line 3: Redshift refused (22012): division by zero." in str(caught.value)
    assert ask(f"SELECT count(*) FROM svv_tables WHERE table_schema = '{schema}'") == [(0,)]


def test_each_statement_by_itself(settings: Settings, ask: Ask, schema: str, write: Write) -> None:
    """With autocommit VACUUM runs, and what ran before a failure stays."""
    path = write(f"CREATE TABLE {schema}.t (a integer);\nVACUUM {schema}.t;\nSELECT no_column;")
    with pytest.raises(QueryRefused) as caught:
        execute_sql_file(path, settings, autocommit=True)
    assert f"{path}, line 3:" in str(caught.value)
    assert ask(f"SELECT count(*) FROM {schema}.t") == [(0,)]


def test_an_open_transaction_is_told(
    settings: Settings, ask: Ask, schema: str, write: Write
) -> None:
    """A file that begins a transaction and does not end it is no success."""
    path = write(f"CREATE TABLE {schema}.t (a integer); BEGIN; INSERT INTO {schema}.t VALUES (1);")
    with pytest.raises(ParameterInvalid) as caught:
        execute_sql_file(path, settings, autocommit=True)
    assert "a transaction is still open at the end of the file, and was rolled back" in str(
        caught.value
    )
    assert ask(f"SELECT count(*) FROM {schema}.t") == [(0,)]


def test_an_empty_file(settings: Settings, write: Write) -> None:
    """A file of comments does nothing."""
    assert execute_sql_file(write("-- nothing yet\n/* ; */ ;"), settings) == ()


@pytest.mark.parametrize(
    ("text", "given", "told"),
    [
        ("SELECT 1;\nTRUNCATE t", {}, "line 2: TRUNCATE cannot be part of the one transaction"),
        ("SELECT 1;\nCOMMIT", {}, "line 2: COMMIT cannot be part of the one transaction"),
        ("SELECT 'a;\n", {}, "a quote, a dollar quote or a comment is not closed"),
        ("\nSELECT %(a)s", {"parameters": {"b": 1}}, "line 2: %(a)s has no value. Given: b."),
        ("SELECT {a}", {"names": {"b": "x"}}, "line 1: {a} has no identifier. Given: b."),
        ("SELECT '{'", {"names": {"b": "x"}}, "line 1: a brace is not part of a placeholder"),
        ("SELECT {a}", {"names": {"a": ""}}, "'' is not a name that Redshift can store"),
        ("SELECT {a.b}", {"names": {"a": "x"}}, "line 1: {a.b} has no identifier. Given: a."),
    ],
)
def test_refusals(
    settings: Settings, write: Write, text: str, given: dict[str, Any], told: str
) -> None:
    """What cannot run is told with its line."""
    with pytest.raises(ParameterInvalid) as caught:
        execute_sql_file(write(text), settings, **given)
    assert told in str(caught.value)


def test_files_that_cannot_be_read(settings: Settings, tmp_path: Path) -> None:
    """A file that is not there, or is not UTF-8, is told."""
    with pytest.raises(SourceNotFound):
        execute_sql_file(tmp_path / "missing.sql", settings)
    (tmp_path / "latin.sql").write_bytes("SELECT 'ä'".encode("latin-1"))
    with pytest.raises(ParameterInvalid) as caught:
        execute_sql_file(tmp_path / "latin.sql", settings)
    assert "byte 8 is not UTF-8" in str(caught.value)
