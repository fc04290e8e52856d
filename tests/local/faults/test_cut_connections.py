"""A connection that breaks loses nothing and doubles nothing, in every mode, at every statement."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults import Moment, statement_proxy, watched
from tests.faults.statements import BOUND_SECONDS
from tests.local.faults.conftest import NothingIsLeft, Rows
from tests.local.faults.jobs import ANY, stage_batch
from tests.local.faults.scenarios import SCENARIOS, Scenario, csv, summary
from utilities.errors import WarehouseUnavailable
from utilities.redshift import load
from utilities.references import TableName
from utilities.settings import Settings

Write = Callable[[str, str], Path]

PART_OF_A_LOAD = 8
"""Statements that every load has at least; fewer would mean that the proxy saw little of it."""


@pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
def test_a_connection_cut_before_any_statement(
    settings: Settings,
    schema: str,
    write: Write,
    rows: Rows,
    nothing_is_left: NothingIsLeft,
    scenario: Scenario,
) -> None:
    """Cut before the first statement, before the second, and so on to COMMIT: the load says "try
    again", the table is as it was, and a repetition completes it. Readers see nothing else."""
    options = scenario.options
    before = stage_batch(write("before.csv", csv(scenario.before)), ANY, options, settings)
    batch = stage_batch(write("batch.csv", csv(scenario.batch)), ANY, options, settings)
    number, to_commit = 0, 1
    while number < to_commit:
        table = TableName(schema, f"cut_{number}")
        load(before, table, options, settings)
        with statement_proxy(settings, Moment(number, "before")) as proxy:
            with pytest.raises(WarehouseUnavailable, match="Run again"):
                load(batch, table, options, proxy.settings(settings))
        assert rows(table) == sorted(scenario.before)
        with statement_proxy(settings) as proxy:
            load(batch, table, options, proxy.settings(settings))
        to_commit = proxy.statements.index("COMMIT") + 1
        assert rows(table) == sorted(scenario.after)
        nothing_is_left(table, 2)
        number += 1
    assert to_commit >= PART_OF_A_LOAD


@pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
def test_a_lost_answer_to_commit_is_found_in_the_ledger(
    settings: Settings,
    schema: str,
    write: Write,
    rows: Rows,
    nothing_is_left: NothingIsLeft,
    scenario: Scenario,
) -> None:
    """When the commit happened and only its answer was lost, the load reports success by itself;
    a repetition finds the batch there. Readers see the table before or after."""
    table = TableName(schema, "answer")
    options = scenario.options
    before = stage_batch(write("before.csv", csv(scenario.before)), ANY, options, settings)
    batch = stage_batch(write("batch.csv", csv(scenario.batch)), ANY, options, settings)
    load(before, table, options, settings)
    with (
        watched(settings, f"SELECT COUNT(*), SUM(id), SUM(version) FROM {table}") as seen,
        statement_proxy(settings, Moment("COMMIT", "after")) as proxy,
    ):
        loaded = load(batch, table, options, proxy.settings(settings))
    assert proxy.reached.wait(BOUND_SECONDS)
    assert not loaded.already_loaded
    assert load(batch, table, options, settings).already_loaded
    assert rows(table) == sorted(scenario.after)
    assert seen == {summary(scenario.before), summary(scenario.after)}
    nothing_is_left(table, 2)
