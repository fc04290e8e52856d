"""What fits into which column type without loss."""

import pytest

from utilities.redshift.column_types import catalog_type, fits, roomy_width_bytes, width_bytes


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
