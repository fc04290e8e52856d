"""Counts and samples belong to one state of the table, whatever others do meanwhile."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.faults.statements import Moment, statement_proxy
from tests.local.quality.conftest import NOW, Fill
from utilities.quality import NotNull, Unique, check
from utilities.settings import Settings

BOUND_SECONDS = 60.0


def test_rows_that_vanish_meanwhile_are_still_shown(
    fill: Fill, settings: Settings, ask: Any
) -> None:
    """Between the count and the samples another client empties the table."""
    table = fill({"id": "INTEGER", "name": "VARCHAR(9)"}, [(1, None), (2, "b"), (3, None)])
    rules = (NotNull("name"), Unique("id"))
    moment = Moment("SELECT c0, c1 FROM", "before", "hold")
    with statement_proxy(settings, moment) as proxy, ThreadPoolExecutor(1) as pool:
        checking = pool.submit(check, table, rules, proxy.settings(settings), now=NOW)
        assert proxy.reached.wait(BOUND_SECONDS)
        ask(f"DELETE FROM {table}")
        proxy.release()
        report = checking.result(BOUND_SECONDS)
    assert report.rows == 3
    assert report.results[0].failing_rows == 2
    assert report.results[0].samples == (
        (("name", None), ("id", "1")),
        (("name", None), ("id", "3")),
    )
    assert ask(f"SELECT COUNT(*) FROM {table}") == [(0,)]
