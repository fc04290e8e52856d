"""Turn text into numbers only where the number can be turned back into the text."""

import re
from decimal import Decimal, InvalidOperation

import pyarrow as pa
import pyarrow.compute as pc

from utilities.staging.text_arrays import EMPTY, text_scalar

_WHOLE = text_scalar(b".0")

# No leading zero, no plus, no zeros at the end except a single ".0".
_PLAIN_DECIMAL = re.compile(r"-?(0|[1-9]\d*)(\.\d*[1-9]|\.0)?", re.ASCII)


def as_integers(text: pa.Array, type_: pa.DataType) -> pa.Array | None:
    """Return whole numbers, or None unless each is spelled canonically and within the type."""
    # Arrow reads no blanks and no plus; what it reads in other spellings begins with a zero.
    if _begins_with(text, "0") or _begins_with(text, "-0"):
        return _round_trip(text, type_)
    try:
        return pc.cast(text, type_)
    except pa.ArrowInvalid:
        return None


def _begins_with(text: pa.Array, start: str) -> bool:
    return bool(pc.any(pc.starts_with(text, start)).as_py())


def as_decimals(text: pa.Array, precision: int, scale: int) -> pa.Array | None:
    """Return decimals, or None unless each has exactly `scale` digits after the point."""
    return _round_trip(text, pa.decimal128(precision, scale))


def as_floats(text: pa.Array, type_: pa.DataType, *, any_spelling: bool) -> pa.Array | None:
    """Return binary floating point numbers, or None unless each is found again in its text.

    Args:
        text: text or null.
        type_: float32 or float64.
        any_spelling: accept every spelling of the same value (`1.10`, `1E5`), as in JSON.
    """
    try:
        values = pc.cast(text, type_)
    except pa.ArrowInvalid:
        return None
    if not pc.all(pc.is_finite(values)).as_py() and values.null_count < len(values):
        return None
    back = pc.cast(values, pa.string())
    same = pc.or_(
        pc.equal(text, back), pc.equal(text, pc.binary_join_element_wise(back, _WHOLE, EMPTY))
    )
    if pc.all(same, min_count=0).as_py():
        return values
    unsure = pc.invert(same)
    spelled, read = text.filter(unsure).to_pylist(), back.filter(unsure).to_pylist()
    if all(_is_same_number(a, b, any_spelling) for a, b in zip(spelled, read, strict=True)):
        return values
    return None


def _round_trip(text: pa.Array, type_: pa.DataType) -> pa.Array | None:
    try:
        values = pc.cast(text, type_)
    except pa.ArrowInvalid:
        return None
    return (
        values
        if pc.all(pc.equal(pc.cast(values, pa.string()), text), min_count=0).as_py()
        else None
    )


def _is_same_number(text: str, shortest: str, any_spelling: bool) -> bool:
    """Compare a spelling with the shortest one of the float that was read from it."""
    try:
        is_equal = Decimal(text) == Decimal(shortest)
    except InvalidOperation:
        return False
    if not is_equal or any_spelling:
        return is_equal
    return _PLAIN_DECIMAL.fullmatch(text) is not None or text == repr(float(text))
