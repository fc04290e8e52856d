"""A batch is in its table once, wherever the connection breaks and however often it is loaded."""

import threading

import pytest

from tests.faults import When, cutting_proxy
from tests.local.warehouse import Ask, Stage
from utilities.errors import WarehouseUnavailable
from utilities.redshift import LoadOptions, load
from utilities.references import Loaded, TableName
from utilities.settings import Settings

STATEMENTS = [
    b"CREATE TEMPORARY TABLE",
    b"COPY ",
    b"LOCK TABLE",
    b"MERGE INTO",
    b"INSERT INTO prefect_flows.loads",
    b"COMMIT",
]
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


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("statement", STATEMENTS, ids=lambda pattern: pattern.decode().split()[0])
def test_a_connection_cut_at_any_statement_loses_and_doubles_nothing(
    stage: Stage, ask: Ask, settings: Settings, schema: str, statement: bytes, when: When
) -> None:
    """Cut before the server sees the statement, or before the client sees the answer: the load
    says "try again" or knows that it was committed, and a repetition completes it."""
    table = TableName(schema, "cut")
    load(stage("id,name\n1,old\n5000,kept\n"), table, UPSERT, settings)
    staged = stage(ROWS)
    address = (settings.redshift_host, settings.redshift_port)
    with cutting_proxy(*address, statement, when) as proxy:
        through = settings.model_copy(
            update={"redshift_host": proxy.address[0], "redshift_port": proxy.address[1]}
        )
        try:
            loaded = load(staged, table, UPSERT, through)
        except WarehouseUnavailable:
            loaded = load(staged, table, UPSERT, settings)
    assert proxy.cuts == 1
    assert (loaded.rows_inserted, loaded.rows_updated) == (999, 1)
    assert ask(f"SELECT COUNT(*), COUNT(DISTINCT id) FROM {table}") == [(1001, 1001)]
    assert ask(f"SELECT name FROM {table} WHERE id IN (1, 5000) ORDER BY id") == [
        ("name 1",),
        ("kept",),
    ]
    ledger = f"SELECT rows_staged FROM prefect_flows.loads WHERE target = '{table}' ORDER BY 1"
    assert ask(ledger) == [(2,), (1000,)]


def test_a_lost_answer_to_commit_is_found_in_the_ledger(
    stage: Stage, ask: Ask, settings: Settings, schema: str
) -> None:
    """When the commit happened and only its answer was lost, the load reports success by itself."""
    table = TableName(schema, "answer")
    address = (settings.redshift_host, settings.redshift_port)
    with cutting_proxy(*address, b"COMMIT", "after") as proxy:
        through = settings.model_copy(
            update={"redshift_host": proxy.address[0], "redshift_port": proxy.address[1]}
        )
        loaded = load(stage(ROWS), table, LoadOptions(), through)
    assert proxy.cuts == 1
    assert (loaded.already_loaded, loaded.rows_inserted) == (False, 1000)
    assert ask(f"SELECT COUNT(*) FROM {table}") == [(1000,)]


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
