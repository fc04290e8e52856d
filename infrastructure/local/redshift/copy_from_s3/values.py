"""Exact conversion of one field's text, as Redshift's COPY accepts it.

The bulk of a file is checked column-wise (columns.py); what is unusual comes here, one value at
a time. Each function returns the text for PostgreSQL, or None for NULL.
"""

import math
import re
from collections.abc import Callable
from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal

import msgspec
import numpy as np

from infrastructure.local.redshift.copy_from_s3 import refusal
from infrastructure.local.redshift.copy_from_s3.options import CopyOptions
from infrastructure.local.redshift.copy_from_s3.refusal import Refusal
from infrastructure.local.redshift.copy_from_s3.target import TargetColumn
from infrastructure.local.redshift.copy_from_s3.times import CONVERT_TIME

_RANGES = {"int2": 2**15, "int4": 2**31, "int8": 2**63}
_NUMBER_NAMES = {"int2": "Short", "int4": "Integer", "int8": "Long", "numeric": "Decimal"}
_FLOAT = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|[+-]?inf(inity)?|nan", re.IGNORECASE)
_DECIMAL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?")
_TRUE = {"t", "true", "y", "yes", "1"}
_FALSE = {"f", "false", "n", "no", "0"}
TEXT_KINDS = ("varchar", "char")
"""Only these can hold blanks; a blank field of any other type is NULL."""

JSON = msgspec.json.Decoder(float_hook=str)
"""Checks a document; numbers keep their spelling, so that none is out of range."""


def convert(text: str, column: TargetColumn, options: CopyOptions) -> str | None:
    """Return a non-null field as text that PostgreSQL reads as the same value.

    Raises:
        Refusal: Redshift would refuse the row.
    """
    if column.kind not in TEXT_KINDS and not text.strip():
        return None
    return _CONVERT[column.kind](text, column, options)


def _integer(text: str, column: TargetColumn, options: CopyOptions) -> str:
    number = text.strip(" ")
    offset = text.find(number)
    for index, character in enumerate(number):
        if not ("0" <= character <= "9" or (index == 0 and character in "+-" and len(number) > 1)):
            raise _bad_digit(character, offset + index, column)
    value, limit = int(number), _RANGES[column.kind]
    if not -limit <= value < limit:
        raise Refusal(
            refusal.OVERFLOW, f"Overflow, Value '{number}', Type: {_NUMBER_NAMES[column.kind]}"
        )
    return str(value)


def _float(text: str, column: TargetColumn, options: CopyOptions) -> str:
    number = text.strip(" ")
    if _FLOAT.fullmatch(number) is None:
        raise Refusal(refusal.BAD_FLOAT, f"Invalid float format or value, Value '{number[:40]}'")
    value = float(number)
    if column.kind == "float4":
        with np.errstate(all="ignore"):
            value = float(np.float32(value))
    vanished = not value and re.search("[1-9]", number.lower().partition("e")[0])
    if vanished or (math.isinf(value) and "n" not in number.lower()):
        raise Refusal(refusal.OUT_OF_RANGE, f"Out of range, Value '{number[:40]}', Type: Float")
    return number


def _numeric(text: str, column: TargetColumn, options: CopyOptions) -> str:
    number = text.strip(" ")
    if _DECIMAL.fullmatch(number) is None:
        digits = re.match(r"[+-]?\d*\.?\d*", number)
        position = digits.end() if digits else 0
        position = min(position, len(number) - 1)
        raise _bad_digit(number[position], position, column)
    # Without ROUNDEC digits beyond the scale are cut off:
    # https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-data-conversion.html#copy-roundec
    rounding = ROUND_HALF_UP if options.round_decimals else ROUND_DOWN
    step = Decimal(1).scaleb(-column.scale)
    # The exponent has at most three digits: so many places are enough for any value.
    exact = Context(prec=1100 + len(number))
    value = Decimal(number).quantize(step, rounding=rounding, context=exact)
    if column.length and abs(value) >= Decimal(10) ** (column.length - column.scale):
        raise Refusal(
            refusal.BAD_DECIMAL,
            f"Overflow for NUMERIC({column.length},{column.scale}), Value '{number[:40]}'",
        )
    return f"{value:f}"


def _boolean(text: str, column: TargetColumn, options: CopyOptions) -> str:
    word = text.strip(" ").lower()
    if word in _TRUE:
        return "t"
    if word in _FALSE:
        return "f"
    raise Refusal(refusal.BAD_BOOLEAN, "Unknown boolean format")


def _varchar(text: str, column: TargetColumn, options: CopyOptions) -> str:
    return _bounded(text.rstrip(" ") if options.trim_blanks else text, column, options)


def _bounded(text: str, column: TargetColumn, options: CopyOptions) -> str:
    if not column.length or len(text.encode()) <= column.length:
        return text
    if not options.truncate_columns:
        raise Refusal(refusal.OUT_OF_RANGE, "String length exceeds DDL length", column.length)
    return text.encode()[: column.length].decode(errors="ignore")


def _char(text: str, column: TargetColumn, options: CopyOptions) -> str:
    if not text.isascii():
        at = next(index for index, character in enumerate(text) if not character.isascii())
        raise Refusal(
            refusal.BAD_UTF8,
            "Multibyte character not supported for CHAR (Hint: try using VARCHAR). "
            f"Invalid char: {text[at].encode().hex(' ')}",
            at,
        )
    return _bounded(text.rstrip(" ") if len(text) > column.length else text, column, options)


def _super(text: str, column: TargetColumn, options: CopyOptions) -> str:
    try:
        JSON.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError) as error:
        raise Refusal(refusal.BAD_SUPER, f"Invalid JSON for SUPER: {error}") from None
    if "\\u0000" in text:
        raise Refusal(refusal.BAD_SUPER, "Invalid JSON for SUPER: \\u0000 is not supported")
    return text


def _bad_digit(character: str, position: int, column: TargetColumn) -> Refusal:
    return Refusal(
        refusal.BAD_DIGIT,
        f"Invalid digit, Value '{character}', Pos {position}, Type: {_NUMBER_NAMES[column.kind]}",
        position,
    )


_CONVERT: dict[str, Callable[[str, TargetColumn, CopyOptions], str | None]] = {
    "int2": _integer,
    "int4": _integer,
    "int8": _integer,
    "float4": _float,
    "float8": _float,
    "numeric": _numeric,
    "bool": _boolean,
    "varchar": _varchar,
    "char": _char,
    "super": _super,
    **CONVERT_TIME,
}
