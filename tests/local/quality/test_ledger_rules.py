"""Rules that compare a table with what the ledger knows of its loads."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from psycopg2.extensions import connection as Connection

from infrastructure.local.stack import Stack
from tests.clients import connect
from tests.local.quality.conftest import NOW, Check, Fill
from utilities import ledger
from utilities.quality import Fresh, RowCount
from utilities.references import Loaded, Staged, TableName

Record = Callable[[TableName, int, datetime], None]


@pytest.fixture
def connection(stack: Stack) -> Iterator[Connection]:
    """A connection to a warehouse that has a ledger."""
    connection = connect(stack)
    ledger.create_ledger(connection)
    yield connection
    connection.close()


@pytest.fixture
def record(connection: Connection) -> Record:
    """Write a load of so many rows at a time into the ledger, as a load does."""

    def run(table: TableName, rows: int, loaded_at: datetime) -> None:
        staged = Staged("s3://b/m", "a.csv", loaded_at.isoformat(), (), rows, 0)
        loaded = Loaded(str(table), str(loaded_at), "a.csv", False, rows, rows, 0)
        entry = ledger.Entry(mode="append", loaded_at=loaded_at.replace(tzinfo=None))
        with connection.cursor() as cursor:
            ledger.record_load(cursor, loaded, staged, entry)

    return run


@pytest.mark.parametrize(
    ("loads", "passed"),
    [
        ([100, 90, 110, 149], True),
        ([100, 90, 110, 150], True),
        ([100, 90, 110, 151], False),
        ([100, 90, 110, 50], True),
        ([100, 90, 110, 49], False),
        ([1, 100, 90, 110, 149], True),
        ([0, 0, 5], False),
        ([7], True),
        ([], True),
    ],
)
def test_the_newest_load_is_compared_with_those_before_it(
    fill: Fill, run_check: Check, record: Record, loads: list[int], passed: bool
) -> None:
    """With their median, and only with the last of them; the first load has nothing to match."""
    table = fill({"id": "INTEGER"})
    for day, rows in enumerate(loads):
        record(table, rows, NOW - timedelta(days=len(loads) - day))
    (result,) = run_check(table, RowCount(last_loads=3, within=0.5)).results
    assert result.passed == passed
    if not passed and loads[0]:
        assert result.detail == (
            f"the newest load had {loads[-1]} rows, the median of 3 before it is 100"
        )


def test_a_table_is_fresh_when_it_was_loaded_lately(
    fill: Fill, run_check: Check, record: Record
) -> None:
    """Without a column, the ledger tells when the last load was; other tables do not matter."""
    table, other = fill({"id": "INTEGER"}), fill({"id": "INTEGER"}, name="other")
    rules = (Fresh(timedelta(hours=26)), Fresh(timedelta(hours=25)))
    record(table, 1, NOW - timedelta(hours=26))
    record(other, 1, NOW - timedelta(hours=1))
    day, less = run_check(table, *rules).results
    assert (day.passed, less.passed) == (True, False)
    assert less.rule == "last load at most 1 day, 1:00:00 old"
    assert less.detail == "newest is 2026-11-20T02:00:00, 1 day, 2:00:00 before the check"


def test_a_table_that_was_never_loaded_is_not_fresh(
    fill: Fill, run_check: Check, connection: Connection
) -> None:
    """Also where there is no ledger at all: a check makes nothing in the warehouse."""
    table = fill({"id": "INTEGER"})
    with connection.cursor() as cursor:
        cursor.execute("ALTER SCHEMA prefect_flows RENAME TO set_aside")
        try:
            without = run_check(table, Fresh(timedelta(1)), RowCount(last_loads=1, within=0.5))
            cursor.execute("SELECT count(*) FROM pg_namespace WHERE nspname = 'prefect_flows'")
            assert cursor.fetchone() == (0,)
        finally:
            cursor.execute("ALTER SCHEMA set_aside RENAME TO prefect_flows")
    assert [result.passed for result in without.results] == [False, True]
    (result,) = run_check(table, Fresh(timedelta(1))).results
    assert (result.passed, result.detail) == (False, "nothing up to the time of the check")
