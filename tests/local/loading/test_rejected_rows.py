"""Rows that were set aside are kept beside the table, in the transaction that loads the rest."""

import pytest

from tests.local.loading.batches import SetAside, emptied
from tests.local.warehouse import Ask, Stage
from utilities.errors import InvariantBroken
from utilities.redshift import LoadOptions, find_loaded, load, table_columns
from utilities.redshift.rejects import rejects_table
from utilities.references import Rejects, TableName
from utilities.settings import Settings

BAD_DATE = (3, "born", "31.02.1990", "is no date")
BAD_NUMBER = (7, "votes", "many \N{PARTY POPPER}", "is no whole number")


def test_rejects_are_kept_with_reason_file_and_line(
    stage: Stage, set_aside: SetAside, ask: Ask, settings: Settings, schema: str
) -> None:
    """The rest is loaded; ledger and result count what was not."""
    table = TableName(schema, "people")
    staged = set_aside(stage("id,born\n1,1990-02-01\n"), [BAD_DATE, BAD_NUMBER])
    loaded = load(staged, table, LoadOptions(), settings)
    assert (loaded.rows_inserted, loaded.rows_rejected) == (1, 2)
    columns = "source, line, column_name, value, reason, record, load_id"
    assert ask(f"SELECT {columns} FROM {schema}.people_rejects ORDER BY line") == [
        ("people.csv", *BAD_DATE, "{}", loaded.load_id),
        ("people.csv", *BAD_NUMBER, "{}", loaded.load_id),
    ]
    ((rejected_at, loaded_at),) = ask(
        f"SELECT MIN(r.rejected_at), MIN(l.loaded_at) FROM {schema}.people_rejects r "
        "JOIN prefect_flows.loads l ON l.load_id = r.load_id"
    )
    assert rejected_at == loaded_at
    known = find_loaded([staged.batch_key], table, settings)[staged.batch_key]
    assert known.rows_rejected == 2


def test_a_second_load_adds_to_the_table_of_rejects(
    stage: Stage, set_aside: SetAside, ask: Ask, settings: Settings, schema: str
) -> None:
    """One table of rejects for all loads; the same batch again adds nothing."""
    table = TableName(schema, "people")
    first = set_aside(stage("id\n1\n"), [BAD_DATE])
    load(first, table, LoadOptions(), settings)
    assert load(first, table, LoadOptions(), settings).rows_rejected == 1
    load(set_aside(stage("id\n2\n"), [BAD_NUMBER]), table, LoadOptions(), settings)
    load(stage("id\n3\n"), table, LoadOptions(), settings)
    assert ask(f"SELECT line FROM {schema}.people_rejects ORDER BY 1") == [(3,), (7,)]


def test_a_batch_of_nothing_but_rejects(
    stage: Stage, set_aside: SetAside, ask: Ask, settings: Settings, schema: str
) -> None:
    """No row loaded, and each of them accounted for."""
    table = TableName(schema, "people")
    loaded = load(set_aside(emptied(stage("id\n1\n")), [BAD_DATE]), table, LoadOptions(), settings)
    assert (loaded.rows_inserted, loaded.rows_rejected) == (0, 1)
    assert ask(f"SELECT COUNT(*) FROM {schema}.people_rejects") == [(1,)]


def test_rejects_roll_back_with_their_load(
    stage: Stage, set_aside: SetAside, ask: Ask, settings: Settings, schema: str
) -> None:
    """A load that fails leaves no rejects of rows that were never loaded."""
    table, staged = TableName(schema, "people"), set_aside(stage("id\n1\n"), [BAD_DATE])
    assert staged.rejects is not None
    short = Rejects(staged.rejects.manifest, 2)
    wrong = type(staged)(**{**vars(staged), "rejects": short})
    with pytest.raises(InvariantBroken, match="2 rows were staged in .*rejects.*, Redshift copied"):
        load(wrong, table, LoadOptions(), settings)
    assert table_columns(table, settings) == table_columns(rejects_table(table), settings) == {}


def test_long_table_names_have_rejects_of_their_own(
    stage: Stage, set_aside: SetAside, ask: Ask, settings: Settings, schema: str
) -> None:
    """Two names of 127 bytes that differ at the end: two tables of rejects, both legal."""
    tables = [TableName(schema, f"{'ä' * 63}{last}") for last in "xy"]
    for table in tables:
        load(set_aside(stage("id\n1\n"), [BAD_DATE]), table, LoadOptions(), settings)
    names = {rejects_table(table).table for table in tables}
    assert len(names) == 2
    assert all(len(name.encode()) <= 127 and name.endswith("_rejects") for name in names)
    assert all(ask(f'SELECT COUNT(*) FROM {schema}."{name}"') == [(1,)] for name in names)
