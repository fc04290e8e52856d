"""Redshift's column types: how the catalog spells them, and what goes into what without loss."""

import re

from utilities.references import VARCHAR_LIMIT_BYTES

# The catalog's spelling of types that a statement spells shorter.
# https://docs.aws.amazon.com/redshift/latest/dg/c_Supported_data_types.html
_SHORT = {
    "character varying": "VARCHAR",
    "character": "CHAR",
    "bpchar": "CHAR",
    "text": "VARCHAR",
    "timestamp without time zone": "TIMESTAMP",
    "timestamp with time zone": "TIMESTAMPTZ",
    "time without time zone": "TIME",
    "decimal": "NUMERIC",
}

_DIGITS = {"SMALLINT": 5, "INTEGER": 10, "BIGINT": 19}
_NUMERIC = re.compile(r"NUMERIC\((\d+),\s*(\d+)\)")
_WIDTH = re.compile(r"(?:VARCHAR|CHAR)\((\d+)\)")

WIDTH_STEPS_BYTES = (16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65535)
"""Text columns grow in these steps, so that they are not altered at each load."""


def catalog_type(name: str, length: int | None, precision: int | None, scale: int | None) -> str:
    """Return a type as this repository spells it, from the columns of `svv_columns`."""
    short = _SHORT.get(name.lower(), name.upper())
    if short in ("VARCHAR", "CHAR"):
        return f"{short}({length})" if length else short
    if short == "NUMERIC":
        return f"NUMERIC({precision},{scale})"
    return short


def width_bytes(type_: str) -> int | None:
    """Return n of VARCHAR(n) or CHAR(n), None for other types."""
    match = _WIDTH.fullmatch(type_)
    return int(match[1]) if match else None


def roomy_width_bytes(longest_bytes: int) -> int:
    """Return the width for a new text column: half as much again as was seen, in steps."""
    wanted = min(longest_bytes * 3 // 2, VARCHAR_LIMIT_BYTES)
    return next(step for step in WIDTH_STEPS_BYTES if step >= wanted)


def fits(staged: str, target: str) -> bool:
    """Say whether every value of a staged type can be stored in a target type without loss.

    Widths of text are another matter: see `width_bytes`.
    """
    if staged == target or target.startswith("VARCHAR") and staged == "VARCHAR":
        return True
    if staged == "VARCHAR":
        return target.startswith("CHAR")
    numeric = _NUMERIC.fullmatch(target)
    if numeric:
        return _fits_numeric(staged, int(numeric[1]), int(numeric[2]))
    if staged in _DIGITS and target in _DIGITS:
        return _DIGITS[staged] <= _DIGITS[target]
    return (staged, target) in {
        ("REAL", "DOUBLE PRECISION"),
        ("SMALLINT", "REAL"),
        ("SMALLINT", "DOUBLE PRECISION"),
        ("INTEGER", "DOUBLE PRECISION"),
        ("DATE", "TIMESTAMP"),
    }


def _fits_numeric(staged: str, precision: int, scale: int) -> bool:
    if staged in _DIGITS:
        return _DIGITS[staged] <= precision - scale
    match = _NUMERIC.fullmatch(staged)
    if match is None:
        return False
    return int(match[2]) <= scale and int(match[1]) - int(match[2]) <= precision - scale
