"""replace and append: all rows are exchanged, or added; the table itself stays what it is."""

import pytest

from tests.local.loading.typed_rows import PutRows, counts_of
from tests.local.warehouse import Ask
from utilities.errors import LoadRejected
from utilities.redshift import LoadOptions, load
from utilities.references import TableName
from utilities.settings import Settings

PEOPLE = [("id", "BIGINT"), ("town", "VARCHAR")]
REPLACE = LoadOptions("replace")


def test_rows_are_added_as_often_as_they_come(
    put_rows: PutRows, ask: Ask, settings: Settings, schema: str
) -> None:
    """append looks at no key; only the same batch is not loaded again."""
    table, rows = TableName(schema, "grows"), [(1, "Bern"), (1, "Bern"), (None, None)]
    staged = put_rows(PEOPLE, rows)
    assert counts_of(load(staged, table, LoadOptions(), settings)) == (3, 0, 0)
    assert load(staged, table, LoadOptions(), settings).already_loaded
    assert counts_of(load(put_rows(PEOPLE, rows), table, LoadOptions(), settings)) == (3, 0, 0)
    assert ask(f"SELECT COUNT(*), COUNT(id) FROM {table}") == [(6, 4)]


def test_all_rows_are_exchanged_once(
    put_rows: PutRows, ask: Ask, settings: Settings, schema: str
) -> None:
    """What was there goes, also when the batch is smaller; the counts say how much."""
    table = TableName(schema, "exchanged")
    load(put_rows(PEOPLE, [(1, "Bern"), (2, "Chur"), (2, "Chur")]), table, REPLACE, settings)
    staged = put_rows(PEOPLE, [(3, "Thun")])
    assert counts_of(load(staged, table, REPLACE, settings)) == (1, 0, 3)
    assert load(staged, table, REPLACE, settings).already_loaded
    assert ask(f"SELECT * FROM {table}") == [(3, "Thun")]


def test_an_empty_batch_empties_the_table(
    put_rows: PutRows, ask: Ask, settings: Settings, schema: str
) -> None:
    """The source has no rows, so the table has none."""
    table = TableName(schema, "emptied")
    load(put_rows(PEOPLE, [(1, "Bern")]), table, REPLACE, settings)
    assert counts_of(load(put_rows(PEOPLE, []), table, REPLACE, settings)) == (0, 0, 1)
    assert ask(f"SELECT COUNT(*) FROM {table}") == [(0,)]


def test_grants_comments_and_views_stay(
    put_rows: PutRows, ask: Ask, settings: Settings, schema: str
) -> None:
    """It is the same table with other rows: a view shows them at once."""
    table = TableName(schema, "granted")
    load(put_rows(PEOPLE, [(1, "Bern")]), table, REPLACE, settings)
    ask(f"CREATE VIEW {schema}.towns AS SELECT town FROM {table}")
    ask(f"GRANT SELECT ON {table} TO PUBLIC")
    ask(f"COMMENT ON TABLE {table} IS 'where people live'")
    facts = f"""
        SELECT c.oid, CAST(c.relacl AS VARCHAR), obj_description(c.oid) FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = '{schema}' AND c.relname = '{table.table}'
    """
    before = ask(facts)
    load(put_rows(PEOPLE, [(2, "Chur")]), table, REPLACE, settings)
    assert ask(facts) == before
    assert before[0][2] == "where people live"
    assert ask(f"SELECT town FROM {schema}.towns") == [("Chur",)]


def test_a_refused_batch_leaves_the_old_rows(
    put_rows: PutRows, ask: Ask, settings: Settings, schema: str
) -> None:
    """Deleting is a part of the transaction, too."""
    table = TableName(schema, "kept")
    ask(f"CREATE TABLE {table} (id BIGINT NOT NULL, town VARCHAR(9))")
    load(put_rows(PEOPLE, [(1, "Bern")]), table, REPLACE, settings)
    with pytest.raises(LoadRejected, match="Redshift refused"):
        load(put_rows(PEOPLE, [(2, "Chur"), (None, "Thun")]), table, REPLACE, settings)
    assert ask(f"SELECT * FROM {table}") == [(1, "Bern")]
