"""Loads into one table at once: one after the other, each whole, whatever the first one changed."""

from concurrent.futures import Future, ThreadPoolExecutor

import pyarrow as pa
import pytest

from tests.faults import Moment, statement_proxy, until
from tests.local.loading.batches import StageTyped
from tests.local.warehouse import Ask, Stage
from utilities.redshift import LoadOptions, load, table_columns
from utilities.references import Loaded, TableName
from utilities.settings import Settings

UPSERT = LoadOptions(mode="upsert", key=("id",))


def test_two_different_loads_into_one_table(
    stage: Stage, ask: Ask, settings: Settings, schema: str
) -> None:
    """The second waits at the lock until the first has committed, then sees what it did."""
    table = TableName(schema, "busy")
    load(stage("id,name\n1,old\n", name="0.csv"), table, UPSERT, settings)
    first, second = stage("id,name\n1,a\n2,a\n", name="1.csv"), stage("id,name\n2,b\n3,b\n")
    with statement_proxy(settings, Moment("COMMIT", "before", "hold")) as proxy:
        with ThreadPoolExecutor(2) as pool:
            one = pool.submit(load, first, table, UPSERT, proxy.settings(settings))
            assert proxy.reached.wait(60)
            other = pool.submit(load, second, table, UPSERT, settings)
            until(lambda: _is_waiting(ask), "the second load waits")
            proxy.release()
            counts = [_counts(one), _counts(other)]
    assert counts == [(1, 1), (1, 1)]
    assert ask(f"SELECT id, name FROM {table} ORDER BY id") == [(1, "a"), (2, "b"), (3, "b")]
    ledger = f"SELECT COUNT(DISTINCT batch_key) FROM prefect_flows.loads WHERE target = '{table}'"
    assert ask(ledger) == [(3,)]


@pytest.mark.parametrize("statement", ["COPY", "LOCK TABLE"])
def test_a_schema_that_evolves_while_another_load_runs(
    stage_typed: StageTyped, ask: Ask, settings: Settings, schema: str, statement: str
) -> None:
    """The table gets columns, wider numbers and wider text between a load's look and its lock."""
    table = TableName(schema, "moving")
    ask(f"CREATE TABLE {table} (id SMALLINT, name VARCHAR(4))")
    plain = stage_typed(id=pa.array([1], pa.int16()), name=pa.array(["Ada"]))
    evolving = stage_typed(
        id=pa.array([2**40], pa.int64()), name=pa.array(["Bernadette"]), town=pa.array(["Bern"])
    )
    with statement_proxy(settings, Moment(statement, "before", "hold")) as proxy:
        with ThreadPoolExecutor(1) as pool:
            held = pool.submit(load, plain, table, UPSERT, proxy.settings(settings))
            assert proxy.reached.wait(60)
            load(evolving, table, UPSERT, settings)
            proxy.release()
            assert _counts(held) == (1, 0)
    assert table_columns(table, settings) == {
        "name": "VARCHAR(16)",
        "town": "VARCHAR(16)",
        "id": "BIGINT",
    }
    assert ask(f"SELECT id, name, town FROM {table} ORDER BY id") == [
        (1, "Ada", None),
        (2**40, "Bernadette", "Bern"),
    ]


@pytest.mark.parametrize("statement", ["ALTER TABLE", "LOCK TABLE"])
def test_two_loads_that_widen_the_same_text(
    stage: Stage, ask: Ask, settings: Settings, schema: str, statement: str
) -> None:
    """The one that would make the column narrower again than the other needs loses nothing."""
    table = TableName(schema, "widening")
    ask(f"CREATE TABLE {table} (name VARCHAR(4))")
    known = table_columns(table, settings)
    short, long = "x" * 10, "y" * 300
    held_batch = stage(f"name\n{short}\n", name="short.csv", known=known)
    with statement_proxy(settings, Moment(statement, "before", "hold")) as proxy:
        with ThreadPoolExecutor(1) as pool:
            held = pool.submit(load, held_batch, table, LoadOptions(), proxy.settings(settings))
            assert proxy.reached.wait(60)
            load(stage(f"name\n{long}\n", known=known), table, LoadOptions(), settings)
            proxy.release()
            assert _counts(held) == (1, 0)
    assert table_columns(table, settings) == {"name": "VARCHAR(512)"}
    assert ask(f"SELECT name FROM {table} ORDER BY 1") == [(short,), (long,)]


def test_the_same_load_twice_at_once(
    stage: Stage, ask: Ask, settings: Settings, schema: str
) -> None:
    """Both have copied; the second finds the first in the ledger, behind the lock."""
    table, staged = TableName(schema, "twice"), stage("id\n1\n2\n")
    with statement_proxy(settings, Moment("LOCK TABLE", "before", "hold")) as proxy:
        with ThreadPoolExecutor(1) as pool:
            held = pool.submit(load, staged, table, LoadOptions(), proxy.settings(settings))
            assert proxy.reached.wait(60)
            first = load(staged, table, LoadOptions(), settings)
            proxy.release()
            second = held.result(60)
    assert (first.already_loaded, second.already_loaded) == (False, True)
    assert second.load_id == first.load_id
    assert ask(f"SELECT COUNT(*) FROM {table}") == [(2,)]


def _is_waiting(ask: Ask) -> bool:
    return ask("SELECT COUNT(*) > 0 FROM pg_locks WHERE NOT granted") == [(True,)]


def _counts(load: Future[Loaded]) -> tuple[int, int]:
    loaded = load.result(timeout=60)
    return loaded.rows_inserted, loaded.rows_updated
