"""Nested Arrow values as JSON text, spelled so that every value can be read back."""

import math
from collections.abc import Callable
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.types as of

from utilities.staging.misfit import Misfit
from utilities.staging.text_arrays import text_array_with_nulls

_ENCODER = msgspec.json.Encoder(decimal_format="number")

Plain = Callable[[Any], Any]


def json_texts(cells: pa.Array) -> pa.Array:
    """Return each value of an array as compact JSON; null stays null.

    Decimals are written as numbers with all their digits, dates and times in ISO 8601, maps as
    objects when their keys are text and as lists of pairs otherwise.

    Raises:
        Misfit: a value has no JSON form (NaN, infinity).
    """
    plain = _plain(cells.type)
    texts: list[bytes] = []
    for row, value in enumerate(cells.to_pylist()):
        try:
            texts.append(b"" if value is None else _ENCODER.encode(plain(value)))
        except _NoJson as error:
            raise Misfit(row, str(error), "is a number that JSON cannot hold") from None
    return text_array_with_nulls(texts)


class _NoJson(Exception):
    """A value inside a nested one has no JSON form."""


def _plain(type_: pa.DataType) -> Plain:
    """Return what turns a Python value of an Arrow type into one that JSON can hold."""
    if of.is_floating(type_):
        return _finite
    if of.is_timestamp(type_):
        # Nanoseconds come as a subclass of datetime, whose own spelling has all digits.
        return lambda value: value and value.isoformat()
    if of.is_map(type_):
        return _map(type_)
    if of.is_struct(type_):
        fields = {field.name: _plain(field.type) for field in type_}
        return lambda value: value and {name: fields[name](value[name]) for name in fields}
    if of.is_nested(type_):
        item = _plain(type_.value_type)
        return lambda value: value and [item(inner) for inner in value]
    return lambda value: value


def _map(type_: pa.MapType) -> Plain:
    item = _plain(type_.item_type)
    if of.is_string(type_.key_type) or of.is_large_string(type_.key_type):
        return lambda value: value and {key: item(inner) for key, inner in value}
    return lambda value: value and [[key, item(inner)] for key, inner in value]


def _finite(value: float | None) -> float | None:
    if value is not None and not math.isfinite(value):
        raise _NoJson(value)
    return value
