"""insert_new: only rows with a key that the table does not have come in."""

from datetime import date

from tests.local.loading.typed_rows import PutRows, counts_of
from tests.local.warehouse import Ask
from utilities.redshift import LoadOptions, load
from utilities.references import TableName
from utilities.settings import Settings

PEOPLE = [("id", "BIGINT"), ("name", "VARCHAR"), ("seen", "DATE")]


def test_known_rows_stay_as_they_are(
    put_rows: PutRows, ask: Ask, settings: Settings, schema: str
) -> None:
    """A new key is added, a known one is not updated, and the same batch is loaded once."""
    table, options = TableName(schema, "firsts"), LoadOptions("insert_new", key=("id",))
    load(put_rows(PEOPLE, [(1, "first", None)]), table, options, settings)
    staged = put_rows(PEOPLE, [(1, "second", None), (2, None, None)])
    assert counts_of(load(staged, table, options, settings)) == (1, 0, 0)
    assert load(staged, table, options, settings).already_loaded
    assert ask(f"SELECT id, name FROM {table} ORDER BY id") == [(1, "first"), (2, None)]


def test_the_newest_of_several_new_rows_comes_in(
    put_rows: PutRows, ask: Ask, settings: Settings, schema: str
) -> None:
    """And a known row stays, however new the staged one is."""
    table = TableName(schema, "newest")
    options = LoadOptions("insert_new", key=("id",), newest="seen")
    load(put_rows(PEOPLE, [(1, "held", date(2024, 1, 1))]), table, options, settings)
    rows = [(key, str(day), date(2024, 11, day)) for key in (1, 2) for day in (3, 5, 4)]
    assert counts_of(load(put_rows(PEOPLE, rows), table, options, settings)) == (1, 0, 0)
    assert ask(f"SELECT id, name FROM {table} ORDER BY id") == [(1, "held"), (2, "5")]
