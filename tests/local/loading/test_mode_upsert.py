"""upsert: rows with a known key change, others come, marked ones go; the newest wins."""

from datetime import date
from decimal import Decimal

import pytest

from tests.local.loading.typed_rows import PutRows, counts_of
from tests.local.warehouse import Ask
from utilities.errors import KeyInvalid
from utilities.redshift import LoadOptions, load
from utilities.references import TableName
from utilities.settings import Settings

PEOPLE = [("id", "BIGINT"), ("name", "VARCHAR"), ("seen", "DATE")]
MARKED = [*PEOPLE, ("gone", "BOOLEAN")]
UPSERT = LoadOptions("upsert", key=("id",))
NEWEST = LoadOptions("upsert", key=("id",), newest="seen")


def day(number: int) -> date:
    """A day of November 2024."""
    return date(2024, 11, number)


def test_a_batch_is_merged_once(
    put_rows: PutRows, ask: Ask, settings: Settings, schema: str
) -> None:
    """Known keys are updated, others added; the same batch again is left to the ledger."""
    table = TableName(schema, "people")
    load(put_rows(PEOPLE, [(1, "Ada", None), (2, "Bob", None)]), table, UPSERT, settings)
    staged = put_rows(PEOPLE, [(2, "Bea", day(5)), (3, "Cyd", None)])
    assert counts_of(load(staged, table, UPSERT, settings)) == (1, 1, 0)
    assert load(staged, table, UPSERT, settings).already_loaded
    assert ask(f"SELECT * FROM {table} ORDER BY id") == [
        (1, "Ada", None),
        (2, "Bea", day(5)),
        (3, "Cyd", None),
    ]


def test_columns_that_the_batch_lacks_keep_their_values(
    put_rows: PutRows, ask: Ask, settings: Settings, schema: str
) -> None:
    """A row is updated, not made anew."""
    table = TableName(schema, "partial")
    load(put_rows(PEOPLE, [(1, "Ada", day(5))]), table, UPSERT, settings)
    load(put_rows(PEOPLE[:2], [(1, "Ida")]), table, UPSERT, settings)
    assert ask(f"SELECT * FROM {table}") == [(1, "Ida", day(5))]


def test_unchanged_rows_count_as_updated(
    put_rows: PutRows, settings: Settings, schema: str
) -> None:
    """What was matched is counted, changed or not: inserted and updated make up the batch."""
    table, rows = TableName(schema, "same"), [(1, "Ada", None)]
    load(put_rows(PEOPLE, rows), table, UPSERT, settings)
    assert counts_of(load(put_rows(PEOPLE, rows), table, UPSERT, settings)) == (0, 1, 0)


@pytest.mark.parametrize("mode", ["upsert", "insert_new", "history"])
def test_a_key_twice_is_refused(
    put_rows: PutRows, ask: Ask, settings: Settings, schema: str, mode: str
) -> None:
    """Also when nothing looked at the keys before: the batch cannot say which row is meant."""
    table = TableName(schema, "twice")
    batch = put_rows(PEOPLE, [(7, "Ada", None), (8, "Bob", None), (7, "Ida", None)])
    with pytest.raises(KeyInvalid) as caught:
        load(batch, table, LoadOptions(mode, key=("id",)), settings)  # type: ignore[arg-type]
    assert str(caught.value) == (
        f"{table}: 3 staged rows have 2 different keys in id; first key that is there twice: 7. "
        "Expected each key once. Nothing was loaded. Add a column to the key, or name the column "
        "whose greatest value wins as newest."
    )
    assert ask(f"SELECT COUNT(*) FROM svv_tables WHERE table_schema = '{schema}'") == [(0,)]


@pytest.mark.parametrize("newest", [None, "seen"])
def test_a_key_without_a_value_is_refused(
    put_rows: PutRows, settings: Settings, schema: str, newest: str | None
) -> None:
    """It would never match, and come again with each load."""
    options = LoadOptions("upsert", key=("id", "name"), newest=newest)
    batch = put_rows(PEOPLE, [(1, "Ada", day(1)), (1, None, day(1)), (None, "Bob", day(1))])
    with pytest.raises(KeyInvalid, match="2 of 3 staged rows have no value in the key id, name"):
        load(batch, TableName(schema, "keyless"), options, settings)


