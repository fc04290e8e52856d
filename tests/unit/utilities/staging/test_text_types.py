"""Which types text fits: only those in which every cell is found again."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from utilities.staging.misfit import Misfit
from utilities.staging.text_cells import convert, observe


def best(*cells: str | None) -> str | None:
    """Return the type of a column of cells."""
    return observe(pa.array(cells, pa.string())).best()


@pytest.mark.parametrize(
    ("cells", "type_"),
    [
        (["1", "-5", "9223372036854775807"], "BIGINT"),
        (["1", "9223372036854775808"], "VARCHAR"),
        (["01001", "1"], "VARCHAR"),
        (["+1", "1"], "VARCHAR"),
        (["1 ", "1"], "VARCHAR"),
        (["0x1F"], "VARCHAR"),
        (["1_000"], "VARCHAR"),
        (["37,410"], "VARCHAR"),
        (["15.17%"], "VARCHAR"),
        (["+15551234567"], "VARCHAR"),
        (["1", "1.5", "13045.0"], "DOUBLE PRECISION"),
        (["0.1", "1e-05", "0.00001"], "DOUBLE PRECISION"),
        (["0.37715947248", "0.714368023046453"], "DOUBLE PRECISION"),
        (["0.1000000000000000055"], "VARCHAR"),
        (["0.10000000000000000555", "1"], "VARCHAR"),
        (["1.", "1.5"], "VARCHAR"),
        ([".5", "1.5"], "VARCHAR"),
        (["nan", "1.5"], "VARCHAR"),
        (["inf"], "VARCHAR"),
        (["1E5"], "VARCHAR"),
        (["12.30", "5.00"], "NUMERIC(18,2)"),
        (["12.30", "5.0"], "VARCHAR"),
        (["12.30", "12345678901234567.00"], "NUMERIC(38,2)"),
        (["012.30"], "VARCHAR"),
        (["-0.00"], "VARCHAR"),
        (["true", "false"], "BOOLEAN"),
        (["True", "FALSE"], "BOOLEAN"),
        (["tRue"], "VARCHAR"),
        (["true", "1"], "VARCHAR"),
        (["2026-01-31", "1999-12-31"], "DATE"),
        (["2026-02-30"], "VARCHAR"),
        (["0000-01-01"], "VARCHAR"),
        (["01/31/2026"], "VARCHAR"),
        (["2026-01-31 10:20:30", "2026-01-31T10:20"], "TIMESTAMP"),
        (["2026-01-31 10:20:30.123456"], "TIMESTAMP"),
        (["2026-01-31 10:20:30.1234567"], "VARCHAR"),
        (["2026-01-31T24:00:00"], "VARCHAR"),
        (["2026-01-31 10:20:30", "2026-01-31"], "VARCHAR"),
        (["2026-01-31T10:20:30Z", "2026-01-31T10:20:30+05:30"], "TIMESTAMPTZ"),
        (["2026-01-31T10:20:30Z", "2026-01-31T10:20:30"], "VARCHAR"),
        ([None, "", "5"], "BIGINT"),
        ([None, None], "VARCHAR"),
        (["", ""], "VARCHAR"),
    ],
)
def test_the_type_of_a_column(cells: list[str | None], type_: str) -> None:
    """The tightest type that holds all cells; text when there is none."""
    assert best(*cells) == type_


def test_evidence_is_the_same_in_any_order() -> None:
    """Batches of a column may be read in any order, and files in any order."""
    batches = [observe(pa.array(cells)) for cells in (["1"], ["1.5"], [None, ""], ["2.25"])]
    forward = batches[0] & batches[1] & batches[2] & batches[3]
    assert forward == batches[3] & batches[2] & batches[1] & batches[0]
    assert forward.best() == "DOUBLE PRECISION"


def test_the_first_misfit_is_named() -> None:
    """Of many cells that do not fit, the first one is said."""
    cells = pa.array(["1"] * 1000 + [None, "x"] + ["1"] * 1000 + ["y"])
    with pytest.raises(Misfit) as caught:
        convert(cells, "BIGINT", is_fixed=False)
    assert (caught.value.row, caught.value.value) == (1001, "x")


@pytest.mark.parametrize(
    ("cell", "type_", "value"),
    [
        ("7.0", "INTEGER", "7"),
        ("1.50", "DOUBLE PRECISION", "1.5"),
        ("100", "DOUBLE PRECISION", "100.0"),
        ("0.1", "REAL", "0.10000000149011612"),
        ("1.5", "NUMERIC(10,3)", "1.500"),
        ("1.5000", "NUMERIC(10,3)", "1.500"),
        ("12:30", "TIME", "12:30:00"),
        ("2026-01-31", "TIMESTAMP", "2026-01-31 00:00:00"),
        ('{"a": 1}', "SUPER", '{"a": 1}'),
    ],
)
def test_values_that_fit_a_fixed_type(cell: str, type_: str, value: str) -> None:
    """For a type that the table has, the value counts and not how it is spelled."""
    assert str(convert(pa.array([cell]), type_, is_fixed=True)[0].as_py()) == value


@pytest.mark.parametrize(
    ("cell", "type_"),
    [
        ("007", "BIGINT"),
        ("007", "DOUBLE PRECISION"),
        ("007", "NUMERIC(10,3)"),
        ("7.5", "BIGINT"),
        ("40000", "SMALLINT"),
        ("1.2345", "NUMERIC(10,3)"),
        ("0.123456789", "REAL"),
        ("9007199254740993", "DOUBLE PRECISION"),
        ("25:00", "TIME"),
        ("1:30", "TIME"),
        ("2026-01-31T10:00:00Z", "TIMESTAMP"),
        ("2026-01-31T10:00:00", "TIMESTAMPTZ"),
        ("2026-01-31T10:00:00", "DATE"),
        ("yes", "BOOLEAN"),
        ("{a}", "SUPER"),
    ],
)
def test_values_that_do_not_fit_a_fixed_type(cell: str, type_: str) -> None:
    """What would lose a digit, a zero, a zone or a time of day is refused."""
    with pytest.raises(Misfit):
        convert(pa.array([cell]), type_, is_fixed=True)


@given(st.lists(st.integers(-(2**63), 2**63 - 1), min_size=1))
def test_whole_numbers_are_bigint(numbers: list[int]) -> None:
    """All numbers of 64 bits, exactly."""
    cells = pa.array([str(number) for number in numbers])
    assert observe(cells).best() == "BIGINT"
    assert convert(cells, "BIGINT", is_fixed=False).to_pylist() == numbers


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1))
def test_floats_as_python_spells_them(numbers: list[float]) -> None:
    """The shortest spelling of any float64 is read back as that float."""
    cells = pa.array([repr(number) for number in numbers])
    assert "DOUBLE PRECISION" in (observe(cells).types or ())
    assert convert(cells, "DOUBLE PRECISION", is_fixed=False).to_pylist() == numbers
