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
_FLOATS = ("REAL", "DOUBLE PRECISION")
_NUMERIC = re.compile(r"NUMERIC\((\d+),\s*(\d+)\)")
_WIDTH = re.compile(r"(?:VARCHAR|CHAR)\((\d+)\)")

NUMERIC_LIMIT_DIGITS = 38
"""The widest NUMERIC: https://docs.aws.amazon.com/redshift/latest/dg/r_Numeric_types201.html"""

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


def is_wider(type_: str, other: str) -> bool:
    """Say whether a type holds every value of another one, and more."""
    return fits(other, type_) and not fits(type_, other)


def widened_number(target: str, staged: str) -> str | None:
    """Return the tightest type of numbers that holds every value of both types without loss.

    None when there is none, or when one of them is no number.
    """
    if not (_is_number(target) and _is_number(staged)):
        return None
    candidates = [*_DIGITS, *_common_numeric(target, staged), *_FLOATS]
    return next(
        (type_ for type_ in candidates if fits(target, type_) and fits(staged, type_)), None
    )


def _is_number(type_: str) -> bool:
    return type_ in _DIGITS or type_ in _FLOATS or _NUMERIC.fullmatch(type_) is not None


def _common_numeric(one: str, other: str) -> list[str]:
    """Return the NUMERIC with the digits of both types before and behind the point, if any."""
    sizes = [_digits(one), _digits(other)]
    known = [size for size in sizes if size is not None]
    if len(known) < len(sizes):
        return []
    whole, scale = max(size[0] for size in known), max(size[1] for size in known)
    return [f"NUMERIC({whole + scale},{scale})"] if whole + scale <= NUMERIC_LIMIT_DIGITS else []


def _digits(type_: str) -> tuple[int, int] | None:
    """Return how many digits an exact type has before and behind the point; None for floats."""
    if type_ in _DIGITS:
        return _DIGITS[type_], 0
    match = _NUMERIC.fullmatch(type_)
    return (int(match[1]) - int(match[2]), int(match[2])) if match else None


def _fits_numeric(staged: str, precision: int, scale: int) -> bool:
    size = _digits(staged)
    return size is not None and size[0] <= precision - scale and size[1] <= scale
