"""Whatever is loaded after whatever: the table is what a model in plain Python says it is."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as bounds
from hypothesis import strategies as st

from infrastructure.local.stack import Stack
from tests.clients import connect
from tests.local.loading import model
from tests.local.loading.model import COLUMNS, KEY, PLACE, Row
from tests.local.loading.typed_rows import PutRows, counts_of
from utilities.redshift import LoadOptions, load
from utilities.references import TableName
from utilities.settings import Settings

Step = tuple[LoadOptions, list[Row]]
History = tuple[str | None, list[tuple[str | None, list[Row]]]]

PLACES = ("north", "süd")
TIMES = [datetime(2024, 11, 5) + timedelta(hours=hours) for hours in range(12)]
IN_SEQUENCE = bounds(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

rows = st.tuples(
    st.integers(1, 2),
    st.sampled_from(PLACES),
    st.sampled_from([None, "a"]),
    st.sampled_from([None, '{"x":1}', "[1,null]"]),
    st.sampled_from([None, False, True]),
    st.sampled_from([None, *TIMES]),
)
timed_rows = rows.filter(lambda row: row[model.SEEN] is not None)
batches = st.lists(rows, max_size=6)
timed_batches = st.lists(timed_rows, max_size=8)
keyed_batches = st.lists(rows, max_size=6, unique_by=model.key_of)
marks = st.sampled_from([None, "gone"])


@st.composite
def slices(draw: st.DrawFn) -> Step:
    """One named place, or those that the batch holds."""
    place = draw(st.sampled_from([None, *PLACES]))
    batch = [row for row in draw(batches) if place in (None, row[PLACE])]
    values = None if place is None else (place,)
    return LoadOptions("replace_slice", slice_columns=("place",), slice_values=values), batch


def steps(mode: str, batch: st.SearchStrategy[list[Row]], **options: Any) -> Any:
    """Loads of one mode; options that are strategies are drawn."""
    drawn = {name: st.just(value) for name, value in options.items() if name != "deleted"}
    drawn |= {"deleted": options["deleted"]} if "deleted" in options else {}
    return st.tuples(st.builds(LoadOptions, mode=st.just(mode), **drawn), batch)


any_step = st.one_of(
    steps("append", batches),
    steps("replace", batches),
    slices(),
    steps("upsert", keyed_batches, key=KEY, deleted=marks),
    steps("upsert", batches, key=KEY, newest="seen", deleted=marks),
    steps("insert_new", keyed_batches, key=KEY),
    steps("insert_new", batches, key=KEY, newest="seen"),
)

histories = st.sampled_from([("seen", timed_batches), (None, keyed_batches)]).flatmap(
    lambda kind: st.tuples(
        st.just(kind[0]), st.lists(st.tuples(marks, kind[1]), min_size=2, max_size=6)
    )
)


@pytest.fixture
def new_table(schema: str) -> Callable[[], TableName]:
    """Names that no table has yet."""
    numbers = count()
    return lambda: TableName(schema, f"sequence_{next(numbers)}")


@pytest.fixture
def ask_all(stack: Stack) -> Iterator[Callable[[str], list[Row]]]:
    """Ask over one connection, as often as the many loads need."""
    connection = connect(stack)

    def run(statement: str) -> list[Row]:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall()

    yield run
    connection.close()


def expect(table: list[Row], options: LoadOptions, batch: list[Row]) -> model.Counts:
    """Do to the model what a load does to the table."""
    match options.mode:
        case "append":
            return model.append(table, batch)
        case "replace":
            return model.replace(table, batch)
        case "replace_slice":
            places = set(options.slice_values or {row[PLACE] for row in batch})
            return model.replace_slice(table, batch, places)
        case "insert_new":
            return model.insert_new(table, batch)
    return model.upsert(table, batch, options.newest is not None, options.deleted is not None)


@IN_SEQUENCE
@given(sequence=st.lists(any_step, min_size=2, max_size=6))
def test_loads_of_every_mode_but_history(
    sequence: list[Step],
    put_rows: PutRows,
    ask_all: Callable[[str], list[Row]],
    settings: Settings,
    new_table: Callable[[], TableName],
) -> None:
    """After each load the whole table and the counts are the model's, with keys that append
    doubled, rows without a time, marks of deletion and empty batches."""
    table, expected = new_table(), list[Row]()
    for options, batch in sequence:
        loaded = load(put_rows(COLUMNS, batch), table, options, settings)
        assert counts_of(loaded) == expect(expected, options, batch)
        found = ask_all(f"SELECT id, place, note, JSON_SERIALIZE(extra), gone, seen FROM {table}")
        assert Counter(found) == Counter(expected)


@IN_SEQUENCE
@given(history=histories)
def test_loads_of_a_history(
    history: History,
    put_rows: PutRows,
    ask_all: Callable[[str], list[Row]],
    settings: Settings,
    new_table: Callable[[], TableName],
) -> None:
    """After each load all versions and the counts are the model's: late and repeated versions,
    several of one key at once, deleted keys that come back, and a key at most once current."""
    table, expected = new_table(), list[model.Version]()
    newest, sequence = history
    for deleted, batch in sequence:
        options = LoadOptions("history", key=KEY, newest=newest, deleted=deleted)
        loaded = load(put_rows(COLUMNS, batch), table, options, settings)
        ((loaded_at,),) = ask_all(
            f"SELECT loaded_at FROM prefect_flows.loads WHERE load_id = '{loaded.load_id}'"
        )
        counts = model.keep_history(
            expected, batch, newest is not None, deleted is not None, loaded_at
        )
        assert counts_of(loaded) == counts
        found = ask_all(
            "SELECT id, place, note, JSON_SERIALIZE(extra), gone, seen, valid_from, valid_to, "
            f"is_current FROM {table}"
        )
        assert Counter(found) == Counter(version.cells() for version in expected)
