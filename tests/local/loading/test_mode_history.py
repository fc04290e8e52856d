"""history: a row for each version of a key; unchanged rows are not touched."""

from datetime import date, datetime, timedelta

import pytest

from tests.local.loading.typed_rows import PutRows, counts_of
from tests.local.warehouse import Ask
from utilities.errors import KeyInvalid
from utilities.redshift import LoadOptions, load
from utilities.references import TableName
from utilities.settings import Settings

PEOPLE = [("id", "BIGINT"), ("town", "VARCHAR"), ("gone", "BOOLEAN")]
TIMED = [*PEOPLE, ("seen", "TIMESTAMP")]
BY_LOAD = LoadOptions("history", key=("id",), deleted="gone")
BY_TIME = LoadOptions("history", key=("id",), newest="seen", deleted="gone")
MIDNIGHT = datetime(2024, 11, 5)


def at(hour: int) -> datetime:
    """An hour of the election day."""
    return MIDNIGHT + timedelta(hours=hour)


def test_a_change_closes_one_version_and_opens_another(
    put_rows: PutRows, ask: Ask, settings: Settings, schema: str
) -> None:
    """Versions meet at the time of the load, which is the ledger's; other keys stay as they are."""
    table = TableName(schema, "moves")
    first = load(put_rows(PEOPLE, [(1, "Bern", None), (2, "Chur", None)]), table, BY_LOAD, settings)
    second = load(
        put_rows(PEOPLE, [(1, "Basel", None), (2, "Chur", None), (3, "Thun", None)]),
        table,
        BY_LOAD,
        settings,
    )
    assert (counts_of(first), counts_of(second)) == ((2, 0, 0), (2, 1, 0))
    (before,), (after,) = ask(
        f"SELECT loaded_at FROM prefect_flows.loads WHERE target = '{table}' ORDER BY 1"
    )
    assert ask(
        f"SELECT id, town, valid_from, valid_to, is_current FROM {table} ORDER BY id, valid_from"
    ) == [
        (1, "Bern", before, after, False),
        (1, "Basel", after, None, True),
        (2, "Chur", before, None, True),
        (3, "Thun", after, None, True),
    ]


def test_the_same_rows_again_touch_nothing(
    put_rows: PutRows, ask: Ask, settings: Settings, schema: str
) -> None:
    """Neither a new version nor a rewritten row: each is where it was."""
    table, rows = TableName(schema, "still"), [(1, "Bern", None), (2, None, False)]
    load(put_rows(PEOPLE, rows), table, BY_LOAD, settings)
    places = ask(f"SELECT ctid, * FROM {table} ORDER BY id")
    assert counts_of(load(put_rows(PEOPLE, rows), table, BY_LOAD, settings)) == (0, 0, 0)
    assert ask(f"SELECT ctid, * FROM {table} ORDER BY id") == places


@pytest.mark.parametrize(("before", "after"), [(None, "Bern"), ("Bern", None), ("", None)])
def test_no_value_differs_from_a_value(
    put_rows: PutRows,
    ask: Ask,
    settings: Settings,
    schema: str,
    before: str | None,
    after: str | None,
) -> None:
    """Comparison does not stumble over nulls, and an empty text is a text."""
    table = TableName(schema, "nulls")
    load(put_rows(PEOPLE, [(1, before, None)]), table, BY_LOAD, settings)
    loaded = load(put_rows(PEOPLE, [(1, after, None)]), table, BY_LOAD, settings)
    assert counts_of(loaded) == (1, 1, 0)
    assert ask(f"SELECT town FROM {table} ORDER BY valid_from") == [(before,), (after,)]


