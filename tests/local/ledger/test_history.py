"""The ledger as a history: the last loads, newest first, and how far each source was read."""

import pytest

from tests.local.warehouse import Ask, Stage
from utilities.errors import ParameterInvalid
from utilities.redshift import LoadOptions, find_recent_loads, find_watermark, load
from utilities.references import TableName
from utilities.settings import Settings

UPSERT = LoadOptions(mode="upsert", key=("id",), watermark="2026-11-02", flow_run="a-run")


def test_the_last_loads_come_first(stage: Stage, settings: Settings, schema: str) -> None:
    """Each with its counts, who loaded it with which code, and from where."""
    table = TableName(schema, "people")
    deployed = settings.model_copy(
        update={"deployment_name": "p--main--people--production", "commit_hash": "0f1041f"}
    )
    first = load(stage("id\n1\n2\n", name="1.csv"), table, LoadOptions(), settings)
    staged = stage("id\n2\n3\n", name="2.csv")
    second = load(staged, table, UPSERT, deployed)
    newest, oldest = find_recent_loads(table, 10, settings)
    assert (newest.load_id, oldest.load_id) == (second.load_id, first.load_id)
    assert newest.loaded_at > oldest.loaded_at
    assert (newest.table, newest.mode, newest.source) == (str(table), "upsert", staged.source)
    assert (newest.rows_staged, newest.rows_inserted, newest.rows_updated) == (2, 1, 1)
    assert (newest.rows_deleted, newest.rows_rejected) == (0, 0)
    assert newest.seconds == second.seconds > 0
    assert (newest.deployment, newest.commit_hash, newest.flow_run, newest.watermark) == (
        "p--main--people--production",
        "0f1041f",
        "a-run",
        "2026-11-02",
    )
    assert (oldest.deployment, oldest.commit_hash, oldest.watermark) == (None, None, None)


def test_one_table_or_all_of_them_up_to_a_limit(
    stage: Stage, settings: Settings, schema: str
) -> None:
    """Without a table the last loads of the whole warehouse."""
    here, there = TableName(schema, "here"), TableName(schema, "there")
    for number in range(3):
        load(stage(f"id\n{number}\n"), here, LoadOptions(), settings)
    load(stage("id\n1\n"), there, LoadOptions(), settings)
    assert [row.table for row in find_recent_loads(here, 2, settings)] == [str(here)] * 2
    assert [row.table for row in find_recent_loads(None, 2, settings)] == [str(there), str(here)]
    assert find_recent_loads(TableName(schema, "nowhere"), 5, settings) == []
    with pytest.raises(ParameterInvalid, match="limit is 0; expected"):
        find_recent_loads(None, 0, settings)


def test_the_watermark_is_that_of_the_last_load_that_had_one(
    stage: Stage, settings: Settings, schema: str
) -> None:
    """Loads without an order, and other tables, say nothing about it."""
    table = TableName(schema, "followed")
    assert find_watermark(table, settings) is None
    for number, watermark in enumerate(["2026-11-01", "2026-11-02", None]):
        load(stage(f"id\n{number}\n"), table, LoadOptions(watermark=watermark), settings)
    load(stage("id\n1\n"), TableName(schema, "other"), LoadOptions(watermark="9999"), settings)
    assert find_watermark(table, settings) == "2026-11-02"


def test_a_watermark_that_the_ledger_cannot_hold(
    stage: Stage, settings: Settings, schema: str
) -> None:
    """Refused before anything is loaded, in bytes."""
    options = LoadOptions(watermark="ä" * 33)
    with pytest.raises(ParameterInvalid, match="watermark has 66 bytes, the ledger stores 64"):
        load(stage("id\n1\n"), TableName(schema, "t"), options, settings)


def test_a_load_names_the_files_that_it_read(
    stage: Stage, ask: Ask, settings: Settings, schema: str
) -> None:
    """The manifest's address, and what a reader of the warehouse needs to find the commit."""
    staged = stage("id\n1\n")
    loaded = load(staged, TableName(schema, "t"), LoadOptions(), settings)
    query = f"SELECT manifest FROM prefect_flows.loads WHERE load_id = '{loaded.load_id}'"
    assert ask(query) == [(staged.manifest,)]