def test_the_newest_row_of_a_key_wins(
    put_rows: PutRows, ask: Ask, settings: Settings, schema: str
) -> None:
    """In whatever order they stand; a row without a time is older than any."""
    table = TableName(schema, "newest")
    rows = [(1, "old", day(1)), (1, "new", day(9)), (1, "timeless", None), (2, "only", None)]
    assert counts_of(load(put_rows(PEOPLE, rows), table, NEWEST, settings)) == (2, 0, 0)
    assert ask(f"SELECT id, name FROM {table} ORDER BY id") == [(1, "new"), (2, "only")]


def test_rows_of_equal_age_have_one_winner(
    put_rows: PutRows, ask: Ask, settings: Settings, schema: str
) -> None:
    """The other columns decide, so that order does not matter."""
    rows = [(1, name, day(1)) for name in ("b", "c", "a")]
    for number, batch in enumerate((rows, rows[::-1])):
        table = TableName(schema, f"tie_{number}")
        load(put_rows(PEOPLE, batch), table, NEWEST, settings)
        assert ask(f"SELECT name FROM {table}") == [("c",)]


def test_what_the_table_has_newer_stays(
    put_rows: PutRows, ask: Ask, settings: Settings, schema: str
) -> None:
    """Batches may come out of order; of equal age, the batch wins; rows left out count nowhere."""
    table = TableName(schema, "late")
    rows = [(key, "held", day(5)) for key in (1, 2, 3, 4)] + [(5, "held", None)]
    load(put_rows(PEOPLE, rows), table, NEWEST, settings)
    late = [(1, "late", day(4)), (2, "late", day(5)), (3, "late", day(6)), (4, "late", None)]
    loaded = load(put_rows(PEOPLE, [*late, (5, "late", None)]), table, NEWEST, settings)
    assert counts_of(loaded) == (0, 3, 0)
    assert ask(f"SELECT name FROM {table} ORDER BY id") == [
        ("held",),
        ("late",),
        ("late",),
        ("held",),
        ("late",),
    ]


def test_marked_rows_are_deleted(
    put_rows: PutRows, ask: Ask, settings: Settings, schema: str
) -> None:
    """A true mark takes a row away, unknown ones are not added; the mark is a column like others."""
    table, options = TableName(schema, "marked"), LoadOptions("upsert", ("id",), deleted="gone")
    load(put_rows(MARKED, [(n, "held", None, None) for n in (1, 2, 3)]), table, options, settings)
    marks = [(1, "x", None, True), (2, "kept", None, False), (4, "x", None, True)]
    loaded = load(put_rows(MARKED, [*marks, (5, "new", None, None)]), table, options, settings)
    assert counts_of(loaded) == (1, 1, 1)
    assert ask(f"SELECT id, name, gone FROM {table} ORDER BY id") == [
        (2, "kept", False),
        (3, "held", None),
        (5, "new", None),
    ]


def test_a_mark_is_as_old_as_its_row(
    put_rows: PutRows, ask: Ask, settings: Settings, schema: str
) -> None:
    """Only the newest row's mark counts, and not against a newer row of the table."""
    table = TableName(schema, "aged")
    options = LoadOptions("upsert", key=("id",), newest="seen", deleted="gone")
    load(put_rows(MARKED, [(n, "held", day(5), None) for n in (1, 2, 3)]), table, options, settings)
    rows = [
        (1, "marked late", day(4), True),
        (2, "marked", day(6), True),
        (2, "back", day(7), None),
        (3, "changed", day(6), None),
        (3, "marked", day(6), True),
    ]
    assert counts_of(load(put_rows(MARKED, rows), table, options, settings)) == (0, 1, 1)
    assert ask(f"SELECT id, name FROM {table} ORDER BY id") == [(1, "held"), (2, "back")]


def test_keys_of_other_types(put_rows: PutRows, ask: Ask, settings: Settings, schema: str) -> None:
    """Text with blanks and case, numbers with decimals, days: equal is what is equal."""
    columns = [("code", "VARCHAR"), ("share", "NUMERIC(18,2)"), ("on_day", "DATE"), ("n", "BIGINT")]
    table = TableName(schema, "typed")
    options = LoadOptions("upsert", key=("code", "share", "on_day"))
    held = [("NY", Decimal("0.10"), day(1), 1), ("ny", Decimal("0.10"), day(1), 2)]
    load(put_rows(columns, held), table, options, settings)
    loaded = load(
        put_rows(columns, [("ny", Decimal("0.1"), day(1), 3), ("", Decimal(0), day(1), 4)]),
        table,
        options,
        settings,
    )
    assert counts_of(loaded) == (1, 1, 0)
    assert ask(f"SELECT n FROM {table} ORDER BY n") == [(1,), (3,), (4,)]