def test_versions_of_one_batch_follow_each_other(
    put_rows: PutRows, ask: Ask, settings: Settings, schema: str
) -> None:
    """Each is valid until the next; neighbours that are equal are one version."""
    table = TableName(schema, "several")
    load(put_rows(TIMED, [(1, "Bern", None, at(0))]), table, BY_TIME, settings)
    rows = [(1, "Basel", None, at(4)), (1, "Bern", None, at(1)), (1, "Chur", None, at(2))]
    loaded = load(
        put_rows(TIMED, [*rows, (1, "Chur", None, at(3)), (1, "Bern", None, at(5))]),
        table,
        BY_TIME,
        settings,
    )
    assert counts_of(loaded) == (3, 1, 0)
    assert ask(f"SELECT town, valid_from, valid_to, is_current FROM {table} ORDER BY 2") == [
        ("Bern", at(0), at(2), False),
        ("Chur", at(2), at(4), False),
        ("Basel", at(4), at(5), False),
        ("Bern", at(5), None, True),
    ]


def test_what_the_history_knows_already_is_left_out(
    put_rows: PutRows, ask: Ask, settings: Settings, schema: str
) -> None:
    """Windows of changes overlap: the second time nothing happens, also after a deletion."""
    table = TableName(schema, "overlap")
    rows = [(1, "Bern", None, at(1)), (1, "Bern", True, at(3)), (2, "Chur", None, at(2))]
    first = load(put_rows(TIMED, rows), table, BY_TIME, settings)
    again = load(put_rows(TIMED, rows), table, BY_TIME, settings)
    late = load(
        put_rows(TIMED, [(1, "x", None, at(2)), (2, "x", None, at(2)), (2, "x", True, at(1))]),
        table,
        BY_TIME,
        settings,
    )
    assert [counts_of(loaded) for loaded in (first, again, late)] == [(2, 0, 0)] + [(0, 0, 0)] * 2
    assert ask(f"SELECT id, valid_from, valid_to FROM {table} ORDER BY id") == [
        (1, at(1), at(3)),
        (2, at(2), None),
    ]


def test_a_deleted_key_may_come_back(
    put_rows: PutRows, ask: Ask, settings: Settings, schema: str
) -> None:
    """A mark closes the current row; the gap until the next version stays a gap."""
    table = TableName(schema, "gap")
    load(put_rows(TIMED, [(1, "Bern", None, at(1))]), table, BY_TIME, settings)
    closed = load(put_rows(TIMED, [(1, "Bern", True, at(2))]), table, BY_TIME, settings)
    back = load(put_rows(TIMED, [(1, "Bern", None, at(4))]), table, BY_TIME, settings)
    assert (counts_of(closed), counts_of(back)) == ((0, 0, 1), (1, 0, 0))
    assert ask(f"SELECT town, valid_from, valid_to, is_current FROM {table} ORDER BY 2") == [
        ("Bern", at(1), at(2), False),
        ("Bern", at(4), None, True),
    ]


def test_a_version_and_its_mark_in_one_batch(
    put_rows: PutRows, ask: Ask, settings: Settings, schema: str
) -> None:
    """The version closes the current row, the mark closes the version."""
    table = TableName(schema, "brief")
    load(put_rows(TIMED, [(1, "Bern", None, at(0))]), table, BY_TIME, settings)
    rows = [(1, "Chur", True, at(2)), (1, "Chur", True, at(3)), (1, "Chur", None, at(1))]
    assert counts_of(load(put_rows(TIMED, rows), table, BY_TIME, settings)) == (1, 1, 0)
    assert ask(f"SELECT town, valid_from, valid_to, is_current FROM {table} ORDER BY 2") == [
        ("Bern", at(0), at(1), False),
        ("Chur", at(1), at(2), False),
    ]


def test_marks_by_the_time_of_the_load(
    put_rows: PutRows, ask: Ask, settings: Settings, schema: str
) -> None:
    """A mark for a key that is not there, or is deleted already, does nothing."""
    table = TableName(schema, "marks")
    load(put_rows(PEOPLE, [(1, "Bern", None), (2, "Chur", None)]), table, BY_LOAD, settings)
    marks = [(1, "Bern", True), (9, "Thun", True)]
    loads = [load(put_rows(PEOPLE, marks), table, BY_LOAD, settings) for _ in range(2)]
    assert [counts_of(loaded) for loaded in loads] == [(0, 0, 1), (0, 0, 0)]
    assert ask(f"SELECT id FROM {table} WHERE is_current") == [(2,)]
    assert ask(f"SELECT COUNT(*) FROM {table} WHERE valid_to > valid_from") == [(1,)]


