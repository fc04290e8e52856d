"""Whatever a table, a schema or a column is called, only what is meant is touched."""

from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, assume, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from psycopg2 import sql
from psycopg2.extensions import cursor as Cursor

from infrastructure.local.stack import Stack
from tests.clients import connect
from utilities.errors import ParameterInvalid
from utilities.redshift.identifiers import identifier, identifiers, parse_table_name, qualified
from utilities.references import IDENTIFIER_LIMIT_BYTES, TableName

SHARP = list("\"'`;\\%{}()[]$,.:-/*?#@! \t\n\r") + ["--", "/*", "*/", "%s", "{}", '""', "\\'", "$$"]
RESERVED = ["select", "table", "user", "order", "tag", "default", "null", "public", "pg_catalog"]
ATTACKS = ['x"; drop table bystander; --', "x'; drop table bystander; --", 'bystander" (', "$$;--"]

PIECES = st.one_of(
    st.sampled_from(SHARP + RESERVED + ATTACKS),
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
)
NAMES = st.lists(PIECES, min_size=1, max_size=40).map("".join)


def is_storable(name: str) -> bool:
    """Whether Redshift folds it to itself and has room for it; lower case is what we store.

    The local Redshift keeps names of 64 to 127 bytes under shorter ones, and mistakes those that
    hold a quote.
    """
    size = len(name.encode())
    short_enough = len(name.replace('"', '""').encode()) < 64 or '"' not in name
    return name.lower() == name and size <= IDENTIFIER_LIMIT_BYTES and short_enough


STORED = NAMES.map(str.lower).filter(is_storable)


@pytest.fixture(scope="module")
def cursor(stack: Stack) -> Iterator[Cursor]:
    """One connection for all examples, beside a table that none of them may touch."""
    connection = connect(stack)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE public.bystander (id INT)")
        cursor.execute("INSERT INTO public.bystander VALUES (1)")
        yield cursor
        cursor.execute("DROP TABLE public.bystander")
    connection.close()


def catalog(cursor: Cursor) -> Counter[tuple[str, str]]:
    """Every table with every column of it."""
    cursor.execute(
        "SELECT table_name, column_name FROM svv_columns "
        "WHERE table_schema NOT IN ('pg_catalog', 'information_schema')"
    )
    return Counter(cursor.fetchall())


@given(schema=STORED, table=STORED, columns=st.lists(STORED, min_size=1, max_size=3, unique=True))
@example(schema="a" * 127, table="ü" * 63, columns=["%", "{}", '"'])
@example(schema="select", table="table", columns=["user", "order", "tag"])
@example(schema=ATTACKS[0], table=ATTACKS[1], columns=[ATTACKS[2], "é\\'--"])
@hypothesis_settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_table_of_any_name_is_made_filled_read_and_dropped(
    cursor: Cursor, schema: str, table: str, columns: list[str]
) -> None:
    """What was written into each column is read from it, the catalog knows the names as they are,
    and everything else is as it was."""
    assume(not schema.startswith("pg_") and schema not in ("public", "information_schema"))
    # A temporary table: https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_TABLE_NEW.html
    assume(not table.startswith("#"))
    target, before = TableName(schema, table), catalog(cursor)
    definitions = [sql.SQL("{} VARCHAR(500)").format(identifier(name)) for name in columns]
    cursor.execute(sql.SQL("CREATE SCHEMA {}").format(identifier(schema)))
    try:
        cursor.execute(
            sql.SQL("CREATE TABLE {} ({})").format(
                qualified(target), sql.SQL(", ").join(definitions)
            )
        )
        cursor.execute(
            sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
                qualified(target),
                identifiers(columns),
                sql.SQL(", ").join([sql.Literal(name) for name in columns]),
            )
        )
        cursor.execute(sql.SQL("SELECT {} FROM {}").format(identifiers(columns), qualified(target)))
        assert cursor.fetchall() == [tuple(columns)]
        assert catalog(cursor) - before == Counter((table, name) for name in columns)
    finally:
        cursor.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(identifier(schema)))
    assert catalog(cursor) == before
    cursor.execute("SELECT id FROM public.bystander")
    assert cursor.fetchall() == [(1,)]


@given(text=st.one_of(NAMES, st.tuples(NAMES, NAMES).map(".".join)))
@example(text="a.b;drop table bystander")
@example(text='a."b"')
@example(text="ſchema.table")
@example(text="İ.table")
@hypothesis_settings(max_examples=200, deadline=None)
def test_a_table_name_that_is_read_is_the_one_that_was_written(text: str) -> None:
    """Two plain words, folded to lower case, or an error: no sign of SQL gets through, and no name
    that Redshift would fold to another one."""
    try:
        found = parse_table_name(text)
    except ParameterInvalid as error:
        assert "schema.table" in str(error) or "bytes" in str(error)
        return
    assert str(found) == text.strip().lower()
    for part in (found.schema, found.table):
        assert part.lower() == part
        assert 0 < len(part.encode()) <= IDENTIFIER_LIMIT_BYTES
        assert not set(part) & set("\"'`;\\%{}()[],.:-/*?#@! \t\n\r")


@given(name=st.text(st.characters(exclude_categories=["Cs"]), min_size=120))
@hypothesis_settings(max_examples=30, deadline=None)
def test_a_name_without_room_is_refused_before_it_is_sent(name: str) -> None:
    """Redshift would cut it off; the limit is in bytes, not in characters."""
    if len(name.encode()) <= IDENTIFIER_LIMIT_BYTES and "\0" not in name:
        identifier(name)
        return
    with pytest.raises(ParameterInvalid):
        identifier(name)
