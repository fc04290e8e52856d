"""The Redshift types that staged columns have, and the Arrow types that Parquet stores them in.

COPY maps Parquet columns by position and wants the types to match exactly: INT64 to BIGINT, decimals
in the target's precision and scale, times in microseconds.
https://docs.aws.amazon.com/redshift/latest/dg/copy-usage_notes-copy-from-columnar.html
"""

import re

import pyarrow as pa

VARCHAR = "VARCHAR"
SUPER = "SUPER"

NARROWEST_FIRST = (
    "SMALLINT",
    "INTEGER",
    "BIGINT",
    "REAL",
    "DOUBLE PRECISION",
    "NUMERIC",
    "BOOLEAN",
    "DATE",
    "TIME",
    "TIMESTAMP",
    "TIMESTAMPTZ",
    VARCHAR,
    SUPER,
)
"""Of all types that fit every value of a column, the first one is chosen."""

NUMERIC_LIMIT_DIGITS = 38
"""The widest NUMERIC: https://docs.aws.amazon.com/redshift/latest/dg/r_Numeric_types201.html"""

_ARROW = {
    "SMALLINT": pa.int16(),
    "INTEGER": pa.int32(),
    "BIGINT": pa.int64(),
    "REAL": pa.float32(),
    "DOUBLE PRECISION": pa.float64(),
    "BOOLEAN": pa.bool_(),
    "DATE": pa.date32(),
    "TIME": pa.time64("us"),
    "TIMESTAMP": pa.timestamp("us"),
    "TIMESTAMPTZ": pa.timestamp("us", "UTC"),
    VARCHAR: pa.string(),
    SUPER: pa.string(),
}
_NUMERIC = re.compile(r"NUMERIC\((\d+),\s*(\d+)\)")
_TEXT = re.compile(r"(?:VARCHAR|CHAR)(?:\((\d+)\))?")


def staged_type(table_type: str) -> str | None:
    """Return the type under which values for a table's column are staged.

    Args:
        table_type: as the catalog of the target table gives it, such as `VARCHAR(64)`.

    Returns:
        One of the types of `Column.type`; None when nothing can be staged for it.
    """
    if _TEXT.fullmatch(table_type):
        return VARCHAR
    if table_type in _ARROW or _NUMERIC.fullmatch(table_type):
        return table_type
    return None


def staged_width_bytes(table_type: str) -> int | None:
    """Return how many bytes of text a table's column holds; None for other types."""
    match = _TEXT.fullmatch(table_type)
    return int(match[1]) if match and match[1] else None


def is_exact_number(type_: str) -> bool:
    """Say whether a type holds whole numbers or decimals."""
    return type_ in ("SMALLINT", "INTEGER", "BIGINT") or type_.startswith("NUMERIC")


def arrow_type(type_: str) -> pa.DataType:
    """Return the Arrow type that stores a staged Redshift type."""
    if type_.startswith("NUMERIC"):
        return pa.decimal128(*numeric_size(type_))
    return _ARROW[type_]


def numeric_size(type_: str) -> tuple[int, int]:
    """Return precision and scale of `NUMERIC(p,s)`."""
    match = _NUMERIC.fullmatch(type_)
    if match is None:
        raise ValueError(f"{type_!r} is not NUMERIC(precision,scale)")
    return int(match[1]), int(match[2])


def is_text(type_: str) -> bool:
    """Say whether a staged type is stored as UTF-8 text."""
    return type_ in (VARCHAR, SUPER)


def preference(type_: str) -> tuple[int, int]:
    """Return a key that sorts types by preference, the tightest first."""
    if type_.startswith("NUMERIC"):
        return NARROWEST_FIRST.index("NUMERIC"), numeric_size(type_)[0]
    return NARROWEST_FIRST.index(type_), 0
