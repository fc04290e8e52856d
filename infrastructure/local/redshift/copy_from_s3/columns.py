"""Check and convert whole columns of text to what PostgreSQL will read as the same values.

Column-wise tests find the values that are spelled in the usual way; all others go, each distinct
one once, through the exact conversion of values.py.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from infrastructure.local.redshift.copy_from_s3 import refusal
from infrastructure.local.redshift.copy_from_s3.options import CopyOptions
from infrastructure.local.redshift.copy_from_s3.refusal import Refusal
from infrastructure.local.redshift.copy_from_s3.target import TargetColumn
from infrastructure.local.redshift.copy_from_s3.values import TEXT_KINDS, convert

_INTEGERS = {"int2": pa.int16(), "int4": pa.int32(), "int8": pa.int64()}
_DIGITS = frozenset(b"0123456789-")
_BOOLEANS = pa.array(["t", "f", "true", "false", "1", "0", "T", "F", "TRUE", "FALSE"])
_FIRST_DAY = pa.scalar("0001-01-01").cast(pa.date32())
_CLOCK_LENGTHS = pa.array([10, 16, 19, 21, 22, 23, 24, 25, 26], pa.int32())


@dataclass(frozen=True)
class Fault:
    """One value that was refused: where it stands, and why."""

    row: int
    refusal: Refusal
    value: str


def convert_column(
    texts: pa.Array, column: TargetColumn, options: CopyOptions
) -> tuple[pa.Array, list[Fault]]:
    """Return the column as text for PostgreSQL, and the rows that cannot be loaded."""
    texts = _with_nulls(texts, column, options)
    faults: list[Fault] = []
    usual = _usual(texts, column, options)
    if usual is not None:
        unusual = pc.and_(pc.invert(usual), pc.is_valid(texts))
        if pc.any(unusual).as_py():
            texts, faults = _convert_some(texts, unusual, column, options)
    if column.not_null and texts.null_count:
        faulty = {fault.row for fault in faults}
        missing = pc.indices_nonzero(pc.is_null(texts)).to_pylist()
        reason = Refusal(refusal.MISSING_VALUE, "Missing data for not-null field")
        faults += [Fault(row, reason, "") for row in missing if row not in faulty]
    return texts, faults


def _with_nulls(texts: pa.Array, column: TargetColumn, options: CopyOptions) -> pa.Array:
    """Set to NULL what the options, or the type, say is none.

    https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-data-conversion.html
    """
    nulls = pc.equal(texts, options.null_as)
    if options.empty_as_null or column.kind not in TEXT_KINDS:
        nulls = pc.or_(nulls, pc.equal(pc.binary_length(texts), 0))
    if options.blanks_as_null and column.kind in TEXT_KINDS:
        nulls = pc.or_(nulls, pc.utf8_is_space(texts))
    if not pc.any(nulls).as_py():
        return texts
    return pc.if_else(nulls, pa.scalar(None, pa.string()), texts)


def _convert_some(
    texts: pa.Array, wanted: pa.Array, column: TargetColumn, options: CopyOptions
) -> tuple[pa.Array, list[Fault]]:
    rows = pc.indices_nonzero(wanted)
    distinct = texts.take(rows).dictionary_encode()
    results: list[str | None] = []
    refused: dict[int, Refusal] = {}
    for code, text in enumerate(distinct.dictionary.to_pylist()):
        try:
            results.append(convert(text, column, options))
        except Refusal as reason:
            refused[code] = reason
            results.append(None)
    converted = pa.array(results, pa.string()).take(distinct.indices)
    faults: list[Fault] = []
    if refused:
        codes = distinct.indices.to_numpy()
        at = np.flatnonzero(np.isin(codes, list(refused)))
        places, texts_there = rows.to_numpy(), distinct.dictionary
        faults = [
            Fault(int(places[index]), refused[int(codes[index])], texts_there[codes[index]].as_py())
            for index in at
        ]
    return pc.replace_with_mask(texts, wanted, converted), faults


def _usual(texts: pa.Array, column: TargetColumn, options: CopyOptions) -> pa.Array | None:
    """Return which values need no conversion; None when none does."""
    test = _TESTS.get(column.kind)
    if test is None:
        return pa.repeat(False, len(texts))
    return test(texts, column, options)


def _casts(texts: pa.Array, kind: pa.DataType) -> pa.Array | None:
    """Return the values as a type of Arrow's; None when one of them is spelled otherwise."""
    try:
        return texts.cast(kind)
    except pa.ArrowInvalid:
        return None


