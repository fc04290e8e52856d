"""Every mode works with nested values, with any name of a column, and with any name of a table."""

from dataclasses import replace
from datetime import datetime

import pytest

from tests.local.loading.typed_rows import PutRows, counts_of
from tests.local.warehouse import Ask
from utilities.redshift import LoadOptions, Mode, load
from utilities.references import TableName
from utilities.settings import Settings

MODES: list[Mode] = ["append", "replace", "upsert", "replace_slice", "history", "insert_new"]
KEYED = ("upsert", "history", "insert_new")
AFTER: dict[Mode, tuple[int, int, int]] = {
    "append": (2, 0, 0),
    "replace": (2, 0, 2),
    "upsert": (1, 1, 0),
    "replace_slice": (2, 0, 1),
    "history": (2, 1, 0),
    "insert_new": (1, 0, 0),
}


def options_for(mode: Mode, key: str) -> LoadOptions:
    """Options of a mode that works by one column."""
    return LoadOptions(
        mode,
        key=(key,) if mode in KEYED else (),
        slice_columns=(key,) if mode == "replace_slice" else (),
    )


@pytest.mark.parametrize("mode", MODES)
def test_nested_values_go_in_as_super(
    put_rows: PutRows, ask: Ask, settings: Settings, schema: str, mode: Mode
) -> None:
    """Staged as JSON text, they can be asked by path afterwards; a change inside is a change."""
    table, columns = TableName(schema, "nested"), [("id", "BIGINT"), ("tags", "SUPER")]
    options = options_for(mode, "id")
    load(put_rows(columns, [(1, '{"a":[1]}'), (2, "[true]")]), table, options, settings)
    staged = put_rows(columns, [(1, '{"a":[2]}'), (3, None)])
    assert counts_of(load(staged, table, options, settings)) == AFTER[mode]
    found = ask(f"SELECT t.tags.a[0]::INT FROM {table} t WHERE id = 1 ORDER BY 1 DESC LIMIT 1")
    assert found == [(1 if mode == "insert_new" else 2,)]
    assert ask(f"SELECT tags IS NULL FROM {table} WHERE id = 3") == [(True,)]


def test_equal_nested_values_make_no_version(
    put_rows: PutRows, settings: Settings, schema: str
) -> None:
    """Neither does a null in JSON, nor none at all."""
    table, columns = TableName(schema, "still"), [("id", "BIGINT"), ("tags", "SUPER")]
    rows = [(1, '{"a":[1,"ä"]}'), (2, None), (3, "null"), (4, '"text"')]
    options = options_for("history", "id")
    load(put_rows(columns, rows), table, options, settings)
    assert counts_of(load(put_rows(columns, rows), table, options, settings)) == (0, 0, 0)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", ["staged", "staged_batch", "staged_winners", "keys", "ranked"])
def test_a_table_may_be_called_like_what_a_mode_makes(
    put_rows: PutRows, ask: Ask, settings: Settings, schema: str, mode: Mode, name: str
) -> None:
    """Names of temporary tables and of rows in a statement do not get in its way."""
    table, columns = TableName(schema, name), [("id", "BIGINT"), ("n", "BIGINT")]
    options = options_for(mode, "id")
    load(put_rows(columns, [(1, 1), (2, 2)]), table, options, settings)
    loaded = load(put_rows(columns, [(1, 3), (3, 3)]), table, options, settings)
    assert counts_of(loaded) == AFTER[mode]


@pytest.mark.parametrize(
    ("mode", "newest"), [*((mode, None) for mode in MODES), *((mode, "user") for mode in KEYED)]
)
def test_columns_may_have_any_name(
    put_rows: PutRows, ask: Ask, settings: Settings, schema: str, mode: Mode, newest: str | None
) -> None:
    """Words of SQL, letters of any alphabet, percent signs, and what modes call their own."""
    names = ["select", "größe_名前", "100%s", "staged", "staged row", "rank", "n", 'qu"ote', "keys"]
    columns = [(name, "BIGINT") for name in names] + [("user", "TIMESTAMP")]
    options = LoadOptions(
        mode,
        key=("n", "größe_名前") if mode in KEYED else (),
        newest=newest,
        slice_columns=("n", "größe_名前") if mode == "replace_slice" else (),
    )
    table, early, late = TableName(schema, "named"), *(
        datetime(year, 1, 1) for year in (2023, 2024)
    )
    width = len(names)
    held = [(*[1] * width, early), (*[2] * width, early)]
    load(put_rows(columns, held), table, options, settings)
    staged = put_rows(columns, [(9, 1, *[9] * 4, 1, 9, 9, late), (*[3] * width, late)])
    assert counts_of(load(staged, table, options, settings)) == AFTER[mode]
    assert ask(f'SELECT "staged row" FROM {table} WHERE n = 3') == [(3,)]


@pytest.mark.parametrize("mode", KEYED)
def test_a_key_may_be_spelt_as_the_source_does(
    put_rows: PutRows, ask: Ask, settings: Settings, schema: str, mode: Mode
) -> None:
    """As staging takes it: the file's own header, or the name in the table."""
    columns = [("van_id", "BIGINT"), ("changed", "TIMESTAMP")]
    staged = put_rows(columns, [])
    spelt = (replace(staged.columns[0], source_name="VAN ID"), staged.columns[1])
    table = TableName(schema, "spelt")
    for number, key in enumerate(("VAN ID", "van_id", "VAN_ID")):
        batch = replace(put_rows(columns, [(number, None)]), columns=spelt)
        options = LoadOptions(mode, key=(key,))
        assert counts_of(load(batch, table, options, settings)) == (1, 0, 0)
