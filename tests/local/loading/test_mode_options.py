"""What a load is asked to do has to make sense; what does not is told before anything is copied."""

from dataclasses import replace
from datetime import datetime

import pytest

from utilities.errors import KeyInvalid, ParameterInvalid, SchemaMismatch
from utilities.redshift import LoadOptions, Mode
from utilities.redshift.modes import check, extra_columns
from utilities.redshift.modes.moving import Move
from utilities.redshift.modes.naming import with_staged_names
from utilities.references import Column, Staged, TableName

TYPES = {"id": "BIGINT", "day": "DATE", "at": "TIMESTAMPTZ", "gone": "BOOLEAN", "tags": "SUPER"}
COLUMNS = tuple(Column(name, type_, name.upper()) for name, type_ in TYPES.items())
BATCH = Staged("s3://b/manifest", "votes.csv", "0" * 64, COLUMNS, 10, 100)
TABLE = TableName("public", "votes")
HAS = "which has: id, day, at, gone, tags."


@pytest.mark.parametrize(
    "options",
    [
        LoadOptions(),
        LoadOptions("replace"),
        LoadOptions("upsert", key=("id",)),
        LoadOptions("upsert", key=("ID", "day"), newest="AT", deleted="gone"),
        LoadOptions("upsert", key=("id",), newest="gone"),
        LoadOptions("history", key=("id",), newest="at", deleted="gone"),
        LoadOptions("history", key=("id",), newest="day"),
        LoadOptions("insert_new", key=("id",), newest="at"),
        LoadOptions("replace_slice", slice_columns=("day", "id")),
        LoadOptions("replace_slice", slice_columns=("day",), slice_values=("2024-11-05",)),
    ],
)
def test_what_makes_sense_passes(options: LoadOptions) -> None:
    """Columns may be spelt as the source does."""
    check(BATCH, TABLE, options)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (
            LoadOptions(key=("id",)),
            "public.votes: a key was given, but mode is 'append', which has no use for it. Use "
            "mode 'upsert' or 'history' or 'insert_new', or leave it out.",
        ),
        (
            LoadOptions("replace", slice_columns=("day",)),
            "public.votes: slice_columns was given, but mode is 'replace', which has no use for "
            "it. Use mode 'replace_slice', or leave it out.",
        ),
        (
            LoadOptions("insert_new", key=("id",), deleted="gone"),
            "public.votes: deleted was given, but mode is 'insert_new', which has no use for it. "
            "Use mode 'upsert' or 'history', or leave it out.",
        ),
        (
            LoadOptions("upsert"),
            "public.votes: mode 'upsert' needs a key: the columns that identify a row.",
        ),
        (
            LoadOptions("replace_slice"),
            "public.votes: mode 'replace_slice' needs slice_columns: the columns whose values "
            "name a slice.",
        ),
        (
            LoadOptions("replace_slice", slice_columns=("day", "id"), slice_values=("5",)),
            "public.votes: 1 slice_values were given for 2 slice_columns. Give one for each, in "
            "the same order.",
        ),
        (
            LoadOptions("upsert", key=("id", "ID")),
            "votes.csv: column 'ID' was given as key column and as key column. Expected another "
            "column for each.",
        ),
        (
            LoadOptions("history", key=("id", "at"), newest="at"),
            "votes.csv: column 'at' was given as key column and as newest column. Expected "
            "another column for each.",
        ),
        (
            LoadOptions("upsert", key=("id",), deleted="day"),
            "votes.csv: deleted column 'day' is DATE, mode 'upsert' needs BOOLEAN. Declare its "
            "type, or choose another column.",
        ),
        (
            LoadOptions("history", key=("id",), newest="gone"),
            "votes.csv: newest column 'gone' is BOOLEAN, mode 'history' needs DATE or TIMESTAMP "
            "or TIMESTAMPTZ. Declare its type, or choose another column.",
        ),
    ],
)
def test_contradictions_are_told(options: LoadOptions, said: str) -> None:
    """What was given, what the mode can use, and what to do."""
    with pytest.raises(ParameterInvalid) as caught:
        check(BATCH, TABLE, options)
    assert str(caught.value) == said


