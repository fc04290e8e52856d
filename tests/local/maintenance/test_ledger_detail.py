"""Old detail of the ledger goes; no load can be forgotten that would double or undo anything."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.faults import Moment, start, statement_proxy, until
from tests.local.warehouse import Ask
from utilities.maintenance import Freed, free_ledger_detail
from utilities.maintenance.ledger_detail import KEPT_LOADS
from utilities.objects import ObjectStore
from utilities.redshift import LoadOptions, Mode, find_watermark, load
from utilities.references import Loaded, Staged, TableName
from utilities.settings import Settings
from utilities.staging import StageOptions, declare
from utilities.staging import stage as stage_source

BOUND_SECONDS = 60.0
YEAR = 365
LATER = datetime.now(UTC) + timedelta(days=400)
"""When all that was loaded in these tests is old."""

OLD_LOADS = """
INSERT INTO prefect_flows.loads (load_id, target, batch_key, source, mode, watermark, rows_staged,
    rows_inserted, rows_updated, bytes_staged, columns_added, loaded_at, seconds)
SELECT {target} || number, {target}, {target} || number, 'made', '{mode}', {watermark}, {rows},
    {rows}, 0, 0, '[]', DATEADD(day, -1000 + number, GETDATE()), 0.1
FROM (SELECT ROW_NUMBER() OVER (ORDER BY 1) AS number FROM pg_class LIMIT {count}) AS numbers
"""


def make_old_loads(
    ask: Ask,
    table: TableName,
    count: int,
    mode: Mode = "upsert",
    rows: int = 0,
    watermark: str = "NULL",
) -> None:
    """Write rows of years ago into the ledger, one for each day."""
    values = {"target": f"'{table}'", "mode": mode, "rows": rows, "watermark": watermark}
    ask(OLD_LOADS.format(count=count, **values))


def loads_of(ask: Ask, table: TableName) -> int:
    """Return how many rows the ledger has for a table."""
    [(count,)] = ask(f"SELECT COUNT(*) FROM prefect_flows.loads WHERE target = '{table}'")
    return int(count)


def freed_of(freed: list[Freed], where: str) -> int:
    """Return how many rows one table was freed of."""
    return sum(each.count for each in freed if each.where == where)


def stage_with_rejects(settings: Settings, place: str, id: int = 1) -> Staged:
    """Stage two rows, of which one is set aside."""
    options = StageOptions(declared=declare({"id": "BIGINT"}), quarantine=1.0)
    records = [{"id": id}, {"id": "no number"}]
    store = ObjectStore(settings)
    return stage_source(records, destination=place, store=store, options=options)


def load_with_rejects(settings: Settings, table: TableName, place: str) -> Loaded:
    """Load one row and one reject."""
    return load(stage_with_rejects(settings, place), table, LoadOptions(), settings)


@pytest.fixture
def table(settings: Settings, schema: str, bucket_prefix: str) -> TableName:
    """A table with one row and one rejected row."""
    name = TableName(schema, "t")
    load_with_rejects(settings, name, bucket_prefix)
    return name


def test_rejected_rows_go_by_age(settings: Settings, ask: Ask, table: TableName) -> None:
    """Those of a year ago, not those of today; the table and the ledger keep what they have."""
    rejects = f"{table}_rejects"
    now = datetime.now(UTC)
    assert freed_of(free_ledger_detail(settings, YEAR, now, dry_run=False), rejects) == 0
    assert freed_of(free_ledger_detail(settings, YEAR, LATER, dry_run=True), rejects) == 1
    assert ask(f"SELECT COUNT(*) FROM {rejects}") == [(1,)]
    assert freed_of(free_ledger_detail(settings, YEAR, LATER, dry_run=False), rejects) == 1
    assert ask(f"SELECT COUNT(*) FROM {rejects}") == [(0,)]
    assert freed_of(free_ledger_detail(settings, YEAR, LATER, dry_run=False), rejects) == 0
    assert ask(f"SELECT id FROM {table}") == [(1,)]
    assert loads_of(ask, table) == 1


def test_a_table_that_only_looks_like_one_of_rejects_is_left_alone(
    settings: Settings, ask: Ask, table: TableName
) -> None:
    """A person has put another one in its place, or dropped it."""
    ask(f"DROP TABLE {table}_rejects")
    free_ledger_detail(settings, YEAR, LATER, dry_run=False)
    ask(f"CREATE TABLE {table}_rejects (rejected_at TIMESTAMP)")
    ask(f"INSERT INTO {table}_rejects VALUES ('2001-01-01')")
    free_ledger_detail(settings, YEAR, LATER, dry_run=False)
    assert ask(f"SELECT COUNT(*) FROM {table}_rejects") == [(1,)]


def test_loads_without_rows_are_forgotten(settings: Settings, ask: Ask, schema: str) -> None:
    """All but the last hundred of each table, as a dry run has told."""
    name = TableName(schema, "often_empty")
    make_old_loads(ask, name, KEPT_LOADS + 20)
    told = free_ledger_detail(settings, YEAR, datetime.now(UTC), dry_run=True)
    done = free_ledger_detail(settings, YEAR, datetime.now(UTC), dry_run=False)
    assert freed_of(told, "prefect_flows.loads") == freed_of(done, "prefect_flows.loads") == 20
    assert loads_of(ask, name) == KEPT_LOADS


@pytest.mark.parametrize(("mode", "rows"), [("upsert", 1), ("replace", 0), ("replace_slice", 0)])
def test_what_keeps_a_batch_from_being_loaded_again_stays(
    settings: Settings, ask: Ask, schema: str, mode: Mode, rows: int
) -> None:
    """Loads that brought rows, however old; and loads that empty what they replace."""
    name = TableName(schema, "kept")
    make_old_loads(ask, name, KEPT_LOADS + 20, mode, rows)
    free_ledger_detail(settings, YEAR, LATER, dry_run=False)
    assert loads_of(ask, name) == KEPT_LOADS + 20


def test_the_watermark_stays(settings: Settings, ask: Ask, schema: str) -> None:
    """The next run goes on from where the last one ended, also when that was long ago and brought
    no rows."""
    name = TableName(schema, "marked")
    make_old_loads(ask, name, 1, watermark="'2024-01-01'")
    ask(f"UPDATE prefect_flows.loads SET loaded_at = '2001-01-01' WHERE target = '{name}'")
    make_old_loads(ask, TableName(schema, "other"), KEPT_LOADS + 1)
    ask(
        f"UPDATE prefect_flows.loads SET target = '{name}', load_id = 'm' || load_id "
        f"WHERE target = '{schema}.other'"
    )
    free_ledger_detail(settings, YEAR, LATER, dry_run=False)
    assert find_watermark(name, settings) == "2024-01-01"


def test_a_batch_is_known_after_years_of_maintenance(
    settings: Settings, ask: Ask, table: TableName, bucket_prefix: str
) -> None:
    """The same rows again are skipped."""
    make_old_loads(ask, table, KEPT_LOADS + 5)
    free_ledger_detail(settings, YEAR, LATER + timedelta(days=4000), dry_run=False)
    assert load_with_rejects(settings, table, f"{bucket_prefix}again/").already_loaded
    assert ask(f"SELECT id FROM {table}") == [(1,)]


def test_killed_in_the_middle_it_has_done_nothing_or_all(
    settings: Settings, ask: Ask, table: TableName
) -> None:
    """SIGKILL before a commit: the rows are there, the lock is free, a load and the next run pass."""
    with statement_proxy(settings, Moment("COMMIT", "before", "hold")) as proxy:
        job = start(free_for_good, proxy.settings(settings))
        assert proxy.reached.wait(BOUND_SECONDS)
        job.kill()
        proxy.drop()
    assert ask(f"SELECT COUNT(*) FROM {table}_rejects") == [(1,)]
    assert freed_of(free_for_good(settings), f"{table}_rejects") == 1


def free_for_good(settings: Settings) -> list[Freed]:
    """What the killed process does."""
    return free_ledger_detail(settings, YEAR, LATER, dry_run=False)


def test_a_load_on_its_way_is_waited_for(
    settings: Settings, ask: Ask, table: TableName, bucket_prefix: str
) -> None:
    """Neither fails because of the other: the deletion waits for the lock of the load, then goes on."""
    staged = stage_with_rejects(settings, f"{bucket_prefix}second/", id=2)
    with statement_proxy(settings, Moment("COMMIT", "before", "hold")) as proxy:
        loading = start(load, staged, table, LoadOptions(), proxy.settings(settings))
        assert proxy.reached.wait(BOUND_SECONDS)
        freeing = start(free_for_good, settings)
        waiting = "SELECT COUNT(*) FROM pg_locks WHERE NOT granted"
        until(lambda: ask(waiting) == [(1,)], "the deletion waits for the load")
        proxy.release()
        assert loading.result().rows_inserted == 1
    assert freed_of(freeing.result(), f"{table}_rejects") == 2
    assert ask(f"SELECT id FROM {table} ORDER BY id") == [(1,), (2,)]
