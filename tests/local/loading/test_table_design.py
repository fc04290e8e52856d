"""A table is created with the layout that was asked for; a table that exists keeps its own."""

from dataclasses import replace

import pytest

from tests.local.warehouse import Ask, Stage
from utilities.errors import ParameterInvalid
from utilities.redshift import LoadOptions, TableDesign, load, table_columns
from utilities.redshift.designs import ENCODINGS
from utilities.references import Staged, TableName
from utilities.settings import Settings

ROWS = "VanID,State,Day\n1,NY,2024-11-05\n"


def layout_of(ask: Ask, table: TableName) -> dict[str, tuple[str, bool, int]]:
    """Each column's encoding, whether it is the distkey, and its place in the sort key."""
    rows = ask(
        f'SET search_path TO {table.schema}; SELECT "column", encoding, distkey, sortkey '
        f"FROM pg_table_def WHERE schemaname = '{table.schema}' AND tablename = '{table.table}'"
    )
    return {name: (encoding.strip(), key, place) for name, encoding, key, place in rows}


def style_of(ask: Ask, table: TableName) -> str:
    """The distribution style as svv_table_info tells it."""
    where = f"\"schema\" = '{table.schema}' AND \"table\" = '{table.table}'"
    ((style,),) = ask(f"SELECT diststyle FROM svv_table_info WHERE {where}")
    return str(style)


def declared(staged: Staged, **widths_bytes: int) -> Staged:
    """The batch with declared widths of text columns."""
    columns = [
        replace(column, width_bytes=widths_bytes.get(column.name)) for column in staged.columns
    ]
    return replace(staged, columns=tuple(columns))


def test_distkey_sortkey_and_encodings(
    stage: Stage, ask: Ask, settings: Settings, schema: str
) -> None:
    """Columns may be named as the source spells them, or as the table does."""
    table = TableName(schema, "designed")
    design = TableDesign(
        distkey="VanID", sortkey=("day", "State"), encode=(("State", "bytedict"), ("vanid", "AZ64"))
    )
    load(stage(ROWS), table, LoadOptions(design=design), settings)
    found = layout_of(ask, table)
    assert found["vanid"] == ("az64", True, 0)
    assert found["state"] == ("bytedict", False, 2)
    assert found["day"][1:] == (False, 1)
    assert style_of(ask, table) == "KEY(vanid)"


@pytest.mark.parametrize(
    ("design", "style"),
    [
        (TableDesign(diststyle="EVEN"), "EVEN"),
        (TableDesign(diststyle="ALL"), "ALL"),
        (TableDesign(diststyle="KEY", distkey="State"), "KEY(state)"),
        (TableDesign(diststyle="AUTO"), "AUTO(ALL)"),
        (TableDesign(), "AUTO(ALL)"),
    ],
)
def test_distribution_styles(
    stage: Stage, ask: Ask, settings: Settings, schema: str, design: TableDesign, style: str
) -> None:
    """All four of Redshift's; without a word Redshift chooses."""
    table = TableName(schema, "styled")
    load(stage(ROWS), table, LoadOptions(design=design), settings)
    assert style_of(ask, table) == style


@pytest.mark.parametrize(
    ("design", "said"),
    [
        (TableDesign(distkey="id"), "distkey names column 'id', which the batch does not have. "),
        (TableDesign(sortkey=("day", "hour")), "sortkey names column 'hour'"),
        (TableDesign(encode=(("hour", "ZSTD"),)), "encode names column 'hour'"),
        (TableDesign(encode=(("day", "GZIP"),)), "encoding 'GZIP' for column 'day' is not one of"),
        (TableDesign(encode=(("day", "RAW"), ("Day", "LZO"))), "encode names column 'day' twice"),
        (TableDesign(distkey="day", diststyle="EVEN"), "but diststyle is 'EVEN'"),
        (TableDesign(diststyle="KEY"), "diststyle 'KEY' needs a distkey"),
    ],
)
def test_a_wrong_design_is_refused_and_nothing_is_created(
    stage: Stage, ask: Ask, settings: Settings, schema: str, design: TableDesign, said: str
) -> None:
    """The message says what there is to choose from."""
    table = TableName(schema, "wrong")
    with pytest.raises(ParameterInvalid) as caught:
        load(stage(ROWS), table, LoadOptions(design=design), settings)
    assert str(caught.value).startswith(f"{table}: ")
    assert said in str(caught.value)
    assert table_columns(table, settings) == {}


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_encoding_is_taken_in_any_case(
    stage: Stage, ask: Ask, settings: Settings, schema: str, encoding: str
) -> None:
    """Redshift's list, as AWS documents it."""
    table, design = TableName(schema, "coded"), TableDesign(encode=(("state", encoding.lower()),))
    load(stage(ROWS), table, LoadOptions(design=design), settings)
    found = layout_of(ask, table)["state"][0]
    assert found == {"RAW": "none", "AZ64": "az64"}.get(encoding, encoding.lower())


def test_an_existing_table_keeps_its_layout(
    stage: Stage, ask: Ask, settings: Settings, schema: str
) -> None:
    """The design is for the day on which the table is created, and may name what is gone since."""
    table = TableName(schema, "there")
    ask(f"CREATE TABLE {table} (vanid BIGINT, state VARCHAR(8)) DISTKEY (state)")
    design = TableDesign(distkey="vanid", sortkey=("gone",))
    load(stage("vanid,state\n1,NY\n"), table, LoadOptions(design=design), settings)
    assert style_of(ask, table) == "KEY(state)"


def test_declared_widths_are_the_tables(stage: Stage, settings: Settings, schema: str) -> None:
    """VARCHAR(n) as declared, when the table is created, when a column is added, when it grows."""
    table = TableName(schema, "declared")
    load(declared(stage("id,zip\n1,01001\n"), zip=7), table, LoadOptions(), settings)
    assert table_columns(table, settings)["zip"] == "VARCHAR(7)"
    known = table_columns(table, settings)
    staged = declared(stage("zip,town\n10115 Be,Bern\n", known=known), zip=9, town=40)
    loaded = load(staged, table, LoadOptions(), settings)
    assert (loaded.columns_added, loaded.columns_widened) == (("town",), ("zip",))
    assert table_columns(table, settings) == {
        "id": "BIGINT",
        "zip": "VARCHAR(9)",
        "town": "VARCHAR(40)",
    }
