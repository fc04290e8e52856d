"""The ledger is there when it is needed, complete, whoever comes first."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from tests.faults import Moment, statement_proxy
from tests.local.warehouse import Ask, Stage
from utilities import ledger
from utilities.errors import WarehouseUnavailable
from utilities.redshift import LoadOptions, find_loaded, find_recent_loads, load
from utilities.redshift.connection import connected
from utilities.redshift.refusals import explained
from utilities.references import TableName
from utilities.settings import Settings

LATER = ("rows_deleted", "rows_rejected", "commit_hash", "manifest")
SHAPE = (
    "SELECT column_name, data_type, character_maximum_length, is_nullable FROM svv_columns "
    "WHERE table_schema = 'prefect_flows' AND table_name = 'loads' ORDER BY column_name"
)


def make_older(ask: Ask) -> None:
    """Take from the ledger what the first ledgers did not have."""
    for name in LATER:
        ask(f"ALTER TABLE prefect_flows.loads DROP COLUMN {name}")


def test_an_older_ledger_gets_what_it_lacks(
    stage: Stage, ask: Ask, settings: Settings, schema: str
) -> None:
    """Same columns, types and rules as a new one; what it knew stays known."""
    table, staged = TableName(schema, "old"), stage("id\n1\n", name="old.csv")
    load(staged, table, LoadOptions(), settings)
    new_shape = ask(SHAPE)
    make_older(ask)
    load(stage("id\n2\n"), table, LoadOptions(), settings)
    assert ask(SHAPE) == new_shape
    known = find_loaded([staged.batch_key], table, settings)[staged.batch_key]
    assert (known.rows_inserted, known.rows_deleted, known.rows_rejected) == (1, 0, 0)


def test_a_complete_ledger_costs_one_look(stage: Stage, settings: Settings, schema: str) -> None:
    """No right to change anything is needed, and nothing is waited for."""
    table = TableName(schema, "t")
    load(stage("id\n1\n"), table, LoadOptions(), settings)
    with statement_proxy(settings) as proxy:
        find_recent_loads(table, 1, proxy.settings(settings))
    assert [statement.split()[0] for statement in proxy.statements] == ["SELECT", "SELECT"]


@pytest.mark.parametrize("statement", ["ALTER TABLE", "CREATE SCHEMA", "CREATE TABLE"])
def test_two_runs_that_come_first_at_once(
    stage: Stage, ask: Ask, settings: Settings, schema: str, statement: str
) -> None:
    """One is held before its first change while the other makes all of them: both load."""
    table = TableName(schema, "first")
    load(stage("id\n0\n"), TableName(schema, "before"), LoadOptions(), settings)
    if statement == "ALTER TABLE":
        make_older(ask)
    else:
        ask("DROP SCHEMA prefect_flows CASCADE")
    one, other = stage("id\n1\n", name="1.csv"), stage("id\n2\n", name="2.csv")
    moment = Moment(rf"\s*(--.*\s+)*{statement}", "before", "hold")
    with statement_proxy(settings, moment) as proxy, ThreadPoolExecutor(1) as pool:
        held = pool.submit(load, one, table, LoadOptions(), proxy.settings(settings))
        assert proxy.reached.wait(60)
        load(other, table, LoadOptions(), settings)
        proxy.release()
        assert held.result(60).rows_inserted == 1
    assert ask(f"SELECT id FROM {table} ORDER BY id") == [(1,), (2,)]
    assert len(find_recent_loads(table, 5, settings)) == 2


def test_many_runs_that_come_first_at_once(ask: Ask, settings: Settings) -> None:
    """However their statements fall between one another, each finds the ledger made, or is told
    to try again."""
    runs = 8
    together = Barrier(runs)

    def come_first(_: int) -> None:
        with connected(settings) as connection, explained("the ledger", settings):
            together.wait(60)
            ledger.create_ledger(connection)

    for _ in range(20):
        ask("DROP SCHEMA IF EXISTS prefect_flows CASCADE")
        with ThreadPoolExecutor(runs) as pool:
            came = [pool.submit(come_first, run) for run in range(runs)]
        failures = [future.exception() for future in came]
        assert {type(failure) for failure in failures} <= {type(None), WarehouseUnavailable}
        assert ask("SELECT COUNT(*) FROM prefect_flows.loads") == [(0,)]
