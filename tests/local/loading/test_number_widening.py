"""Columns of numbers become wider where that loses nothing, with all that hangs on them."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pyarrow as pa
import pytest

from tests.faults import Moment, statement_proxy, watched
from tests.local.loading.batches import StageTyped
from tests.local.warehouse import Ask, Stage
from utilities.errors import LoadRejected, SchemaMismatch, TryAgain
from utilities.redshift import LoadOptions, load, table_columns
from utilities.references import TableName
from utilities.settings import Settings

MONEY = pa.decimal128(12, 2)


@pytest.mark.parametrize(
    ("before", "staged", "after"),
    [
        ("SMALLINT", pa.array([70_000], pa.int32()), "INTEGER"),
        ("INTEGER", pa.array([2**62], pa.int64()), "BIGINT"),
        ("BIGINT", pa.array([Decimal("0.25")], MONEY), "NUMERIC(21,2)"),
        ("NUMERIC(6,4)", pa.array([Decimal("0.25")], MONEY), "NUMERIC(14,4)"),
        ("REAL", pa.array([0.1], pa.float64()), "DOUBLE PRECISION"),
        ("INTEGER", pa.array([0.25], pa.float64()), "DOUBLE PRECISION"),
    ],
)
def test_a_column_gets_the_tightest_type_that_holds_both(
    stage_typed: StageTyped,
    ask: Ask,
    settings: Settings,
    schema: str,
    before: str,
    staged: pa.Array,
    after: str,
) -> None:
    """Old values and new ones are there to the last digit, in a column of the same name."""
    table = TableName(schema, "grown")
    ask(f"CREATE TABLE {table} (n {before}, name VARCHAR(8))")
    ask(f"INSERT INTO {table} VALUES (7, 'old'), (NULL, 'none')")
    loaded = load(stage_typed(n=staged, name=pa.array(["new"])), table, LoadOptions(), settings)
    assert loaded.columns_widened == ("n",)
    assert table_columns(table, settings) == {"name": "VARCHAR(8)", "n": after}
    assert ask(f"SELECT n FROM {table} WHERE name <> 'new' ORDER BY name") == [(None,), (7,)]
    assert ask(f"SELECT n FROM {table} WHERE name = 'new'") == [(staged[0].as_py(),)]


def test_several_columns_are_widened_at_once_and_text_beside_them(
    stage_typed: StageTyped, ask: Ask, settings: Settings, schema: str
) -> None:
    """Numbers inside the transaction, text before it; an upsert sees them all."""
    table = TableName(schema, "several")
    ask(f"CREATE TABLE {table} (id SMALLINT, votes SMALLINT, wider_0 INT, name VARCHAR(2))")
    ask(f"INSERT INTO {table} VALUES (1, 10, 5, 'a'), (2, 20, 6, 'b')")
    staged = stage_typed(
        id=pa.array([2, 70_000], pa.int32()),
        votes=pa.array([2**40, 3], pa.int64()),
        name=pa.array(["Bernadette", None]),
    )
    loaded = load(staged, table, LoadOptions(mode="upsert", key=("id",)), settings)
    assert loaded.columns_widened == ("name", "id", "votes")
    assert (loaded.rows_inserted, loaded.rows_updated) == (1, 1)
    assert ask(f"SELECT id, votes, wider_0, name FROM {table} ORDER BY id") == [
        (1, 10, 5, "a"),
        (2, 2**40, 6, "Bernadette"),
        (70_000, 3, None, None),
    ]


def test_comments_and_grants_survive(
    stage_typed: StageTyped, ask: Ask, settings: Settings, schema: str
) -> None:
    """Who may read the table may still do so, and the column still says what it is."""
    table = TableName(schema, "kept")
    ask(f"CREATE TABLE {table} (n SMALLINT)")
    ask(f"COMMENT ON COLUMN {table}.n IS 'count of o''clocks'")
    ask(f"GRANT SELECT ON {table} TO PUBLIC")
    grants = f"SELECT relacl::VARCHAR FROM pg_class WHERE oid = '{table}'::regclass"
    before = ask(grants)
    load(stage_typed(n=pa.array([2**40], pa.int64())), table, LoadOptions(), settings)
    assert ask(grants) == before
    remarks = f"SELECT remarks FROM svv_columns WHERE table_schema = '{schema}'"
    assert ask(remarks) == [("count of o'clocks",)]


@pytest.mark.parametrize(
    ("definition", "reason"),
    [
        ("n SMALLINT DISTKEY", "it is the distribution key"),
        ("n SMALLINT SORTKEY", "it is part of the sort key"),
        ("n SMALLINT NOT NULL", "it is NOT NULL"),
        ("n SMALLINT DEFAULT 0", "it has a default"),
        ("n SMALLINT, m INT, UNIQUE (m, n)", "it is part of a declared key"),
    ],
)
def test_a_column_on_which_the_table_rests_is_refused(
    stage_typed: StageTyped, ask: Ask, settings: Settings, schema: str, definition: str, reason: str
) -> None:
    """What would be lost with the old column is named, and nothing changes."""
    table = TableName(schema, "resting")
    ask(f"CREATE TABLE {table} ({definition})")
    before = table_columns(table, settings)
    with pytest.raises(SchemaMismatch) as caught:
        load(stage_typed(n=pa.array([2**40], pa.int64())), table, LoadOptions(), settings)
    assert str(caught.value) == (
        f"{table}: column 'n' is SMALLINT and would have to become BIGINT "
        "(schema_policy='evolve'), for which Redshift needs a new column in its place; it cannot "
        f"be exchanged: {reason}. Nothing was loaded. Change the column by hand, or load into a "
        "new table."
    )
    assert table_columns(table, settings) == before


def test_a_column_of_a_view_is_refused_and_others_are_not(
    stage_typed: StageTyped, ask: Ask, settings: Settings, schema: str
) -> None:
    """The view that depends on it is named; a view of other columns is no hindrance."""
    table = TableName(schema, "viewed")
    ask(f"CREATE TABLE {table} (n SMALLINT, m SMALLINT)")
    ask(f"CREATE VIEW {schema}.looking AS SELECT m FROM {table}")
    load(stage_typed(n=pa.array([2**40], pa.int64())), table, LoadOptions(), settings)
    with pytest.raises(SchemaMismatch, match="column 'm' is SMALLINT.*looking depends on"):
        load(stage_typed(m=pa.array([2**40], pa.int64())), table, LoadOptions(), settings)
    assert table_columns(table, settings) == {"m": "SMALLINT", "n": "BIGINT"}
    assert ask(f"SELECT COUNT(*) FROM {table}") == [(1,)]


def test_a_reader_never_sees_half_of_it(
    stage_typed: StageTyped, ask: Ask, settings: Settings, schema: str
) -> None:
    """Before or after, and nothing between: neither without the column nor without its values."""
    table = TableName(schema, "read")
    ask(f"CREATE TABLE {table} (n SMALLINT)")
    ask(f"INSERT INTO {table} VALUES (1), (2)")
    staged = stage_typed(n=pa.array([2**40], pa.int64()))
    with watched(settings, f"SELECT COUNT(*), SUM(n) FROM {table}") as seen:
        load(staged, table, LoadOptions(), settings)
    assert seen == {(2, 3), (3, 3 + 2**40)}


def test_what_would_lose_is_refused_with_both_types(
    stage: Stage, stage_typed: StageTyped, ask: Ask, settings: Settings, schema: str
) -> None:
    """A double has not the digits of a BIGINT, so neither type holds both."""
    table = TableName(schema, "losing")
    ask(f"CREATE TABLE {table} (n BIGINT)")
    with pytest.raises(SchemaMismatch) as caught:
        load(stage_typed(n=pa.array([0.5], pa.float64())), table, LoadOptions(), settings)
    assert str(caught.value) == (
        f"{table}: column 'n' is BIGINT, the source has DOUBLE PRECISION (from 'n'), which does "
        "not fit without loss; schema_policy='evolve' has no way around that. Nothing was loaded. "
        "Load into a new table, or change the column in the source."
    )


def test_rows_that_others_change_meanwhile_are_widened_too(
    stage_typed: StageTyped, ask: Ask, settings: Settings, schema: str
) -> None:
    """Up to the moment when the table is locked it belongs to everybody."""
    table = TableName(schema, "shared")
    ask(f"CREATE TABLE {table} (id INTEGER, n SMALLINT)")
    ask(f"INSERT INTO {table} VALUES (1, 10), (2, 20), (3, NULL)")
    staged = stage_typed(id=pa.array([9], pa.int32()), n=pa.array([2**40], pa.int64()))
    with statement_proxy(settings, Moment('LOCK TABLE "', "before", "hold")) as proxy:
        with ThreadPoolExecutor(1) as pool:
            held = pool.submit(load, staged, table, LoadOptions(), proxy.settings(settings))
            assert proxy.reached.wait(60)
            ask(f"UPDATE {table} SET n = NULL WHERE id = 1")
            ask(f"UPDATE {table} SET n = 21 WHERE id = 2")
            ask(f"UPDATE {table} SET n = 30 WHERE id = 3")
            ask(f"INSERT INTO {table} (id, n) VALUES (4, 40)")
            proxy.release()
            assert held.result(60).columns_widened == ("n",)
    assert ask(f"SELECT id, n FROM {table} ORDER BY id") == [
        (1, None),
        (2, 21),
        (3, 30),
        (4, 40),
        (9, 2**40),
    ]


def test_a_load_that_fails_takes_back_what_it_prepared(
    stage_typed: StageTyped, ask: Ask, settings: Settings, schema: str
) -> None:
    """The rows are refused in the transaction; the table is as it was."""
    table = TableName(schema, "taken_back")
    ask(f"CREATE TABLE {table} (id BIGINT, n SMALLINT, must INTEGER NOT NULL)")
    before = table_columns(table, settings)
    staged = stage_typed(id=pa.array([1], pa.int64()), n=pa.array([2**40], pa.int64()))
    with pytest.raises(LoadRejected, match="must"):
        load(staged, table, LoadOptions(), settings)
    assert table_columns(table, settings) == before


@pytest.fixture
def left_over(
    stage_typed: StageTyped, ask: Ask, settings: Settings, schema: str
) -> Iterator[TableName]:
    """A table with one row; a load has prepared a wider n for it and lost its connection."""
    table = TableName(schema, "left")
    ask(f"CREATE TABLE {table} (n SMALLINT)")
    ask(f"INSERT INTO {table} VALUES (7)")
    staged = stage_typed(n=pa.array([2**40], pa.int64()))
    with statement_proxy(settings, Moment("ALTER TABLE .* RENAME", "before")) as proxy:
        with pytest.raises(TryAgain):
            load(staged, table, LoadOptions(), proxy.settings(settings))
    assert len(table_columns(table, settings)) == 2
    yield table


@pytest.mark.parametrize("next_type", [pa.int64(), pa.int32(), pa.int16()])
def test_what_another_load_has_begun_is_completed(
    stage_typed: StageTyped,
    ask: Ask,
    settings: Settings,
    left_over: TableName,
    next_type: pa.DataType,
) -> None:
    """Whether the other load is dead or waits behind this one: no work is done twice."""
    staged = stage_typed(n=pa.array([1], next_type))
    loaded = load(staged, left_over, LoadOptions(), settings)
    assert loaded.columns_widened == ("n",)
    assert table_columns(left_over, settings) == {"n": "BIGINT"}
    assert ask(f"SELECT n FROM {left_over} ORDER BY n") == [(1,), (7,)]


def test_what_another_load_has_begun_does_not_stop_this_one(
    stage_typed: StageTyped, ask: Ask, settings: Settings, left_over: TableName
) -> None:
    """A view was made since then, so that the column has to stay: what was prepared is dropped."""
    ask(f"CREATE VIEW {left_over.schema}.since AS SELECT n FROM {left_over}")
    load(stage_typed(n=pa.array([1], pa.int16())), left_over, LoadOptions(), settings)
    assert table_columns(left_over, settings) == {"n": "SMALLINT"}


def test_a_frozen_table_is_not_widened_for_another_load(
    stage_typed: StageTyped, settings: Settings, left_over: TableName
) -> None:
    """Who asked for no change makes none; the next one who may does it."""
    frozen = LoadOptions(schema_policy="freeze")
    load(stage_typed(n=pa.array([1], pa.int16())), left_over, frozen, settings)
    assert table_columns(left_over, settings)["n"] == "SMALLINT"
    load(stage_typed(n=pa.array([2], pa.int16())), left_over, LoadOptions(), settings)
    assert table_columns(left_over, settings) == {"n": "BIGINT"}


def test_loads_that_widen_beside_each_other(
    stage_typed: StageTyped, ask: Ask, settings: Settings, schema: str
) -> None:
    """Three prepare what each of them needs; all rows arrive, in the widest type."""
    table = TableName(schema, "beside")
    ask(f"CREATE TABLE {table} (n SMALLINT)")
    arrays = [
        pa.array([70_000], pa.int32()),
        pa.array([2**40], pa.int64()),
        pa.array([Decimal("0.25")], MONEY),
    ]
    batches = [stage_typed(n=array) for array in arrays]
    with statement_proxy(settings, Moment("LOCK TABLE", "before", "hold")) as proxy:
        with ThreadPoolExecutor(3) as pool:
            held = pool.submit(load, batches[0], table, LoadOptions(), proxy.settings(settings))
            assert proxy.reached.wait(60)
            others = [
                pool.submit(load, batch, table, LoadOptions(), settings) for batch in batches[1:]
            ]
            for other in others:
                other.result(60)
            proxy.release()
            held.result(60)
    assert table_columns(table, settings) == {"n": "NUMERIC(21,2)"}
    assert ask(f"SELECT n FROM {table} ORDER BY n") == [(Decimal("0.25"),), (70_000,), (2**40,)]


def test_a_name_of_127_bytes(
    stage_typed: StageTyped, ask: Ask, settings: Settings, schema: str
) -> None:
    """There is room for the new column beside the longest of names."""
    table, names = TableName(schema, "long"), [f"{'ä' * 63}{last}" for last in "xy"]
    ask(f'CREATE TABLE {table} ("{names[0]}" SMALLINT, "{names[1]}" SMALLINT)')
    staged = stage_typed(**{name: pa.array([2**40], pa.int64()) for name in names})
    load(staged, table, LoadOptions(), settings)
    assert table_columns(table, settings) == dict.fromkeys(names, "BIGINT")
