"""Carry the typed columns of a Parquet file over to Redshift's types without loss.

Whole numbers become the smallest of SMALLINT, INTEGER, BIGINT and NUMERIC(20,0) that holds their
declared type; floats REAL and DOUBLE PRECISION; decimals NUMERIC(p,s); times in nanoseconds stay
times only while no digit is lost; text, also dictionary-encoded, VARCHAR; lists, structs and maps
SUPER as JSON text.
"""

from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as of

from utilities.errors import FileUnreadable
from utilities.staging import text_cells
from utilities.staging.evidence import Evidence
from utilities.staging.misfit import Misfit, first_misfit, refuse_nul
from utilities.staging.nested_json import json_texts
from utilities.staging.redshift_types import NUMERIC_LIMIT_DIGITS, SUPER, VARCHAR, arrow_type

_WHOLE = {
    pa.int8(): "SMALLINT",
    pa.uint8(): "SMALLINT",
    pa.int16(): "SMALLINT",
    pa.uint16(): "INTEGER",
    pa.int32(): "INTEGER",
    pa.uint32(): "BIGINT",
    pa.int64(): "BIGINT",
    pa.uint64(): "NUMERIC(20,0)",
}
_WIDER = {
    "SMALLINT": ("INTEGER", "BIGINT", "DOUBLE PRECISION"),
    "INTEGER": ("BIGINT", "DOUBLE PRECISION"),
    "REAL": ("DOUBLE PRECISION",),
}


def check_type(source: str, field: pa.Field) -> None:
    """Raise FileUnreadable when a column has a type that has no equal in Redshift."""
    if _declared(field.type) is None:
        raise FileUnreadable(
            f'{source}: column "{field.name}" is {field.type}, which cannot be staged without '
            "loss. Expected numbers, decimals of at most 38 digits, booleans, dates, times, text "
            "or nested values of these. Nothing was loaded. Convert the column or leave it out."
        )


def observe(cells: pa.Array) -> Evidence:
    """Return the types that fit the declared type of a column and its values."""
    declared = _declared(cells.type)
    if declared is None or of.is_null(cells.type):
        return Evidence()
    if declared == SUPER:
        return Evidence(frozenset({SUPER}))
    types = {declared, *_WIDER.get(declared, ()), VARCHAR}
    if declared == "BIGINT" and _cast(cells, pa.float64()) is not None:
        types.add("DOUBLE PRECISION")
    if of.is_decimal(cells.type):
        digits = range(cells.type.precision, NUMERIC_LIMIT_DIGITS + 1)
        types |= {f"NUMERIC({precision},{cells.type.scale})" for precision in digits}
    # Nanoseconds may have digits that a TIMESTAMP loses; all other declared types hold.
    if of.is_timestamp(cells.type) or of.is_time(cells.type):
        if _cast(cells, arrow_type(declared)) is None:
            types = {VARCHAR}
    return Evidence(frozenset(types))


def convert(cells: pa.Array, type_: str, *, is_fixed: bool) -> pa.Array:
    """Return typed cells as the Arrow type of a staged type.

    Args:
        cells: typed values or null.
        type_: staged type.
        is_fixed: the type is the target table's. Then text may hold what fits it.

    Raises:
        Misfit: a value does not fit; names the first one.
    """
    if of.is_dictionary(cells.type):
        cells = cells.dictionary_decode()
    target = arrow_type(type_)
    if of.is_null(cells.type):
        return pa.nulls(len(cells), target)
    declared = _declared(cells.type)
    if SUPER in (declared, type_):
        return _as_json(cells, type_)
    if declared == VARCHAR:
        text = refuse_nul(_utf8(pc.cast(cells, pa.string())))
        return text_cells.convert(text, type_, is_fixed=is_fixed)
    if type_ == VARCHAR and (of.is_float32(cells.type) or of.is_float64(cells.type)):
        return pc.cast(cells, target)
    values = _cast(cells, target)
    if values is None:
        row = first_misfit(cells, lambda part: _cast(part, target) is not None)
        raise Misfit(row, cells[row].cast(pa.string()).as_py())
    return values


def _declared(type_: pa.DataType) -> str | None:
    """Return the staged type for a declared Arrow type; None when there is none."""
    if of.is_dictionary(type_):
        return _declared(type_.value_type)
    if of.is_decimal(type_):
        fits = type_.precision <= NUMERIC_LIMIT_DIGITS and 0 <= type_.scale <= type_.precision
        return f"NUMERIC({type_.precision},{type_.scale})" if fits else None
    if of.is_timestamp(type_):
        return "TIMESTAMPTZ" if type_.tz else "TIMESTAMP"
    if of.is_nested(type_):
        inner = [type_.field(position).type for position in range(type_.num_fields)]
        return SUPER if all(map(_has_json, inner)) else None
    for is_kind, name in _KINDS:
        if is_kind(type_):
            return name
    return _WHOLE.get(type_)


def _has_json(type_: pa.DataType) -> bool:
    # Python's times, through which nested values go, have no nanoseconds.
    return _declared(type_) is not None and type_ != pa.time64("ns")


_KINDS: tuple[tuple[Callable[[pa.DataType], bool], str], ...] = (
    (of.is_string, VARCHAR),
    (of.is_large_string, VARCHAR),
    (of.is_string_view, VARCHAR),
    (of.is_null, VARCHAR),
    (of.is_boolean, "BOOLEAN"),
    (of.is_date, "DATE"),
    (of.is_time, "TIME"),
    (of.is_float16, "REAL"),
    (of.is_float32, "REAL"),
    (of.is_float64, "DOUBLE PRECISION"),
)


def _cast(cells: pa.Array, target: pa.DataType) -> pa.Array | None:
    """Return cells in another type, or None unless casting them back gives the same values."""
    try:
        values = pc.cast(cells, target)
        back = pc.cast(values, cells.type)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return None
    if of.is_floating(target) and of.is_floating(cells.type):
        # NaN is not equal to itself; a float is only ever cast to a wider one here.
        return values if target.bit_width >= cells.type.bit_width else None
    return values if pc.all(pc.equal(cells, back), min_count=0).as_py() else None


def _as_json(cells: pa.Array, type_: str) -> pa.Array:
    if type_ != SUPER:
        raise Misfit(0, cells[0].as_py())
    return refuse_nul(json_texts(cells))


def _utf8(text: pa.Array) -> pa.Array:
    if not _is_utf8(text):
        row = first_misfit(text, _is_utf8)
        value = text[row].as_buffer().to_pybytes().decode(errors="replace")
        raise Misfit(row, value, "is not UTF-8")
    return text


def _is_utf8(text: pa.Array) -> bool:
    try:
        text.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True
