"""Headers as people write them end as columns that SQL can ask for."""

import pytest

from tests.local.warehouse import Ask, Stage
from utilities.errors import LoadRejected
from utilities.redshift import LoadOptions, load, table_columns
from utilities.references import TableName
from utilities.settings import Settings


def test_1500_columns_are_loaded(stage: Stage, ask: Ask, settings: Settings, schema: str) -> None:
    """Wide exports go through, with every cell in its place."""
    table = TableName(schema, "broad")
    names = [f"question_{number}" for number in range(1500)]
    cells = [f"{number % 7}%" for number in range(1500)]
    load(stage(f"{','.join(names)}\n{','.join(cells)}\n"), table, LoadOptions(), settings)
    assert list(table_columns(table, settings)) == names
    assert ask(f"SELECT question_0, question_777, question_1499 FROM {table}") == [
        ("0%", "0%", "1%")
    ]


def test_more_numbers_than_the_local_warehouse_can_keep_in_a_row(
    stage: Stage, ask: Ask, settings: Settings, schema: str
) -> None:
    """1,500 numbers are too wide for the PostgreSQL behind the front: refused, and said why."""
    names = ",".join(f"n{number}" for number in range(1500))
    staged = stage(f"{names}\n{','.join(['1'] * 1500)}\n")
    with pytest.raises(LoadRejected) as caught:
        load(staged, TableName(schema, "too_wide"), LoadOptions(), settings)
    said = str(caught.value)
    assert "The local Redshift cannot store so wide a row: row is too big: size 12024" in said
    assert "Amazon Redshift has no such limit. Nothing was loaded." in said
    assert ask(f"SELECT COUNT(*) FROM svv_tables WHERE table_schema = '{schema}'") == [(0,)]


@pytest.mark.parametrize("mode", ["append", "upsert"])
def test_names_longer_than_postgresqls_limit_stay_apart(
    stage: Stage, ask: Ask, settings: Settings, schema: str, mode: str
) -> None:
    """Survey questions as headers: up to 127 bytes are kept whole, longer ones are cut, and two
    that begin alike are two columns; a second file finds the same columns again."""
    table = TableName(schema, "survey")
    options = LoadOptions(mode="upsert", key=("id",)) if mode == "upsert" else LoadOptions()
    question = "do_you_agree_with_the_proposal_for_the_new_bus_line_in_the_north_of_the_town"
    header = f"id,{question}_yes,{question}_no,{question}_{'x' * 100}"
    load(stage(f"{header}\n1,a,b,c\n"), table, options, settings)
    known = table_columns(table, settings)
    assert list(known) == [
        "id",
        f"{question}_yes",
        f"{question}_no",
        f"{question}_{'x' * 100}"[:127],
    ]
    loaded = load(stage(f"{header}\n2,d,e,f\n", known=known), table, options, settings)
    assert loaded.columns_added == ()
    assert ask(f"SELECT {question}_yes, {question}_no FROM {table} ORDER BY id") == [
        ("a", "b"),
        ("d", "e"),
    ]


def test_reserved_words_and_blanks_become_columns(
    stage: Stage, ask: Ask, settings: Settings, schema: str
) -> None:
    """SELECT, an empty name, a name twice and one with blanks: renamed, and said so."""
    table = TableName(schema, "renamed")
    staged = stage("select,,Name,name,Größe (m)\n1,2,3,4,5\n")
    load(staged, table, LoadOptions(), settings)
    columns = table_columns(table, settings)
    assert list(columns) == [column.name for column in staged.columns]
    assert staged.notes == (
        'renamed columns: "select" is select_, "" is column_2, "Name" is name, "name" is name_2, '
        '"Größe (m)" is größe_m_',
    )
    quoted = ", ".join(f'"{name}"' for name in columns)
    assert ask(f"SELECT {quoted} FROM {table}") == [(1, 2, 3, 4, 5)]
