"""Type the values of JSON lines, which are kept as the tokens that stand in the file.

- whole numbers are BIGINT, or NUMERIC(38,0) when larger; other numbers DOUBLE PRECISION when
  float64 holds exactly their value as it is spelled shortest, otherwise VARCHAR, as spelled;
- true and false are BOOLEAN, strings VARCHAR;
- objects and arrays, alone or mixed with anything, are SUPER, staged as their JSON text;
- strings mixed with numbers or booleans are VARCHAR: strings without their quotes, others as spelled.
"""

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from utilities.staging import text_cells
from utilities.staging.evidence import Evidence
from utilities.staging.misfit import Misfit, first_misfit, refuse_nul
from utilities.staging.numbers_as_text import as_decimals, as_floats, as_integers
from utilities.staging.redshift_types import (
    NUMERIC_LIMIT_DIGITS,
    SUPER,
    VARCHAR,
    arrow_type,
    numeric_size,
)
from utilities.staging.text_arrays import text_array, text_scalar

_TRUE = text_scalar(b"true")
_NUMBER = frozenset("-0123456789")
_STRING = frozenset('"')
_BOOLEAN = frozenset("tf")
_NESTED = frozenset("{[")
_SCALAR_TYPES = frozenset({VARCHAR, SUPER})


def observe(tokens: pa.Array) -> Evidence:
    """Return the types that fit all tokens; null means a JSON null or a missing key."""
    kinds = _kinds(tokens)
    if not kinds:
        return Evidence()
    if kinds & _NESTED:
        return Evidence(frozenset({SUPER}))
    if kinds <= _BOOLEAN:
        return Evidence(_SCALAR_TYPES | {"BOOLEAN"})
    if kinds <= _NUMBER:
        return Evidence(_SCALAR_TYPES | _number_types(tokens))
    return Evidence(_SCALAR_TYPES)


def convert(tokens: pa.Array, type_: str, *, is_fixed: bool) -> pa.Array:
    """Return tokens as the Arrow type of a staged type.

    Args:
        tokens: JSON tokens or null.
        type_: staged type.
        is_fixed: the type is the target table's. Then strings may hold what JSON has no type
            for: dates, times, decimals.

    Raises:
        Misfit: a token does not fit; names the first one.
    """
    if type_ == SUPER:
        return tokens
    kinds = _kinds(tokens)
    if type_ == VARCHAR:
        if not kinds & _NESTED:
            return _plain_text(tokens)
    elif not kinds:
        return pa.nulls(len(tokens), arrow_type(type_))
    elif kinds <= _NUMBER or kinds <= _BOOLEAN and type_ == "BOOLEAN":
        values = _parse_numbers(tokens, type_) if kinds <= _NUMBER else pc.equal(tokens, _TRUE)
        if values is not None:
            return values
    elif is_fixed and kinds <= _STRING:
        return text_cells.convert(_plain_text(tokens), type_, is_fixed=True)
    if len(tokens) == 1:
        raise Misfit(0, tokens[0].as_py())
    row = first_misfit(tokens, lambda part: _fits(part, type_, is_fixed))
    raise Misfit(row, tokens[row].as_py())


def _fits(tokens: pa.Array, type_: str, is_fixed: bool) -> bool:
    try:
        convert(tokens, type_, is_fixed=is_fixed)
    except Misfit:
        return False
    return True


def _kinds(tokens: pa.Array) -> frozenset[str]:
    """Return the first characters of all tokens, which tell what the tokens are."""
    return frozenset(pc.unique(pc.utf8_slice_codeunits(tokens.drop_null(), 0, 1)).to_pylist())


def _number_types(tokens: pa.Array) -> set[str]:
    if as_integers(tokens, pa.int64()) is not None:
        floats = as_floats(tokens, pa.float64(), any_spelling=True)
        return {"BIGINT", "NUMERIC(38,0)"} | ({"DOUBLE PRECISION"} if floats is not None else set())
    if as_decimals(tokens, NUMERIC_LIMIT_DIGITS, 0) is not None:
        return {"NUMERIC(38,0)"}
    floats = as_floats(tokens, pa.float64(), any_spelling=True)
    return {"DOUBLE PRECISION"} if floats is not None else set()


def _parse_numbers(tokens: pa.Array, type_: str) -> pa.Array | None:
    if type_ in ("SMALLINT", "INTEGER", "BIGINT"):
        return as_integers(tokens, arrow_type(type_))
    if type_ in ("REAL", "DOUBLE PRECISION"):
        return as_floats(tokens, arrow_type(type_), any_spelling=True)
    if type_.startswith("NUMERIC"):
        return text_cells.decimals_of_any_scale(tokens, *numeric_size(type_))
    return None


def _plain_text(tokens: pa.Array) -> pa.Array:
    """Return strings without quotes and escapes, other tokens as they stand."""
    is_string = pc.starts_with(tokens, '"')
    inner = pc.utf8_slice_codeunits(tokens, 1, -1)
    text = pc.if_else(is_string, inner, tokens)
    is_escaped = pc.and_(is_string, pc.match_substring(tokens, "\\"))
    if not pc.any(is_escaped).as_py():
        return text
    escaped = tokens.filter(is_escaped).to_pylist()
    decoded = text_array([msgspec.json.decode(token).encode() for token in escaped])
    return refuse_nul(pc.replace_with_mask(text, is_escaped, decoded))
