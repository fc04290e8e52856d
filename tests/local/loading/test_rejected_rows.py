"""Rows that were set aside are kept beside the table, in the transaction that loads the rest."""

from dataclasses import replace

import pytest

from tests.local.loading.batches import StageSifted
from tests.local.warehouse import Ask, Stage
from utilities.errors import InvariantBroken, SchemaMismatch
from utilities.redshift import LoadOptions, find_loaded, load, table_columns
from utilities.redshift.rejects import rejects_table
from utilities.references import TableName
from utilities.settings import Settings

GOOD, BAD_DATE, BAD_NUMBER = "1,1990-02-01\n", "2,1990-02-31\n", "many \N{PARTY POPPER},\n"
HEADER = "id,born\n"


def test_rejects_are_kept_with_reason_file_and_line(
    stage_sifted: StageSifted, ask: Ask, settings: Settings, schema: str
) -> None:
    """The rest is loaded; ledger and result count what was not."""
    table = TableName(schema, "people")
    staged = stage_sifted(HEADER + GOOD + BAD_DATE + BAD_NUMBER)
    loaded = load(staged, table, LoadOptions(), settings)
    assert (loaded.rows_inserted, loaded.rows_rejected) == (1, 2)
    columns = "source, line, column_name, value, record, load_id"
    assert ask(f"SELECT {columns} FROM {schema}.people_rejects ORDER BY line") == [
        (staged.source, 3, "born", "1990-02-31", '{"id":"2","born":"1990-02-31"}', loaded.load_id),
        (
            staged.source,
            4,
            "id",
            "many \N{PARTY POPPER}",
            '{"id":"many \N{PARTY POPPER}","born":null}',
            loaded.load_id,
        ),
    ]
    assert ask(f"SELECT COUNT(*) FROM {schema}.people_rejects WHERE reason > ' '") == [(2,)]
    ((rejected_at, loaded_at),) = ask(
        f"SELECT MIN(r.rejected_at), MIN(l.loaded_at) FROM {schema}.people_rejects r "
        "JOIN prefect_flows.loads l ON l.load_id = r.load_id"
    )
    assert rejected_at == loaded_at
    known = find_loaded([staged.batch_key], table, settings)[staged.batch_key]
    assert known.rows_rejected == 2


def test_a_second_load_adds_to_the_table_of_rejects(
    stage: Stage, stage_sifted: StageSifted, ask: Ask, settings: Settings, schema: str
) -> None:
    """One table of rejects for all loads; the same batch again adds nothing."""
    table = TableName(schema, "people")
    first = stage_sifted(HEADER + GOOD + BAD_DATE)
    load(first, table, LoadOptions(), settings)
    assert load(first, table, LoadOptions(), settings).already_loaded
    load(stage_sifted(HEADER + GOOD + BAD_NUMBER), table, LoadOptions(), settings)
    load(stage("id\n3\n"), table, LoadOptions(), settings)
    rejects = f"SELECT column_name FROM {schema}.people_rejects ORDER BY 1"
    assert ask(rejects) == [("born",), ("id",)]
    assert ask(f"SELECT COUNT(*) FROM {table}") == [(3,)]


def test_a_batch_of_nothing_but_rejects(
    stage_sifted: StageSifted, ask: Ask, settings: Settings, schema: str
) -> None:
    """No row loaded, and each of them accounted for."""
    table = TableName(schema, "people")
    loaded = load(stage_sifted(HEADER + BAD_DATE), table, LoadOptions(), settings)
    assert (loaded.rows_inserted, loaded.rows_rejected) == (0, 1)
    assert ask(f"SELECT COUNT(*) FROM {schema}.people_rejects") == [(1,)]


def test_rejects_are_counted_like_rows(
    stage_sifted: StageSifted, settings: Settings, schema: str
) -> None:
    """Fewer rejects than were staged is never taken for success; nothing is created."""
    table, staged = TableName(schema, "people"), stage_sifted(HEADER + GOOD + BAD_DATE)
    assert staged.rejects is not None
    wrong = replace(staged, rejects=replace(staged.rejects, rows=2))
    with pytest.raises(InvariantBroken, match="2 rows were staged in .*, Redshift copied"):
        load(wrong, table, LoadOptions(), settings)
    assert table_columns(table, settings) == table_columns(rejects_table(table), settings) == {}


def test_a_table_of_that_name_for_something_else(
    stage_sifted: StageSifted, ask: Ask, settings: Settings, schema: str
) -> None:
    """Nothing is mixed into what somebody else keeps there, and nothing is loaded."""
    table = TableName(schema, "people")
    ask(f"CREATE TABLE {table}_rejects (id BIGINT, why VARCHAR(64))")
    with pytest.raises(SchemaMismatch) as caught:
        load(stage_sifted(HEADER + GOOD + BAD_DATE), table, LoadOptions(), settings)
    assert str(caught.value) == (
        f"{table}_rejects: the rejects of {table} are kept there, and the table that is there is "
        "another one: it has id, why; expected source, line, column_name, value, reason, record, "
        "load_id, rejected_at. Nothing was loaded. Rename it."
    )
    assert table_columns(table, settings) == {}


def test_long_table_names_have_rejects_of_their_own(
    stage_sifted: StageSifted, ask: Ask, settings: Settings, schema: str
) -> None:
    """Two names of 127 bytes that differ at the end: two tables of rejects, both legal."""
    tables = [TableName(schema, f"{'ä' * 63}{last}") for last in "xy"]
    for table in tables:
        load(stage_sifted(HEADER + GOOD + BAD_DATE), table, LoadOptions(), settings)
    names = {rejects_table(table).table for table in tables}
    assert len(names) == 2
    assert all(len(name.encode()) <= 127 and name.endswith("_rejects") for name in names)
    assert all(ask(f'SELECT COUNT(*) FROM {schema}."{name}"') == [(1,)] for name in names)