def _only(texts: pa.Array, allowed: frozenset[int]) -> bool:
    """Whether the values hold no other bytes than these."""
    data = np.frombuffer(texts.buffers()[2] or b"", dtype=np.uint8)
    seen = np.flatnonzero(np.bincount(data, minlength=1))
    return set(seen.tolist()) <= allowed


def _none(texts: pa.Array) -> pa.Array:
    return pa.repeat(False, len(texts))


def _integers(texts: pa.Array, column: TargetColumn, options: CopyOptions) -> pa.Array | None:
    # Arrow reads hexadecimal numbers too, Redshift does not.
    if _only(texts, _DIGITS) and _casts(texts, _INTEGERS[column.kind]) is not None:
        return None
    digits = {"int2": 4, "int4": 9, "int8": 18}[column.kind]
    return pc.match_substring_regex(texts, f"^-?[0-9]{{1,{digits}}}$")


def _floats(texts: pa.Array, column: TargetColumn, options: CopyOptions) -> pa.Array:
    return pc.match_substring_regex(texts, r"^-?[0-9]{1,18}(\.[0-9]{1,18})?$")


def _numerics(texts: pa.Array, column: TargetColumn, options: CopyOptions) -> pa.Array:
    if not column.length:
        return pc.match_substring_regex(texts, r"^-?[0-9]{1,38}(\.[0-9]{1,38})?$")
    whole = column.length - column.scale
    if not whole or not column.scale:
        return (
            pc.match_substring_regex(texts, f"^-?[0-9]{{1,{max(whole, 1)}}}$")
            if whole
            else _none(texts)
        )
    pattern = rf"^-?[0-9]{{1,{whole}}}(\.[0-9]{{1,{column.scale}}})?$"
    return pc.match_substring_regex(texts, pattern)


def _booleans(texts: pa.Array, column: TargetColumn, options: CopyOptions) -> pa.Array:
    return pc.is_in(texts, _BOOLEANS)


def _dates(texts: pa.Array, column: TargetColumn, options: CopyOptions) -> pa.Array | None:
    if options.date_format not in (None, "auto", "YYYY-MM-DD"):
        return _none(texts)
    days = _casts(texts, pa.date32())
    if days is None:
        return _none(texts)
    return pc.fill_null(pc.greater_equal(days, _FIRST_DAY), True)


def _timestamps(texts: pa.Array, column: TargetColumn, options: CopyOptions) -> pa.Array | None:
    if options.time_format not in (None, "auto"):
        return _none(texts)
    moments = _casts(texts, pa.timestamp("us"))
    if moments is None and column.kind == "timestamptz":
        return _zoned(texts, options)
    if moments is None or (options.time_format is None and not _only(texts, _ISO_CLOCK)):
        return _none(texts)
    usual = pc.is_in(pc.binary_length(texts), _CLOCK_LENGTHS)
    return pc.and_(usual, pc.invert(pc.starts_with(texts, "0000")))


_ISO_CLOCK = frozenset(b"0123456789-: .")


def _zoned(texts: pa.Array, options: CopyOptions) -> pa.Array:
    if _casts(texts, pa.timestamp("us", "UTC")) is None:
        return _none(texts)
    mark = "[ T]" if options.time_format else " "
    usual = pc.match_substring_regex(texts, rf"^\d{{4}}-\d\d-\d\d{mark}\d\d:\d\d:\d\d")
    return pc.and_(usual, pc.invert(pc.starts_with(texts, "0000")))


def _varchars(texts: pa.Array, column: TargetColumn, options: CopyOptions) -> pa.Array | None:
    if options.trim_blanks:
        return pc.invert(pc.or_(pc.ends_with(texts, " "), _longer(texts, column)))
    lengths = pc.max(pc.binary_length(texts)).as_py() or 0
    if not column.length or lengths <= column.length:
        return None
    return pc.invert(_longer(texts, column))


def _chars(texts: pa.Array, column: TargetColumn, options: CopyOptions) -> pa.Array:
    return pc.and_(pc.string_is_ascii(texts), pc.invert(_longer(texts, column)))


def _longer(texts: pa.Array, column: TargetColumn) -> pa.Array:
    return pc.greater(pc.binary_length(texts), column.length or 2**31 - 1)


_TESTS: dict[str, Callable[[pa.Array, TargetColumn, CopyOptions], pa.Array | None]] = {
    "int2": _integers,
    "int4": _integers,
    "int8": _integers,
    "float4": _floats,
    "float8": _floats,
    "numeric": _numerics,
    "bool": _booleans,
    "date": _dates,
    "timestamp": _timestamps,
    "timestamptz": _timestamps,
    "varchar": _varchars,
    "char": _chars,
}
