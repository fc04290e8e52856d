"""After the commit: statistics and space, for loads that changed a good part of a large table."""

from collections.abc import Iterator

import pyarrow as pa
import pytest

from tests.faults import Moment, StatementProxy, statement_proxy
from tests.local.loading.batches import StageTyped
from tests.local.warehouse import Ask, Stage
from utilities.redshift import LoadOptions, load
from utilities.redshift.maintenance import FEWEST_ROWS
from utilities.references import TableName
from utilities.settings import Settings

UPSERT = LoadOptions(mode="upsert", key=("id",))


@pytest.fixture
def proxy(settings: Settings) -> Iterator[StatementProxy]:
    """Writes down every statement that goes through it."""
    with statement_proxy(settings) as running:
        yield running


def numbers(first: int, count: int) -> pa.Array:
    """Whole numbers from the first on."""
    return pa.array(range(first, first + count), pa.int64())


def after_commit(proxy: StatementProxy) -> list[str]:
    """The beginnings of the statements after the last COMMIT."""
    last = len(proxy.statements) - proxy.statements[::-1].index("COMMIT")
    return [" ".join(statement.split()[:3]) for statement in proxy.statements[last:]]


def test_a_small_load_costs_no_statement_more(
    stage: Stage, settings: Settings, schema: str, proxy: StatementProxy
) -> None:
    """The commit is the last word."""
    loaded = load(
        stage("id\n1\n"), TableName(schema, "small"), LoadOptions(), proxy.settings(settings)
    )
    assert after_commit(proxy) == []
    assert loaded.notes == ()


def test_a_large_load_is_analyzed(
    stage_typed: StageTyped, ask: Ask, settings: Settings, schema: str, proxy: StatementProxy
) -> None:
    """New rows are a good part of the table: the planner learns of them at once."""
    table = TableName(schema, "large")
    loaded = load(
        stage_typed(id=numbers(0, FEWEST_ROWS)), table, LoadOptions(), proxy.settings(settings)
    )
    assert after_commit(proxy) == ["SELECT count(*) FROM", f'ANALYZE "{schema}"."large"']
    assert loaded.notes == ()


def test_many_changed_rows_are_vacuumed(
    stage_typed: StageTyped, ask: Ask, settings: Settings, schema: str, proxy: StatementProxy
) -> None:
    """An update leaves the old row behind until somebody sweeps."""
    table = TableName(schema, "changed")
    load(stage_typed(id=numbers(0, FEWEST_ROWS)), table, LoadOptions(), settings)
    staged = stage_typed(id=numbers(0, FEWEST_ROWS), name=pa.array(["x"] * FEWEST_ROWS))
    assert load(staged, table, UPSERT, proxy.settings(settings)).rows_updated == FEWEST_ROWS
    assert [line.split()[0] for line in after_commit(proxy)] == ["SELECT", "VACUUM", "ANALYZE"]


def test_a_load_that_is_little_to_its_table_changes_nothing(
    stage_typed: StageTyped, ask: Ask, settings: Settings, schema: str, proxy: StatementProxy
) -> None:
    """A hundred thousand rows are few to a table of a million: one count, and that is all."""
    table = TableName(schema, "huge")
    ask(f"CREATE TABLE {table} AS SELECT g AS id FROM generate_series(1, {FEWEST_ROWS * 10}) g")
    load(stage_typed(id=numbers(0, FEWEST_ROWS)), table, LoadOptions(), proxy.settings(settings))
    assert after_commit(proxy) == ["SELECT count(*) FROM"]


@pytest.mark.parametrize("statement", ["VACUUM", "ANALYZE"])
def test_a_failure_after_the_commit_is_a_note(
    stage_typed: StageTyped, ask: Ask, settings: Settings, schema: str, statement: str
) -> None:
    """The rows are loaded, whatever becomes of the sweeping."""
    table = TableName(schema, "unswept")
    staged = stage_typed(id=numbers(0, FEWEST_ROWS))
    load(staged, table, UPSERT, settings)
    changed = stage_typed(id=numbers(0, FEWEST_ROWS), n=numbers(5, FEWEST_ROWS))
    with statement_proxy(settings, Moment(statement, "before")) as proxy:
        loaded = load(changed, table, UPSERT, proxy.settings(settings))
    (note,) = loaded.notes
    assert note.startswith(f"{table}: the rows are loaded, but not followed by VACUUM and ANALYZE")
    assert not loaded.already_loaded
    assert ask(f"SELECT COUNT(n) FROM {table}") == [(FEWEST_ROWS,)]
