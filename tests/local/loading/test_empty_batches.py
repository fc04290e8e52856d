"""No rows are an answer too: recorded, with the watermark, or refused when they cannot be."""

from dataclasses import replace

import pytest

from tests.local.loading.batches import emptied
from tests.local.warehouse import Ask, Stage
from utilities import ledger
from utilities.errors import LoadRejected
from utilities.objects import ObjectStore
from utilities.redshift import LoadOptions, find_watermark, load, table_columns
from utilities.references import TableName
from utilities.settings import Settings
from utilities.staging import stage as stage_source


def test_an_empty_batch_creates_the_table_and_moves_the_watermark(
    stage: Stage, ask: Ask, settings: Settings, schema: str
) -> None:
    """Zero rows in the ledger; the same nothing with a later watermark is another load."""
    table, nothing = TableName(schema, "quiet"), emptied(stage("id,name\n1,Ada\n"))
    for day in ("2026-11-01", "2026-11-02"):
        loaded = load(nothing, table, LoadOptions(watermark=day), settings)
        assert (loaded.already_loaded, loaded.rows_staged, loaded.watermark) == (False, 0, day)
        assert find_watermark(table, settings) == day
    again = load(nothing, table, LoadOptions(watermark="2026-11-02"), settings)
    assert (again.already_loaded, again.load_id) == (True, loaded.load_id)
    assert list(table_columns(table, settings)) == ["id", "name"]
    where = f"FROM {ledger.LEDGER} WHERE target = '{table}'"
    assert ask(f"SELECT watermark, rows_staged {where} ORDER BY 1") == [
        ("2026-11-01", 0),
        ("2026-11-02", 0),
    ]


def test_an_empty_batch_is_refused_when_asked(
    stage: Stage, ask: Ask, settings: Settings, schema: str
) -> None:
    """Before anything happens, with both ways on; a batch with rows is none of its business."""
    table, staged = TableName(schema, "never_quiet"), stage("id\n1\n")
    options = LoadOptions(empty="refuse")
    with pytest.raises(LoadRejected) as caught:
        load(emptied(staged), table, options, settings)
    assert str(caught.value) == (
        f"{table}: nothing has no rows, and empty='refuse' was given. Nothing was loaded. Look at "
        "the source, or give empty='load' when no rows are a possible answer."
    )
    assert table_columns(table, settings) == {}
    assert load(staged, table, options, settings).rows_inserted == 1


def test_an_empty_batch_brings_its_new_columns(
    stage: Stage, settings: Settings, schema: str
) -> None:
    """The shape of a source is known before its first row."""
    table = TableName(schema, "shaped")
    load(stage("id\n1\n"), table, LoadOptions(), settings)
    loaded = load(emptied(stage("id,town\n1,Bern\n")), table, LoadOptions(), settings)
    assert loaded.columns_added == ("town",)


def test_replace_with_nothing_empties_the_table(
    stage: Stage, ask: Ask, settings: Settings, schema: str
) -> None:
    """All rows go, the table and its grants stay."""
    table, staged = TableName(schema, "cleared"), stage("id\n1\n2\n")
    replacing = LoadOptions(mode="replace")
    load(staged, table, replacing, settings)
    loaded = load(emptied(staged), table, replacing, settings)
    assert (loaded.rows_inserted, loaded.rows_deleted) == (0, 2)
    assert ask(f"SELECT COUNT(*) FROM {table}") == [(0,)]


def test_replace_with_a_former_content_is_no_repetition(
    stage: Stage, ask: Ask, settings: Settings, schema: str
) -> None:
    """A, B and A again: the table holds A. The last batch once more is a repetition."""
    table, replacing = TableName(schema, "swinging"), LoadOptions(mode="replace")
    first, second = stage("id\n1\n", name="1.csv"), stage("id\n2\n", name="2.csv")
    for staged, expected in ((first, 1), (second, 2), (first, 1)):
        assert not load(staged, table, replacing, settings).already_loaded
        assert ask(f"SELECT id FROM {table}") == [(expected,)]
    assert load(first, table, replacing, settings).already_loaded


def test_replace_slice_with_nothing_empties_the_named_slice(
    stage: Stage, ask: Ask, settings: Settings, schema: str
) -> None:
    """The other slices stay; without a named slice nothing changes."""
    table, staged = TableName(schema, "sliced"), stage("day,id\nmon,1\nmon,2\ntue,3\n")
    slicing = LoadOptions(mode="replace_slice", slice_columns=("day",))
    load(staged, table, slicing, settings)
    unnamed = load(emptied(staged, "1" * 64), table, slicing, settings)
    assert unnamed.rows_deleted == 0
    named = load(
        emptied(staged, "2" * 64), table, replace(slicing, slice_values=("mon",)), settings
    )
    assert named.rows_deleted == 2
    assert ask(f"SELECT day, id FROM {table}") == [("tue", 3)]


def test_an_answer_without_records_and_columns(ask: Ask, settings: Settings, schema: str) -> None:
    """Nothing is known of the columns: a table that exists stays as it is, the watermark moves."""
    table = TableName(schema, "answers")
    for day in ("2026-11-01", "2026-11-02"):
        destination = f"s3://{settings.s3_temp_bucket}/staging/{schema}-{day}/"
        nothing = stage_source([], destination=destination, store=ObjectStore(settings))
        loaded = load(nothing, table, LoadOptions(watermark=day), settings)
        assert (loaded.rows_staged, find_watermark(table, settings)) == (0, day)
        if day == "2026-11-01":
            ask(f"CREATE TABLE {schema}.answers (id bigint)")
    assert list(table_columns(table, settings)) == ["id"]


@pytest.mark.parametrize(
    ("options", "left"),
    [
        (LoadOptions(mode="append"), 2),
        (LoadOptions(mode="upsert", key=("id",)), 2),
        (LoadOptions(mode="replace"), 0),
        (LoadOptions(mode="replace_slice", slice_columns=("day",), slice_values=("a",)), 1),
    ],
    ids=lambda value: value.mode if isinstance(value, LoadOptions) else "",
)
def test_no_records_in_every_mode(
    options: LoadOptions, left: int, stage: Stage, ask: Ask, settings: Settings, schema: str
) -> None:
    """What is replaced by nothing is empty; the other modes leave the table as it is."""
    table = TableName(schema, "slices")
    load(stage("id,day\n1,a\n2,b\n"), table, LoadOptions(), settings)
    destination = f"s3://{settings.s3_temp_bucket}/staging/{schema}-nothing/"
    nothing = stage_source(iter(()), destination=destination, store=ObjectStore(settings))
    loaded = load(nothing, table, options, settings)
    assert (loaded.rows_staged, loaded.rows_deleted) == (0, 2 - left)
    assert ask(f"SELECT count(*) FROM {schema}.slices") == [(left,)]