@pytest.mark.parametrize("name", ["newest", "deleted", "key", "slice_values"])
@pytest.mark.parametrize("mode", ["append", "replace"])
def test_modes_without_a_key_have_no_use_for_columns(mode: Mode, name: str) -> None:
    """Silence would leave a person in the belief that they count."""
    given = {"newest": "at", "deleted": "gone", "key": ("id",), "slice_values": ("1",)}
    options = replace(LoadOptions(mode), **{name: given[name]})  # type: ignore[arg-type]
    with pytest.raises(ParameterInvalid, match=f"mode is '{mode}', which has no use for it"):
        check(BATCH, TABLE, options)


@pytest.mark.parametrize("mode", ["upsert", "history", "insert_new", "replace_slice"])
def test_columns_that_the_batch_lacks(mode: Mode) -> None:
    """The message lists those that could have been meant."""
    slices = mode == "replace_slice"
    named, role = (("state",), "slice") if slices else (("id", "state"), "key")
    options = LoadOptions(mode, key=() if slices else named, slice_columns=named if slices else ())
    with pytest.raises(KeyInvalid) as caught:
        check(BATCH, TABLE, options)
    said = f"votes.csv: {role} column 'state' is not in the source, {HAS}"
    assert str(caught.value) == said


@pytest.mark.parametrize(
    ("options", "role"),
    [
        (LoadOptions("upsert", key=("tags",)), "key"),
        (LoadOptions("upsert", key=("id",), newest="tags"), "newest"),
        (LoadOptions("replace_slice", slice_columns=("tags",)), "slice"),
    ],
)
def test_nested_values_cannot_be_compared(options: LoadOptions, role: str) -> None:
    """A key of lists and objects is none."""
    with pytest.raises(KeyInvalid, match=f"{role} column 'tags' holds nested values, which cannot"):
        check(BATCH, TABLE, options)


def test_a_mode_that_does_not_exist() -> None:
    """A misspelt one is told with those that there are."""
    with pytest.raises(ParameterInvalid) as caught:
        check(BATCH, TABLE, LoadOptions("merge"))  # type: ignore[arg-type]
    assert str(caught.value) == (
        "public.votes: there is no mode 'merge'. Choose one of append, replace, upsert, "
        "replace_slice, history, insert_new."
    )


def test_an_empty_batch_has_no_types() -> None:
    """Where there is no value, staging cannot see that a column is a mark."""
    options = LoadOptions("history", key=("id",), newest="gone", deleted="day")
    check(replace(BATCH, rows=0), TABLE, options)


def test_a_history_keeps_columns_of_its_own() -> None:
    """A source that has them already would be misread."""
    options = LoadOptions("history", key=("id",))
    batch = replace(BATCH, columns=(*COLUMNS, Column("valid_to", "DATE", "Valid To")))
    with pytest.raises(ParameterInvalid) as caught:
        check(batch, TABLE, options)
    assert str(caught.value) == (
        "public.votes: mode 'history' keeps valid_from, valid_to, is_current itself, and "
        "votes.csv has a column 'Valid To'. Rename it in the source."
    )
    assert [(column.name, column.type) for column in extra_columns(options)] == [
        ("valid_from", "TIMESTAMP"),
        ("valid_to", "TIMESTAMP"),
        ("is_current", "BOOLEAN"),
    ]
    assert extra_columns(LoadOptions()) == ()


def test_a_column_that_is_discarded_cannot_be_worked_with() -> None:
    """The table lacks what decides which row is newer: told, with the way out."""
    options = LoadOptions("upsert", key=("id",), newest="AT")
    move = Move("staged_batch", TABLE, COLUMNS[:2], options, datetime(2024, 11, 5))
    with pytest.raises(SchemaMismatch) as caught:
        with_staged_names(move)
    assert str(caught.value) == (
        "public.votes: the table has no column for the newest column 'AT', without which mode "
        "'upsert' cannot work. Nothing was loaded. Add the column to the table, or use "
        "schema_policy='evolve'."
    )
