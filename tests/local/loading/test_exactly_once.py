"""A batch is in its table once, however often it is loaded."""

import threading

from tests.local.warehouse import Ask, Stage
from utilities.redshift import LoadOptions, load
from utilities.references import Loaded, TableName
from utilities.settings import Settings

UPSERT = LoadOptions(mode="upsert", key=("id",))
ROWS = "id,name\n" + "".join(f"{number},name {number}\n" for number in range(1000))


def test_a_batch_is_loaded_once(stage: Stage, ask: Ask, settings: Settings, schema: str) -> None:
    """The second load of the same content does nothing, and says what the first one did."""
    table = TableName(schema, "once")
    first = load(stage(ROWS), table, LoadOptions(), settings)
    again = load(stage(ROWS), table, LoadOptions(), settings)
    assert (first.already_loaded, first.rows_inserted) == (False, 1000)
    assert (again.already_loaded, again.load_id) == (True, first.load_id)
    assert ask(f"SELECT COUNT(*) FROM {table}") == [(1000,)]


def test_the_same_content_goes_into_another_table(
    stage: Stage, ask: Ask, settings: Settings, schema: str
) -> None:
    """What the ledger knows of one table says nothing of another."""
    staged = stage(ROWS)
    load(staged, TableName(schema, "one"), LoadOptions(), settings)
    assert not load(staged, TableName(schema, "two"), LoadOptions(), settings).already_loaded


def test_parallel_loads_of_one_batch_load_it_once(
    stage: Stage, ask: Ask, settings: Settings, schema: str
) -> None:
    """Four at once: one loads, the others find it in the ledger."""
    table, staged = TableName(schema, "parallel"), stage(ROWS)
    results: list[Loaded] = []
    threads = [
        threading.Thread(target=lambda: results.append(load(staged, table, UPSERT, settings)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(loaded.already_loaded for loaded in results) == [False, True, True, True]
    assert ask(f"SELECT COUNT(*) FROM {table}") == [(1000,)]
