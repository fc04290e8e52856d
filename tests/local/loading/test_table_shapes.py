"""A table is created, gets new columns and wider text; what would lose is refused."""

from datetime import date
from decimal import Decimal

import pytest

from tests.local.warehouse import Ask, Stage
from utilities.errors import KeyInvalid, ParameterInvalid, SchemaMismatch
from utilities.redshift import LoadOptions, load, table_columns
from utilities.references import TableName
from utilities.settings import Settings


def test_a_table_is_created_from_what_was_staged(
    stage: Stage, ask: Ask, settings: Settings, schema: str
) -> None:
    """Types follow the values; text gets room to grow."""
    table = TableName(schema, "created")
    text = "id,fips,share,amount,day,ok\n1,01001,0.25,12.30,2024-11-05,true\n2,02013,,5.00,,false\n"
    loaded = load(stage(text), table, LoadOptions(), settings)
    assert table_columns(table, settings) == {
        "id": "BIGINT",
        "fips": "VARCHAR(16)",
        "share": "DOUBLE PRECISION",
        "amount": "NUMERIC(18,2)",
        "day": "DATE",
        "ok": "BOOLEAN",
    }
    assert ask(f"SELECT * FROM {table} ORDER BY id") == [
        (1, "01001", 0.25, Decimal("12.30"), date(2024, 11, 5), True),
        (2, "02013", None, Decimal("5.00"), None, False),
    ]
    assert (loaded.rows_inserted, loaded.columns_added) == (2, ())


def test_new_columns_are_added_and_missing_ones_stay_empty(
    stage: Stage, ask: Ask, settings: Settings, schema: str
) -> None:
    """Files may gain and lose columns; the order in the file does not matter."""
    table = TableName(schema, "drifting")
    load(stage("id,name\n1,Ada\n"), table, LoadOptions(), settings)
    known = table_columns(table, settings)
    loaded = load(stage("town,id\nBern,2\n", known=known), table, LoadOptions(), settings)
    assert loaded.columns_added == ("town",)
    assert ask(f"SELECT id, name, town FROM {table} ORDER BY id") == [
        (1, "Ada", None),
        (2, None, "Bern"),
    ]


def test_text_is_widened_in_bytes(stage: Stage, ask: Ask, settings: Settings, schema: str) -> None:
    """Four-byte characters count as four; the column grows before the rows arrive."""
    table = TableName(schema, "wide")
    load(stage("id,name\n1,Ada\n"), table, LoadOptions(), settings)
    name = "\N{PARTY POPPER}" * 100
    staged = stage(f"id,name\n2,{name}\n", known=table_columns(table, settings))
    loaded = load(staged, table, LoadOptions(), settings)
    assert loaded.columns_widened == ("name",)
    assert table_columns(table, settings)["name"] == "VARCHAR(1024)"
    assert ask(f"SELECT name FROM {table} WHERE id = 2") == [(name,)]


@pytest.mark.parametrize("hindrance", ["a view uses it", "it has a default"])
def test_text_that_redshift_does_not_widen(
    stage: Stage, ask: Ask, settings: Settings, schema: str, hindrance: str
) -> None:
    """Redshift's reason is passed on, with the column and the width that it would need."""
    table = TableName(schema, "fast")
    if hindrance == "it has a default":
        ask(f"CREATE TABLE {table} (name VARCHAR(4) DEFAULT 'none')")
    else:
        ask(f"CREATE TABLE {table} (name VARCHAR(4))")
        ask(f"CREATE VIEW {schema}.names AS SELECT name FROM {table}")
    staged = stage("name\nBernadette\n", known=table_columns(table, settings))
    with pytest.raises(SchemaMismatch) as caught:
        load(staged, table, LoadOptions(), settings)
    said = str(caught.value)
    assert said.startswith(
        f"{table}: column 'name' would have to become VARCHAR(16) (schema_policy='evolve'), which "
        "Redshift refuses: "
    )
    assert said.endswith(
        ". Nothing was loaded. Change the column by hand, or load into a new table."
    )
    assert ask(f"SELECT COUNT(*) FROM {table}") == [(0,)]


