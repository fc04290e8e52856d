"""Python values as JSON text, without losing NaN and infinity, which JSON writers make null."""

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import pyarrow as pa

from utilities.staging.misfit import Misfit
from utilities.staging.text_arrays import text_array_with_nulls

Values = Sequence[Any]

_ENCODER = msgspec.json.Encoder(decimal_format="number")
_PLAIN = frozenset({str, int, bool, type(None)})
_NOT_FINITE = re.compile(rb"\xcb[\x7f\xff][\xf0-\xff]")
"""NaN or infinity as MessagePack writes it, in which it is not null as it is in JSON."""

NO_JSON = "has a number that JSON cannot hold"


def json_text(row: int, value: Any) -> bytes:
    """Return a value as JSON, nothing for None."""
    if value is None:
        return b""
    try:
        text = _ENCODER.encode(value)
    except (TypeError, UnicodeEncodeError, OverflowError) as error:
        raise Misfit(row, value, f"cannot be written as JSON ({error})") from None
    if b"null" in text and _has_no_json(value):
        raise Misfit(row, value, NO_JSON)
    return text


def json_texts(values: Values) -> pa.Array:
    """Return values as JSON, all at once where none of them is at fault."""
    try:
        lines = _ENCODER.encode_lines(values)
    except (TypeError, UnicodeEncodeError, OverflowError):
        return text_array_with_nulls([json_text(row, value) for row, value in enumerate(values)])
    if b"null" in lines and _NOT_FINITE.search(msgspec.msgpack.encode(values)):
        for row, value in enumerate(values):
            if _has_no_json(value):
                raise Misfit(row, value, NO_JSON)
    tokens = lines.split(b"\n")[:-1]
    return text_array_with_nulls([b"" if token == b"null" else token for token in tokens])


def _has_no_json(value: Any) -> bool:
    """Say whether NaN or infinity, which would be written as null, is in a value."""
    cls = type(value)
    if cls in _PLAIN:
        return False
    if cls is dict:
        return any([_has_no_json(v) for v in value.values() if type(v) not in _PLAIN])
    if cls is list:
        return any([_has_no_json(v) for v in value if type(v) not in _PLAIN])
    if isinstance(value, float):
        return not math.isfinite(value)
    if isinstance(value, Mapping):
        return any(map(_has_no_json, value.values()))
    return isinstance(value, list | tuple) and any(map(_has_no_json, value))
