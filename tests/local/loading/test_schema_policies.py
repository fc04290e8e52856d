"""Who decides about the shape of a table: the source (evolve), or the table (freeze, discard)."""

from typing import Any

import pyarrow as pa
import pytest

from tests.local.loading.batches import StageTyped
from tests.local.warehouse import Ask, Stage
from utilities.errors import ParameterInvalid, SchemaMismatch
from utilities.redshift import LoadOptions, TableDesign, load, table_columns
from utilities.references import SchemaPolicy, TableName
from utilities.settings import Settings

FREEZE = LoadOptions(schema_policy="freeze")
DISCARD = LoadOptions(schema_policy="discard")


@pytest.fixture
def table(ask: Ask, schema: str) -> TableName:
    """A table with one row."""
    ask(f"CREATE TABLE {schema}.people (id INTEGER, name VARCHAR(8))")
    ask(f"INSERT INTO {schema}.people VALUES (1, 'Ada')")
    return TableName(schema, "people")


@pytest.mark.parametrize("policy", ["evolve", "freeze", "discard"])
def test_what_fits_is_loaded_under_every_policy(
    stage_typed: StageTyped, ask: Ask, settings: Settings, table: TableName, policy: SchemaPolicy
) -> None:
    """Narrower numbers, shorter text and missing columns are no change of the table."""
    before = table_columns(table, settings)
    load(
        stage_typed(id=pa.array([2], pa.int16())),
        table,
        LoadOptions(schema_policy=policy),
        settings,
    )
    assert ask(f"SELECT id, name FROM {table} ORDER BY id") == [(1, "Ada"), (2, None)]
    assert table_columns(table, settings) == before


@pytest.mark.parametrize("policy", ["freeze", "discard"])
def test_a_table_that_does_not_exist_is_created_under_every_policy(
    stage: Stage, ask: Ask, settings: Settings, schema: str, policy: SchemaPolicy
) -> None:
    """A policy protects what is there; the first load has to begin somewhere."""
    options = LoadOptions(schema_policy=policy)
    loaded = load(stage("id,name\n1,Ada\n"), TableName(schema, "first"), options, settings)
    assert (loaded.rows_inserted, loaded.columns_discarded) == (1, ())


def test_freeze_refuses_a_new_column(stage: Stage, settings: Settings, table: TableName) -> None:
    """The message names column, type, policy and the ways on."""
    known = table_columns(table, settings)
    with pytest.raises(SchemaMismatch) as caught:
        load(stage("id,town,zip\n2,Bern,01001\n", known=known), table, FREEZE, settings)
    assert str(caught.value) == (
        f"{table}: the source has a column 'town' VARCHAR (and 1 more) that the table does not "
        "have; schema_policy='freeze' leaves the table as it is. Nothing was loaded. Add it to "
        "the table, or load with schema_policy='evolve', which adds it, or 'discard', which leaves "
        "it out."
    )
    assert table_columns(table, settings) == known


def test_freeze_refuses_wider_text(stage: Stage, settings: Settings, table: TableName) -> None:
    """Bytes found and bytes allowed are both named."""
    staged = stage("id,name\n2,Bernadette\n", known=table_columns(table, settings))
    with pytest.raises(SchemaMismatch) as caught:
        load(staged, table, FREEZE, settings)
    assert str(caught.value) == (
        f"{table}: column 'name' is VARCHAR(8), the source has a VARCHAR of 10 bytes (from 'name');"
        " schema_policy='freeze' leaves the table as it is. Nothing was loaded. Shorten the text "
        "in the source, or load with schema_policy='evolve', which widens the column."
    )
    assert table_columns(table, settings)["name"] == "VARCHAR(8)"


@pytest.mark.parametrize("options", [FREEZE, DISCARD], ids=lambda options: options.schema_policy)
def test_only_evolve_widens_numbers(
    stage_typed: StageTyped, settings: Settings, table: TableName, options: LoadOptions
) -> None:
    """Both types are named, and the type that evolving would choose."""
    with pytest.raises(SchemaMismatch) as caught:
        load(stage_typed(id=pa.array([2**40], pa.int64())), table, options, settings)
    said = str(caught.value)
    assert "column 'id' is INTEGER, the source has BIGINT (from 'id')" in said
    assert f"schema_policy='{options.schema_policy}' leaves the" in said
    assert said.endswith("or load with schema_policy='evolve', which makes it BIGINT.")
    assert table_columns(table, settings)["id"] == "INTEGER"


def test_discard_leaves_out_what_the_table_lacks(
    stage: Stage, ask: Ask, settings: Settings, table: TableName
) -> None:
    """The rest is loaded, and the result says what was left out."""
    known = table_columns(table, settings)
    loaded = load(stage("id,town,name\n2,Bern,Bea\n", known=known), table, DISCARD, settings)
    assert loaded.columns_discarded == ("town",)
    assert table_columns(table, settings) == known
    assert ask(f"SELECT id, name FROM {table} ORDER BY id") == [(1, "Ada"), (2, "Bea")]


def test_discard_never_leaves_out_a_key(stage: Stage, settings: Settings, table: TableName) -> None:
    """A column that says how the rows go in is not to be dropped on the way."""
    options = LoadOptions(mode="upsert", key=("email",), schema_policy="discard")
    with pytest.raises(
        SchemaMismatch, match="the key column 'email' VARCHAR says how the rows go in"
    ):
        load(stage("email,name\na@b,Bea\n"), table, options, settings)


def test_discard_of_everything_is_a_wrong_table(
    stage: Stage, settings: Settings, table: TableName
) -> None:
    """No column in common: rows of nothing but nulls are nobody's wish."""
    with pytest.raises(SchemaMismatch, match="has none of the source's columns"):
        load(stage("a,b\n1,2\n"), table, DISCARD, settings)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (
            {"schema_policy": "frozen"},
            "schema_policy='frozen' is no choice. Expected one of evolve",
        ),
        ({"empty": "error"}, "empty='error' is no choice. Expected one of load, refuse"),
        ({"design": TableDesign(diststyle="even")}, "diststyle='even' is no choice."),  # type: ignore[arg-type]
    ],
)
def test_a_misspelt_choice_is_refused(
    stage: Stage, settings: Settings, table: TableName, options: dict[str, Any], said: str
) -> None:
    """It is never taken for the default."""
    with pytest.raises(ParameterInvalid, match=said):
        load(stage("id,town\n2,Bern\n"), table, LoadOptions(**options), settings)


def test_what_does_not_fit_is_told_before_anything_is_copied(
    stage: Stage, settings: Settings, table: TableName
) -> None:
    """The refusal comes from the shapes alone; the staged files are not even looked for."""
    staged = stage("id,town\n2,Bern\n", known=table_columns(table, settings))
    gone = type(staged)(
        f"s3://{settings.s3_temp_bucket}/nowhere", "gone", "1" * 64, staged.columns, 1, 1
    )
    with pytest.raises(SchemaMismatch):
        load(gone, table, FREEZE, settings)
