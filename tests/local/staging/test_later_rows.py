"""The schema comes from the first rows; what later rows say is never bent to fit it."""

from decimal import Decimal

import pytest

from tests.local.staging.conftest import Bench
from utilities.errors import SchemaMismatch
from utilities.references import Column
from utilities.staging import StageOptions, infer_columns, stage

MANY = 400_000


@pytest.mark.parametrize(
    ("early", "late", "type_"),
    [
        (b"1", b"007", "VARCHAR"),
        (b"1", b"1.5", "DOUBLE PRECISION"),
        (b"1.25", b"1.50", "NUMERIC(18,2)"),
        (b"1.50", b"1234567890123456789.00", "NUMERIC(38,2)"),
        (b"true", b"maybe", "VARCHAR"),
        (b"2026-01-01", b"2026-02-30", "VARCHAR"),
        (b"2026-01-01T00:00:00Z", b"2026-01-01T00:00:00", "VARCHAR"),
    ],
)
def test_a_late_value_widens_its_column(
    bench: Bench, early: bytes, late: bytes, type_: str
) -> None:
    """A value behind the first megabyte that does not fit gives the whole column another type,
    and the note says so; other columns keep theirs."""
    rows = MANY * 6 // (len(early) + 3)
    staged = bench.stage(b"value,id\n" + (early + b",7\n") * rows + late + b",7\n")
    assert [column.type for column in staged.columns] == [type_, "BIGINT"]
    assert len(staged.notes) == 1
    assert staged.notes[0].startswith(f"column value is {type_}: later rows do not fit ")
    values = bench.read(staged)["value"]
    assert values.null_count == 0
    if type_ == "VARCHAR":
        assert (values[0].as_py(), values[rows].as_py()) == (early.decode(), late.decode())
    else:
        assert float(values[rows].as_py()) == float(late)


def test_nothing_of_the_first_attempt_stays(bench: Bench) -> None:
    """Parts written before the schema had to change are gone: only the manifest's are there."""
    content = b"value,text\n" + b"1,%s\n" % (b"x" * 200) * 250_000 + b"007,y\n"
    staged = bench.stage(content)
    assert sorted(bench.leftovers()) == sorted([*bench.parts(staged), staged.manifest])


def test_known_columns_win(bench: Bench) -> None:
    """The types of the target table are used where the values fit: the value counts then, not
    how it is spelled."""
    content = b"a,b,c,d,e,f\n1,1.50,7,2.0,2026-01-01,12:30\n2,,8,3,2026-01-02,\n"
    known = {
        "a": "VARCHAR(20)",
        "b": "DOUBLE PRECISION",
        "c": "NUMERIC(12,3)",
        "d": "INTEGER",
        "e": "TIMESTAMP",
        "f": "TIME",
    }
    staged = bench.stage(content, known=known)
    types = [column.type for column in staged.columns]
    assert types == ["VARCHAR", *list(known.values())[1:]]
    row = bench.read(staged).to_pylist()[0]
    assert (row["a"], row["b"], row["c"], row["d"]) == ("1", 1.5, Decimal("7.000"), 2)
    assert (str(row["e"]), str(row["f"])) == ("2026-01-01 00:00:00", "12:30:00")


@pytest.mark.parametrize("rows_before", [0, MANY])
def test_a_value_that_does_not_fit_a_known_column(bench: Bench, rows_before: int) -> None:
    """The table's type is not changed: line, column, value and type are said, nothing stays."""
    content = b"code,n\n" + b"1,2\n" * rows_before + b"007,x\n"
    with pytest.raises(SchemaMismatch) as caught:
        bench.stage(content, known={"code": "BIGINT"})
    assert str(caught.value).endswith(
        f'rows.csv: line {rows_before + 2}, column "code": "007" does not fit BIGINT, the type of '
        "the table's column 'code', without loss. Nothing was loaded. Correct the value, or load "
        "into a table whose column is text."
    )
    assert bench.leftovers() == []


def test_a_table_type_that_no_file_can_fill(bench: Bench) -> None:
    """A column of a type that is not staged is named."""
    with pytest.raises(SchemaMismatch, match="column 'place' of the target is GEOMETRY"):
        bench.stage(b"place\nx\n", known={"place": "GEOMETRY"})


def test_files_with_different_columns_share_a_schema(bench: Bench) -> None:
    """Columns of all files are unified; each file is staged with the columns that it has."""
    first = bench.write(b"id,diff\n01001,5\n", "first.csv")
    second = bench.write(b"id,diff,extra\n1003,13045.0,x\n", "second.csv")
    columns = infer_columns([first, second], bench.store, {})
    assert [(column.name, column.type) for column in columns] == [
        ("id", "VARCHAR"),
        ("diff", "DOUBLE PRECISION"),
        ("extra", "VARCHAR"),
    ]
    staged = stage(
        first,
        destination=f"{bench.prefix}a",
        store=bench.store,
        options=StageOptions(columns=columns),
    )
    assert bench.read(staged).to_pydict() == {"id": ["01001"], "diff": [5.0]}


def test_a_shared_schema_is_kept_when_another_column_widens(bench: Bench) -> None:
    """Reading all rows again narrows nothing: types that other files need stay."""
    source = bench.write(b"a,b\n1,1\n2,02\n")
    columns = (Column("a", "DOUBLE PRECISION", "a"), Column("b", "BIGINT", "b"))
    staged = stage(
        source, destination=bench.prefix, store=bench.store, options=StageOptions(columns=columns)
    )
    assert [column.type for column in staged.columns] == ["DOUBLE PRECISION", "VARCHAR"]
