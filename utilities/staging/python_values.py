"""Type Python values, as they stand in dictionaries and in columns of objects.

- int is BIGINT, or NUMERIC(38,0) when larger; float DOUBLE PRECISION; Decimal NUMERIC(p,s) with
  the digits that are there; bool BOOLEAN; str and UUID VARCHAR; date DATE; time TIME; datetime
  TIMESTAMP, with a zone TIMESTAMPTZ;
- mappings and sequences, alone or mixed with anything, are SUPER, staged as JSON text;
- other mixtures are VARCHAR, spelled as JSON spells them, times in ISO 8601.
"""

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

import pyarrow as pa
import pyarrow.compute as pc

from utilities.staging import text_cells
from utilities.staging.evidence import Evidence
from utilities.staging.json_values import json_text, json_texts
from utilities.staging.misfit import Misfit, first_misfit, refuse_nul
from utilities.staging.redshift_types import (
    NUMERIC_LIMIT_DIGITS,
    SUPER,
    VARCHAR,
    arrow_type,
    numeric_size,
)

Values = Sequence[Any]

_BASES = (
    (bool, "bool"),
    (int, "int"),
    (float, "float"),
    (Decimal, "decimal"),
    (dt.datetime, "datetime"),
    (dt.date, "date"),
    (dt.time, "time"),
    (str, "str"),
    (UUID, "str"),
    (Mapping, "nested"),
    (list, "nested"),
    (tuple, "nested"),
)
_KINDS: dict[type, str | None] = {type(None): None}
_WHOLE = ("SMALLINT", "INTEGER", "BIGINT")
_READ_AS = {
    "BOOLEAN": {"bool"},
    "DATE": {"date"},
    "TIME": {"time"},
    "TIMESTAMP": {"datetime"},
    "TIMESTAMPTZ": {"datetime"},
    **dict.fromkeys(_WHOLE, {"int"}),
    "REAL": {"float", "int"},
    "DOUBLE PRECISION": {"float", "int"},
}
"""Kinds of Python values that Arrow takes as such, without rounding or reading anything in."""


def observe(values: Values) -> Evidence:
    """Return the types that fit all values; None fits any."""
    kinds = _kinds(values)
    if not kinds:
        return Evidence()
    if "nested" in kinds:
        return Evidence(frozenset({SUPER}))
    types = {VARCHAR, SUPER}
    if kinds == {"decimal"}:
        types |= _numerics([value for value in values if value is not None])
    elif kinds == {"datetime"}:
        zoned = {value.tzinfo is not None for value in values if value is not None}
        if len(zoned) == 1:
            types.add("TIMESTAMPTZ" if zoned.pop() else "TIMESTAMP")
    else:
        wanted = ("BIGINT", "DOUBLE PRECISION", "BOOLEAN", "DATE", "TIME")
        types |= {type_ for type_ in wanted if _arrow(values, kinds, type_) is not None}
        if kinds == {"int"} and _numerics_of(values, "NUMERIC(38,0)") is not None:
            types.add("NUMERIC(38,0)")
    return Evidence(frozenset(types))


def convert(values: Values, type_: str, *, is_fixed: bool) -> pa.Array:
    """Return values as the Arrow type of a staged type.

    Args:
        values: values or None.
        type_: staged type.
        is_fixed: the type is the target table's, or declared. Then text may hold what fits it,
            and a float a decimal.

    Raises:
        Misfit: a value does not fit; names the first one.
    """
    array = _convert(values, type_, is_fixed)
    if array is None:
        row = first_misfit(values, lambda part: _convert(part, type_, is_fixed) is not None)
        raise Misfit(row, values[row])
    return array


def _convert(values: Values, type_: str, is_fixed: bool) -> pa.Array | None:
    kinds = _kinds(values)
    if type_ == SUPER:
        return refuse_nul(json_texts(values))
    if type_ == VARCHAR:
        return None if "nested" in kinds else refuse_nul(_text(values, kinds))
    if is_fixed and kinds == {"str"}:
        return _from_text(_text(values, kinds), type_)
    if type_.startswith("NUMERIC"):
        allowed = {"int", "decimal", "float"} if is_fixed else {"int", "decimal"}
        if not kinds <= allowed:
            return None
        quick = _numerics_of_floats(values, type_) if kinds == {"float"} else None
        return _numerics_of(values, type_) if quick is None else quick
    if is_fixed and type_ in _WHOLE and "float" in kinds and kinds <= {"int", "float"}:
        if not all(value is None or value == math.floor(value) for value in values):
            return None
        values, kinds = [value if value is None else int(value) for value in values], {"int"}
    return _arrow(values, kinds, type_)


def _kinds(values: Values) -> set[str]:
    """Return what sorts of values there are, None aside."""
    kinds = {_KINDS[cls] if cls in _KINDS else _find_kind(cls) for cls in set(map(type, values))}
    return {kind for kind in kinds if kind is not None}


def _find_kind(cls: type) -> str:
    kind = next((kind for base, kind in _BASES if issubclass(cls, base)), "unknown")
    _KINDS[cls] = kind
    return kind


def _arrow(values: Values, kinds: set[str], type_: str) -> pa.Array | None:
    """Return values by Arrow's own conversion, None where it would read something into them."""
    if not kinds <= _READ_AS[type_]:
        return None
    if "datetime" in kinds:
        is_zoned = type_ == "TIMESTAMPTZ"
        if any(value is not None and (value.tzinfo is not None) != is_zoned for value in values):
            return None
    try:
        return pa.array(values, arrow_type(type_))
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):
        return None


def _numerics(values: Sequence[Decimal]) -> set[str]:
    """Return the NUMERIC types that hold all digits of decimals."""
    if not all(value.is_finite() for value in values):
        return set()
    parts = [value.as_tuple() for value in values]
    scale = max(max(-int(part.exponent), 0) for part in parts)
    whole = max(max(len(part.digits) + int(part.exponent), 0) for part in parts)
    fitting = range(max(scale + whole, 1), NUMERIC_LIMIT_DIGITS + 1)
    return {
        f"NUMERIC({digits},{s})" for digits in fitting for s in range(scale, digits - whole + 1)
    }


def _numerics_of(values: Values, type_: str) -> pa.Array | None:
    exact = [Decimal(repr(v)) if isinstance(v, float) else v for v in values]
    try:
        return pa.array(exact, pa.decimal128(*numeric_size(type_)))
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):
        return None


def _numerics_of_floats(values: Values, type_: str) -> pa.Array | None:
    """Return floats as decimals by their shortest spelling, None where that has an exponent."""
    text = pc.cast(pa.array(values, pa.float64()), pa.string())
    return text_cells.decimals_of_any_scale(text, *numeric_size(type_))


def _from_text(text: pa.Array, type_: str) -> pa.Array | None:
    try:
        return text_cells.convert(text, type_, is_fixed=True)
    except Misfit:
        return None


def _text(values: Values, kinds: set[str]) -> pa.Array:
    if kinds == {"str"}:
        try:
            return pa.array(values, pa.string())
        except (pa.ArrowTypeError, UnicodeEncodeError):
            pass  # UUIDs, or a lone surrogate
    return pa.array(
        [None if value is None else _spelled(row, value) for row, value in enumerate(values)],
        pa.string(),
    )


def _spelled(row: int, value: Any) -> str:
    if isinstance(value, str):
        return _valid(row, value)
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    return json_text(row, value).decode()


def _valid(row: int, value: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        shown = value.encode(errors="replace").decode()
        raise Misfit(row, shown, "has half of a surrogate pair, which is no character") from None
    return value
