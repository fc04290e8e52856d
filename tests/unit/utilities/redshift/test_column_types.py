"""What fits into which column type without loss."""

import pytest

from utilities.redshift.column_types import (
    catalog_type,
    fits,
    roomy_width_bytes,
    widened_number,
    width_bytes,
)


@pytest.mark.parametrize(
    ("staged", "target"),
    [
        ("BIGINT", "BIGINT"),
        ("INTEGER", "BIGINT"),
        ("SMALLINT", "INTEGER"),
        ("INTEGER", "DOUBLE PRECISION"),
        ("BIGINT", "NUMERIC(19,0)"),
        ("NUMERIC(18,2)", "NUMERIC(38,4)"),
        ("DATE", "TIMESTAMP"),
        ("VARCHAR", "VARCHAR(7)"),
        ("VARCHAR", "CHAR(2)"),
        ("SUPER", "SUPER"),
    ],
)
def test_widening_fits(staged: str, target: str) -> None:
    """Every value of the staged type has exactly one place in the target type."""
    assert fits(staged, target)


@pytest.mark.parametrize(
    ("staged", "target"),
    [
        ("BIGINT", "INTEGER"),
        ("BIGINT", "DOUBLE PRECISION"),
        ("DOUBLE PRECISION", "BIGINT"),
        ("DOUBLE PRECISION", "VARCHAR(256)"),
        ("VARCHAR", "BIGINT"),
        ("BIGINT", "NUMERIC(18,2)"),
        ("NUMERIC(18,4)", "NUMERIC(38,2)"),
        ("TIMESTAMP", "DATE"),
        ("TIMESTAMP", "TIMESTAMPTZ"),
        ("SUPER", "VARCHAR(65535)"),
    ],
)
def test_what_could_lose_does_not_fit(staged: str, target: str) -> None:
    """A digit, a fraction or a zone that the target cannot hold is a mismatch."""
    assert not fits(staged, target)


@pytest.mark.parametrize(
    ("target", "staged", "widened"),
    [
        ("SMALLINT", "INTEGER", "INTEGER"),
        ("SMALLINT", "BIGINT", "BIGINT"),
        ("INTEGER", "NUMERIC(12,2)", "NUMERIC(12,2)"),
        ("BIGINT", "NUMERIC(20,0)", "NUMERIC(20,0)"),
        ("BIGINT", "NUMERIC(18,2)", "NUMERIC(21,2)"),
        ("NUMERIC(12,2)", "NUMERIC(18,4)", "NUMERIC(18,4)"),
        ("NUMERIC(12,6)", "NUMERIC(18,2)", "NUMERIC(22,6)"),
        ("REAL", "DOUBLE PRECISION", "DOUBLE PRECISION"),
        ("REAL", "INTEGER", "DOUBLE PRECISION"),
        ("SMALLINT", "REAL", "REAL"),
        ("INTEGER", "DOUBLE PRECISION", "DOUBLE PRECISION"),
    ],
)
def test_the_tightest_number_that_holds_both(target: str, staged: str, widened: str) -> None:
    """Not a digit is lost before or behind the point, and not a byte is wasted."""
    assert widened_number(target, staged) == widened
    assert fits(target, widened) and fits(staged, widened)


@pytest.mark.parametrize(
    ("target", "staged"),
    [
        ("BIGINT", "DOUBLE PRECISION"),
        ("NUMERIC(18,2)", "DOUBLE PRECISION"),
        ("NUMERIC(38,0)", "NUMERIC(38,10)"),
        ("BIGINT", "VARCHAR"),
        ("VARCHAR(64)", "BIGINT"),
        ("DATE", "TIMESTAMP"),
        ("BOOLEAN", "SMALLINT"),
    ],
)
def test_numbers_without_a_type_in_common(target: str, staged: str) -> None:
    """A double has not the digits of a big number; text, dates and booleans are no numbers."""
    assert widened_number(target, staged) is None


@pytest.mark.parametrize(
    ("longest", "width"), [(0, 16), (10, 16), (11, 16), (12, 32), (200, 512), (65_535, 65_535)]
)
def test_text_columns_get_room_to_grow(longest: int, width: int) -> None:
    """Half as much again as was seen, in steps, never more than Redshift has."""
    assert roomy_width_bytes(longest) == width


def test_the_catalogs_spelling_is_understood() -> None:
    """Types read from svv_columns compare equal to types that are staged."""
    assert catalog_type("character varying", 256, None, None) == "VARCHAR(256)"
    assert catalog_type("numeric", None, 18, 2) == "NUMERIC(18,2)"
    assert catalog_type("timestamp without time zone", None, None, None) == "TIMESTAMP"
    assert catalog_type("double precision", None, None, None) == "DOUBLE PRECISION"
    assert width_bytes("VARCHAR(256)") == 256
    assert width_bytes("BIGINT") is None
