"""Old detail of the ledger: rejected rows, and rows that tell of loads which did nothing.

A ledger row that brought rows is never forgotten, however old: it is what keeps the same batch from
being loaded a second time, and a file may come back after years. The table of deliveries is not
touched for the same reason.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from importlib.resources import files

from psycopg2 import sql
from psycopg2.extensions import cursor as Cursor

from utilities import ledger
from utilities.errors import ParameterInvalid
from utilities.maintenance.freed import Freed
from utilities.redshift.connection import connected, transaction
from utilities.redshift.identifiers import parse_table_name, qualified
from utilities.redshift.reading.refusals import answered
from utilities.redshift.rejects import rejects_table
from utilities.redshift.tables import describe_table
from utilities.references import TableName
from utilities.settings import Settings

REJECTED = "rejected rows"
EMPTY_LOADS = "ledger rows of loads without rows"

KEPT_LOADS = 100
"""Of each table: more than a rule about the last loads looks back."""

_TARGETS = "SELECT DISTINCT target FROM prefect_flows.loads WHERE rows_rejected > 0 ORDER BY target"
_MADE_BY_LOADS = {"load_id", "rejected_at", "record"}


def free_ledger_detail(
    settings: Settings, days: int, now: datetime, *, dry_run: bool
) -> list[Freed]:
    """Remove rejected rows and empty loads that are older than some days.

    Each table is a transaction of its own, under the lock that loads take: none of them fails
    because of this, and a load waits for one table at most.

    Raises:
        QueryRefused, AccessDenied, WarehouseUnavailable: as everywhere; what was removed by then
            stays removed.
    """
    if not days:
        return [Freed(REJECTED, str(ledger.LEDGER), "rows", 0, note="kept for ever")]
    before = (now - timedelta(days=days)).astimezone(UTC).replace(tzinfo=None)
    with _ledger(settings) as cursor:
        freed = [
            _free(cursor, REJECTED, table, _rejected(table, before), settings, dry_run)
            for table in _rejects_tables(cursor)
        ]
        freed.append(
            _free(cursor, EMPTY_LOADS, ledger.LEDGER, _empty_loads(before), settings, dry_run)
        )
    return freed


@contextmanager
def _ledger(settings: Settings) -> Iterator[Cursor]:
    with connected(settings) as connection, answered(str(ledger.LEDGER), settings):
        ledger.create_ledger(connection)
        with connection.cursor() as cursor:
            yield cursor


def _rejects_tables(cursor: Cursor) -> list[TableName]:
    """Return the tables of rejects that loads have made."""
    cursor.execute(_TARGETS)
    found = [_rejects_of(target) for (target,) in cursor.fetchall()]
    return [
        table
        for table in found
        if table is not None and _MADE_BY_LOADS <= describe_table(cursor, table).keys()
    ]


def _rejects_of(target: str) -> TableName | None:
    try:
        return rejects_table(parse_table_name(target))
    except ParameterInvalid:
        return None


def _rejected(table: TableName, before: datetime) -> sql.Composable:
    return sql.SQL("FROM {} WHERE rejected_at < {}").format(qualified(table), sql.Literal(before))


def _empty_loads(before: datetime) -> sql.Composable:
    text = files("utilities.maintenance").joinpath("empty_loads.sql").read_text()
    forgotten = sql.SQL(text).format(kept=sql.Literal(KEPT_LOADS), before=sql.Literal(before))
    return sql.SQL("FROM {} WHERE load_id IN (\n{})").format(qualified(ledger.LEDGER), forgotten)


def _free(
    cursor: Cursor,
    what: str,
    table: TableName,
    old: sql.Composable,
    settings: Settings,
    dry_run: bool,
) -> Freed:
    """Count or delete what an expression `FROM table WHERE ...` tells."""
    with answered(str(table), settings):
        if dry_run:
            cursor.execute(sql.SQL("SELECT COUNT(*) {}").format(old))
            (count,) = cursor.fetchone() or (0,)
        else:
            with transaction(cursor.connection):
                ledger.lock_loads(cursor)
                cursor.execute(sql.SQL("DELETE {}").format(old))
                count = cursor.rowcount
    return Freed(what, str(table), "rows", count, is_removed=not dry_run)
