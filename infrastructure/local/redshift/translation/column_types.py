"""Column types of CREATE TABLE and ALTER TABLE, as PostgreSQL has to get them.

Source: https://docs.aws.amazon.com/redshift/latest/dg/c_Supported_data_types.html
"""

from infrastructure.local.redshift.errors import FrontError
from infrastructure.local.redshift.reading import Token
from infrastructure.local.redshift.refusals import not_available
from infrastructure.local.redshift.translation.edits import Edits

VARCHAR_LIMIT_BYTES = 65_535
CHAR_LIMIT_BYTES = 4_096

TEXT_TYPES = {
    "VARCHAR": ("varchar", 256, VARCHAR_LIMIT_BYTES),
    "NVARCHAR": ("varchar", 256, VARCHAR_LIMIT_BYTES),
    "CHARACTER VARYING": ("varchar", 256, VARCHAR_LIMIT_BYTES),
    "TEXT": ("varchar", 256, VARCHAR_LIMIT_BYTES),
    "CHAR": ("char", 1, CHAR_LIMIT_BYTES),
    "NCHAR": ("char", 1, CHAR_LIMIT_BYTES),
    "CHARACTER": ("char", 1, CHAR_LIMIT_BYTES),
    "BPCHAR": ("char", 256, CHAR_LIMIT_BYTES),
}
"""Redshift's name: PostgreSQL's, length when none is given, longest."""

SAME_TYPES = frozenset(
    """SMALLINT INT2 INTEGER INT INT4 BIGINT INT8 REAL FLOAT4 FLOAT FLOAT8 BOOLEAN BOOL DATE TIME
    TIMETZ TIMESTAMP TIMESTAMPTZ INTERVAL SUPER OID NAME""".split()
)
EXACT_TYPES = ("NUMERIC", "DECIMAL", "DEC")
BINARY_TYPES = ("VARBYTE", "VARBINARY")
NOT_HERE = frozenset("GEOMETRY GEOGRAPHY HLLSKETCH".split())


def translate_type(found: list[Token], column: str, edits: Edits) -> int:
    """Translate the type that these tokens start with; returns how many tokens it takes.

    Raises:
        FrontError: no type of Redshift, too long, or not available here.
    """
    name = found[0].upper if found else ""
    count = 1
    if name == "CHARACTER" and len(found) > 1 and found[1].upper == "VARYING":
        name, count = "CHARACTER VARYING", 2
    length, length_tokens = _length(found[count:])
    end = found[count + length_tokens - 1].end if found else 0
    if name in TEXT_TYPES:
        new = _text_type(name, length)
    elif name in EXACT_TYPES:
        new = "" if length else "numeric(18,0)"
    elif name in BINARY_TYPES:
        new = "bytea"
    elif name == "DATETIME":
        new = "timestamp"
    elif name == "DOUBLE" and len(found) > 1 and found[1].upper == "PRECISION":
        return 2
    elif name in SAME_TYPES:
        return count + length_tokens + _time_zone(found[count + length_tokens :])
    elif name in NOT_HERE:
        raise not_available(f"The type {name}")
    else:
        written = found[0].raw if found else "nothing"
        raise FrontError(f'Column "{column}" has unsupported type "{written}".', sqlstate="0A000")
    if any(token.raw == "[" for token in found[count : count + length_tokens + 1]):
        raise FrontError(f'Column "{column}" has unsupported type "array".', sqlstate="0A000")
    if new:
        edits.replace(found[0].start, end, new)
    return count + length_tokens


def _length(found: list[Token]) -> tuple[str, int]:
    """What stands in brackets behind a type's name, and how many tokens that is."""
    if not found or found[0].raw != "(":
        return "", 0
    for place, token in enumerate(found):
        if token.raw == ")":
            return "".join(inner.raw for inner in found[1:place]), place + 1
    return "", 0


def _text_type(name: str, length: str) -> str:
    new, default, longest = TEXT_TYPES[name]
    if not length or name == "TEXT":
        return f"{new}({default})"
    if length.upper() == "MAX":
        return f"{new}({longest})"
    if length.isdigit() and int(length) > longest:
        raise FrontError(
            f"length for type {name.lower()} cannot exceed {longest}", sqlstate="22023"
        )
    return f"{new}({length})"


def _time_zone(found: list[Token]) -> int:
    """How many tokens WITH TIME ZONE or WITHOUT TIME ZONE takes, if it stands there."""
    words = [token.upper for token in found[:3]]
    return 3 if words[1:] == ["TIME", "ZONE"] and words[0] in ("WITH", "WITHOUT") else 0
