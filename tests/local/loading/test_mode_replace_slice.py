"""replace_slice: the rows of a day or another partition are exchanged, others stay."""

from datetime import date

import pytest

from tests.local.loading.typed_rows import PutRows, counts_of
from tests.local.warehouse import Ask
from utilities.errors import KeyInvalid
from utilities.redshift import LoadOptions, load
from utilities.references import TableName
from utilities.settings import Settings

VOTES = [("id", "BIGINT"), ("day", "DATE"), ("state", "VARCHAR")]
BY_DAY = LoadOptions("replace_slice", slice_columns=("day",))
BY_BOTH = LoadOptions("replace_slice", slice_columns=("day", "state"))
FIFTH, SIXTH = date(2024, 11, 5), date(2024, 11, 6)
HELD = [(1, FIFTH, "NY"), (2, FIFTH, "CA"), (3, SIXTH, "NY")]


def one_slice(*values: str) -> LoadOptions:
    """The slice of a day and a state, or of a day."""
    columns = ("day", "state")[: len(values)]
    return LoadOptions("replace_slice", slice_columns=columns, slice_values=values)


def test_the_slices_of_the_batch_are_exchanged(
    put_rows: PutRows, ask: Ask, settings: Settings, schema: str
) -> None:
    """Rows of the same day go, those of another day stay; the same batch again does nothing."""
    table = TableName(schema, "days")
    load(put_rows(VOTES, HELD), table, BY_DAY, settings)
    staged = put_rows(VOTES, [(7, FIFTH, "NY")])
    assert counts_of(load(staged, table, BY_DAY, settings)) == (1, 0, 2)
    assert load(staged, table, BY_DAY, settings).already_loaded
    assert ask(f"SELECT id FROM {table} ORDER BY id") == [(3,), (7,)]


def test_slices_of_two_columns(
    put_rows: PutRows, ask: Ask, settings: Settings, schema: str
) -> None:
    """Only pairs that the batch holds are exchanged, not every day with every state."""
    table = TableName(schema, "pairs")
    load(put_rows(VOTES, HELD), table, BY_BOTH, settings)
    loaded = load(put_rows(VOTES, [(8, FIFTH, "CA"), (9, SIXTH, "NY")]), table, BY_BOTH, settings)
    assert counts_of(loaded) == (2, 0, 2)
    assert ask(f"SELECT id FROM {table} ORDER BY id") == [(1,), (8,), (9,)]


def test_a_named_slice_is_emptied_by_an_empty_batch(
    put_rows: PutRows, ask: Ask, settings: Settings, schema: str
) -> None:
    """The source has no rows for that day any more. Without a name, nothing is known to go."""
    table = TableName(schema, "empty")
    load(put_rows(VOTES, HELD), table, BY_DAY, settings)
    assert counts_of(load(put_rows(VOTES, []), table, BY_DAY, settings)) == (0, 0, 0)
    loaded = load(put_rows(VOTES, []), table, one_slice("2024-11-05", "NY"), settings)
    assert counts_of(loaded) == (0, 0, 1)
    assert ask(f"SELECT id FROM {table} ORDER BY id") == [(2,), (3,)]


def test_rows_outside_of_the_named_slice_are_refused(
    put_rows: PutRows, ask: Ask, settings: Settings, schema: str
) -> None:
    """They would be added again with each load of their own slice."""
    table = TableName(schema, "strays")
    load(put_rows(VOTES, HELD), table, BY_DAY, settings)
    with pytest.raises(KeyInvalid) as caught:
        load(put_rows(VOTES, HELD), table, one_slice("2024-11-05", "NY"), settings)
    assert str(caught.value) == (
        f"{table}: 2 staged rows lie outside of the slice day, state = 2024-11-05, NY; first: "
        "2024-11-05, CA. Nothing was loaded. Name the slice that the batch holds, or leave "
        "slice_values out to exchange every slice in it."
    )
    assert ask(f"SELECT COUNT(*) FROM {table}") == [(3,)]


@pytest.mark.parametrize("options", [BY_BOTH, one_slice("2024-11-05", "NY")])
def test_a_row_without_a_slice_is_refused(
    put_rows: PutRows, settings: Settings, schema: str, options: LoadOptions
) -> None:
    """No value is no slice: such rows would pile up with every load."""
    table = TableName(schema, "nulls")
    with pytest.raises(KeyInvalid) as caught:
        load(put_rows(VOTES, [*HELD, (4, FIFTH, None)]), table, options, settings)
    assert str(caught.value) == (
        f"{table}: 1 of 4 staged rows have no value in the slice column 'state'. Expected one in "
        "every row. Nothing was loaded. Fill it, or leave these rows out."
    )


def test_rows_of_the_table_without_a_slice_stay(
    put_rows: PutRows, ask: Ask, settings: Settings, schema: str
) -> None:
    """Nothing names them, so nothing removes them."""
    table = TableName(schema, "rest")
    load(put_rows(VOTES, [(1, None, "NY"), (2, FIFTH, "NY")]), table, LoadOptions(), settings)
    load(put_rows(VOTES, [(3, FIFTH, "NY")]), table, BY_DAY, settings)
    assert ask(f"SELECT id FROM {table} ORDER BY id") == [(1,), (3,)]


def test_a_value_with_quotes_is_a_value(
    put_rows: PutRows, ask: Ask, settings: Settings, schema: str
) -> None:
    """What names a slice never becomes SQL."""
    table, place = TableName(schema, "quoted"), "O'Fallon%s\\'; --"
    columns = [("place", "VARCHAR"), ("id", "BIGINT")]
    named = LoadOptions("replace_slice", slice_columns=("place",), slice_values=(place,))
    load(put_rows(columns, [(place, 1), ("Bern", 2)]), table, LoadOptions(), settings)
    assert counts_of(load(put_rows(columns, [(place, 3)]), table, named, settings)) == (1, 0, 1)
    assert ask(f"SELECT id FROM {table} ORDER BY id") == [(2,), (3,)]