@pytest.mark.parametrize(
    ("type_", "staged", "valid_from"),
    [
        ("DATE", date(2024, 11, 5), MIDNIGHT),
        ("TIMESTAMP", at(7), at(7)),
        ("TIMESTAMPTZ", datetime.fromisoformat("2024-11-05T09:00:00-05:00"), at(14)),
    ],
)
def test_times_are_kept_in_utc(
    put_rows: PutRows,
    ask: Ask,
    settings: Settings,
    schema: str,
    type_: str,
    staged: date,
    valid_from: datetime,
) -> None:
    """Days begin at midnight, times with a zone are brought to UTC."""
    table = TableName(schema, "zones")
    columns = [("id", "BIGINT"), ("seen", type_)]
    options = LoadOptions("history", key=("id",), newest="seen")
    load(put_rows(columns, [(1, staged)]), table, options, settings)
    assert ask(f"SELECT valid_from FROM {table}") == [(valid_from,)]


def test_a_version_without_a_time_is_refused(
    put_rows: PutRows, settings: Settings, schema: str
) -> None:
    """It has no place among the others."""
    rows = [(1, "Bern", None, None), (2, "Chur", None, at(1))]
    with pytest.raises(KeyInvalid, match="1 staged rows have no value in 'seen', the time from"):
        load(put_rows(TIMED, rows), TableName(schema, "timeless"), BY_TIME, settings)


def test_a_clock_that_goes_before_never_turns_a_version_around(
    put_rows: PutRows, ask: Ask, settings: Settings, schema: str
) -> None:
    """A current row that another machine made in our future ends when it began, not before."""
    table, future = TableName(schema, "clocks"), datetime(2999, 1, 1)
    load(put_rows(TIMED, [(1, "Bern", None, future)]), table, BY_TIME, settings)
    load(put_rows(TIMED, [(1, "Basel", None, at(1))]), table, BY_LOAD, settings)
    assert ask(f"SELECT town, valid_from, valid_to FROM {table} ORDER BY is_current") == [
        ("Bern", future, future),
        ("Basel", future, None),
    ]


def test_two_current_rows_of_a_key_are_refused(
    put_rows: PutRows, ask: Ask, settings: Settings, schema: str
) -> None:
    """Somebody has written into the history; it is told, and not made worse."""
    table = TableName(schema, "double")
    load(put_rows(PEOPLE, [(1, "Bern", None)]), table, BY_LOAD, settings)
    ask(f"INSERT INTO {table} SELECT * FROM {table}")
    with pytest.raises(KeyInvalid, match=r"1 keys \(id\) have more than one row with is_current"):
        load(put_rows(PEOPLE, [(1, "Basel", None)]), table, BY_LOAD, settings)
    assert ask(f"SELECT town FROM {table}") == [("Bern",), ("Bern",)]


def test_a_new_column_makes_versions_where_it_has_values(
    put_rows: PutRows, ask: Ask, settings: Settings, schema: str
) -> None:
    """Rows that are empty in it are as they were."""
    table = TableName(schema, "wider")
    load(put_rows(PEOPLE, [(1, "Bern", None), (2, "Chur", None)]), table, BY_LOAD, settings)
    columns = [*PEOPLE, ("zip", "VARCHAR")]
    rows = [(1, "Bern", None, "03001"), (2, "Chur", None, None)]
    loaded = load(put_rows(columns, rows), table, BY_LOAD, settings)
    assert (counts_of(loaded), loaded.columns_added) == ((1, 1, 0), ("zip",))
    assert ask(f"SELECT id, zip FROM {table} WHERE is_current ORDER BY id") == [
        (1, "03001"),
        (2, None),
    ]