def test_an_upsert_updates_and_inserts(
    stage: Stage, ask: Ask, settings: Settings, schema: str
) -> None:
    """Rows with a known key are updated, others added, and rows not in the file stay."""
    table, options = TableName(schema, "people"), LoadOptions(mode="upsert", key=("id", "place"))
    load(stage("id,place,votes\n1,a,10\n1,b,11\n2,a,12\n"), table, options, settings)
    loaded = load(stage("id,place,votes\n1,a,20\n3,a,21\n"), table, options, settings)
    assert (loaded.rows_inserted, loaded.rows_updated) == (1, 1)
    assert ask(f"SELECT id, place, votes FROM {table} ORDER BY id, place") == [
        (1, "a", 20),
        (1, "b", 11),
        (2, "a", 12),
        (3, "a", 21),
    ]


def test_an_upsert_of_keys_alone_doubles_nothing(
    stage: Stage, ask: Ask, settings: Settings, schema: str
) -> None:
    """A table that is all key is a set."""
    table, options = TableName(schema, "pairs"), LoadOptions(mode="upsert", key=("a", "b"))
    load(stage("a,b\n1,1\n1,2\n"), table, options, settings)
    load(stage("a,b\n1,2\n2,2\n"), table, options, settings)
    assert ask(f"SELECT a, b FROM {table} ORDER BY a, b") == [(1, 1), (1, 2), (2, 2)]


def test_nested_values_arrive_as_super(
    stage: Stage, ask: Ask, settings: Settings, schema: str
) -> None:
    """Objects and lists of varying shape can be asked with SQL."""
    table = TableName(schema, "nested")
    lines = '{"id": 1, "tags": ["a", "b"]}\n{"id": 2, "tags": {"x": [1, {"y": null}]}}\n'
    load(stage(lines, name="rows.jsonl"), table, LoadOptions(), settings)
    assert table_columns(table, settings)["tags"] == "SUPER"
    assert ask(f"SELECT t.tags[1]::VARCHAR, t.tags.x[0]::INT FROM {table} t ORDER BY id") == [
        ("b", None),
        (None, 1),
    ]


def test_types_that_do_not_fit_are_refused_with_both_named(
    stage: Stage, ask: Ask, settings: Settings, schema: str
) -> None:
    """Nothing is loaded, and the table stays as it was."""
    table = TableName(schema, "narrow")
    ask(f"CREATE TABLE {table} (id SMALLINT)")
    with pytest.raises(SchemaMismatch) as caught:
        load(stage("id,more\nA1,x\n"), table, LoadOptions(), settings)
    assert str(caught.value) == (
        f"{table}: column 'id' is SMALLINT, the source has VARCHAR (from 'id'), which does not fit "
        "without loss; schema_policy='evolve' has no way around that. Nothing was loaded. Load "
        "into a new table, or change the column in the source."
    )
    assert table_columns(table, settings) == {"id": "SMALLINT"}


def test_a_key_that_the_file_lacks_is_refused(
    stage: Stage, settings: Settings, schema: str
) -> None:
    """The message lists the columns that could have been meant."""
    options = LoadOptions(mode="upsert", key=("vanid",))
    with pytest.raises(KeyInvalid, match="key column 'vanid' is not in the source, which has: id"):
        load(stage("id\n1\n"), TableName(schema, "keyless"), options, settings)


def test_mode_and_key_belong_together(stage: Stage, settings: Settings, schema: str) -> None:
    """An upsert without a key, or an append with one, is a misunderstanding worth an answer."""
    table, staged = TableName(schema, "modes"), stage("id\n1\n")
    with pytest.raises(ParameterInvalid, match="mode 'upsert' needs a key"):
        load(staged, table, LoadOptions(mode="upsert"), settings)
    with pytest.raises(ParameterInvalid, match="a key was given, but mode is 'append'"):
        load(staged, table, LoadOptions(key=("id",)), settings)


def test_an_empty_batch_is_a_load_of_no_rows(
    stage: Stage, ask: Ask, settings: Settings, schema: str
) -> None:
    """Parquet files may have columns and no rows; the ledger still knows them."""
    staged = stage("id\n1\n")
    empty = type(staged)(staged.manifest, "empty", "0" * 64, staged.columns, 0, 0)
    loaded = load(empty, TableName(schema, "empty"), LoadOptions(), settings)
    assert (loaded.rows_staged, loaded.already_loaded) == (0, False)
    assert ask(f"SELECT COUNT(*) FROM {schema}.empty") == [(0,)]
