"""Type the values of JSON objects by Arrow's own reader, wherever that is as exact as the tokens."""

from array import array
from collections.abc import Sequence

import msgspec
import pyarrow as pa
import pyarrow.json as arrow_json

from utilities.references import Column
from utilities.staging import json_tokens
from utilities.staging.json_duplicates import has_nested_keys_once
from utilities.staging.json_records import (
    JsonReader,
    Tokens,
    compact_tokens,
    is_compact,
    token_array,
)
from utilities.staging.misfit import Misfit, refuse_nul
from utilities.staging.redshift_types import SUPER, VARCHAR, arrow_type
from utilities.staging.text_cells import convert as convert_text

_FROM_TOKENS = (SUPER, "REAL", "DOUBLE PRECISION")
"""Arrow's reader takes nested values apart, and rounds numbers with too many digits in silence."""

_FROM_TEXT = ("DATE", "TIME", "TIMESTAMP", "TIMESTAMPTZ")
"""Arrow's reader knows few spellings of times, and takes those without a zone as UTC."""


class ColumnReader:
    """Reads objects as the columns of a schema; used by several threads at once."""

    def __init__(self, columns: Sequence[Column], *, refuses_others: bool) -> None:
        """Read columns; `refuses_others` stops at a key that is not one of them."""
        self.columns = tuple(columns)
        self.refuses_others = refuses_others
        self._fields = [(c.source_name, _read_type(c.type)) for c in columns if c.type != SUPER]
        token_keys = [c.source_name for c in columns if c.type in _FROM_TOKENS]
        self._tokens = JsonReader(token_keys, is_strict=False)
        self._all = JsonReader([c.source_name for c in columns], is_strict=refuses_others)
        self._is_one_shape = refuses_others

    def read(self, lines: bytes) -> list[pa.Array] | None:
        """Return objects as typed columns; None when one of them has to be looked at more closely.

        Args:
            lines: one object a line.
        """
        if not _is_utf8(lines):
            return None
        try:
            table, reader = self._read(lines)
            records = reader.read(lines)
        except (msgspec.DecodeError, pa.ArrowInvalid):
            return None
        if table is None or table.num_rows != len(records):
            return None
        arrays = []
        for column in self.columns:
            if column.type in _FROM_TOKENS:
                tokens = reader.tokens(records, column.source_name)
                values = _from_tokens(lines, tokens, column, is_sure=reader is self._tokens)
            else:
                values = _from_arrow(table.column(column.source_name), column)
            if values is None:
                return None
            arrays.append(values)
        return arrays

    def _read(self, lines: bytes) -> tuple[pa.Table | None, JsonReader]:
        """Return what Arrow reads, and the reader of tokens that goes with it.

        Where Arrow takes nested values apart, it sees each repeated and each unknown key. It can
        only when all of them have one shape; otherwise they are passed over, and read with every
        other value by the slower reader.
        """
        if self._is_one_shape:
            try:
                table = _read_json(lines, self._fields, "infer")
                keys = {column.source_name for column in self.columns}
                return (table if keys.issuperset(table.column_names) else None), self._tokens
            except pa.ArrowInvalid:
                table = _read_json(lines, self._fields, "ignore")
                self._is_one_shape = False
                return table, self._all
        return _read_json(lines, self._fields, "ignore"), self._all


def _is_utf8(lines: bytes) -> bool:
    offsets = pa.py_buffer(array("i", [0, len(lines)]))
    try:
        pa.StringArray.from_buffers(1, offsets, pa.py_buffer(lines)).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _read_json(lines: bytes, fields: Sequence[tuple[str, pa.DataType]], others: str) -> pa.Table:
    return arrow_json.read_json(
        pa.BufferReader(lines),
        # One block: an object that does not end in its block is an error.
        read_options=arrow_json.ReadOptions(use_threads=False, block_size=len(lines) + 1),
        parse_options=arrow_json.ParseOptions(
            explicit_schema=pa.schema(fields), unexpected_field_behavior=others
        ),
    )


def _read_type(type_: str) -> pa.DataType:
    return pa.string() if type_ in _FROM_TEXT else arrow_type(type_)


def _from_arrow(chunks: pa.ChunkedArray, column: Column) -> pa.Array | None:
    values = chunks.chunk(0) if chunks.num_chunks == 1 else chunks.combine_chunks()
    if column.type not in (VARCHAR, *_FROM_TEXT):
        return values
    try:
        if column.type == VARCHAR:
            return refuse_nul(values)
        return convert_text(values, column.type, is_fixed=True)
    except Misfit:
        return None


def _from_tokens(lines: bytes, tokens: Tokens, column: Column, *, is_sure: bool) -> pa.Array | None:
    """Return tokens as JSON text or as numbers, None unless keys and digits are certain.

    Args:
        lines: the objects that the tokens are from.
        tokens: of one column.
        column: their name and type.
        is_sure: it is known that no key is repeated.
    """
    if column.type != SUPER:
        try:
            return json_tokens.convert(token_array(tokens), column.type, is_fixed=False)
        except Misfit:
            return None
    short = tokens if is_compact(b",".join(tokens)) else compact_tokens(tokens)
    if is_sure or _has_keys_once(lines, short, column):
        return token_array(short)
    return None


def _has_keys_once(lines: bytes, tokens: Tokens, column: Column) -> bool:
    """Say whether a nested column, and every object in it, stands once in its object."""
    key = msgspec.json.encode(column.source_name) + b":"
    present = len(tokens) - list(map(len, tokens)).count(0)
    return lines.count(key) == present and has_nested_keys_once(tokens)
