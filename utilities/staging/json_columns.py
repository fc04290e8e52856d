"""Type the values of JSON objects by Arrow's own reader, wherever that is as exact as the tokens."""

from collections.abc import Sequence

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json as arrow_json

from utilities.references import Column
from utilities.staging import json_tokens
from utilities.staging.json_duplicates import has_nested_keys_once
from utilities.staging.json_records import JsonReader, token_array
from utilities.staging.misfit import Misfit
from utilities.staging.redshift_types import SUPER, VARCHAR, arrow_type
from utilities.staging.text_cells import convert as convert_text

_FROM_TOKENS = (SUPER, "REAL", "DOUBLE PRECISION")
"""Arrow's reader takes nested values apart, and rounds numbers with too many digits in silence."""

_FROM_TEXT = ("DATE", "TIME", "TIMESTAMP", "TIMESTAMPTZ")
"""Arrow's reader knows few spellings of times, and takes those without a zone as UTC."""


def read_columns(
    lines: bytes, reader: JsonReader, columns: Sequence[Column]
) -> list[pa.Array] | None:
    """Return objects as typed columns; None when one of them has to be looked at more closely.

    Args:
        lines: one object a line.
        reader: reads objects with the keys of the columns, and refuses others.
        columns: the schema.
    """
    try:
        lines.isascii() or lines.decode()
        records = reader.read(lines)
        table = _read(lines, columns)
    except (msgspec.DecodeError, UnicodeDecodeError, pa.ArrowInvalid):
        return None
    if table.num_rows != len(records):
        return None
    has_nul = b"\\u0000" in lines
    arrays = []
    for column in columns:
        if column.type in _FROM_TOKENS:
            array = _from_tokens(lines, reader.tokens(records, column.source_name), column)
        else:
            array = _from_arrow(table.column(column.source_name), column, has_nul)
        if array is None:
            return None
        arrays.append(array)
    return arrays


def _read(lines: bytes, columns: Sequence[Column]) -> pa.Table:
    fields = [
        (column.source_name, _read_type(column.type)) for column in columns if column.type != SUPER
    ]
    return arrow_json.read_json(
        pa.BufferReader(lines),
        # One block: an object that does not end in its block is an error.
        read_options=arrow_json.ReadOptions(use_threads=False, block_size=len(lines) + 1),
        parse_options=arrow_json.ParseOptions(
            explicit_schema=pa.schema(fields), unexpected_field_behavior="ignore"
        ),
    )


def _read_type(type_: str) -> pa.DataType:
    return pa.string() if type_ in _FROM_TEXT else arrow_type(type_)


def _from_arrow(chunks: pa.ChunkedArray, column: Column, has_nul: bool) -> pa.Array | None:
    array = chunks.chunk(0) if chunks.num_chunks == 1 else chunks.combine_chunks()
    if column.type == VARCHAR:
        return None if has_nul and pc.any(pc.match_substring(array, "\0")).as_py() else array
    if column.type not in _FROM_TEXT:
        return array
    try:
        return convert_text(array, column.type, is_fixed=True)
    except Misfit:
        return None


def _from_tokens(lines: bytes, tokens: Sequence[msgspec.Raw], column: Column) -> pa.Array | None:
    """Return tokens as JSON text or as numbers, None unless their keys and digits are certain."""
    if column.type != SUPER:
        try:
            return json_tokens.convert(token_array(tokens), column.type, is_fixed=False)
        except Misfit:
            return None
    key = msgspec.json.encode(column.source_name) + b":"
    present = sum(1 for token in tokens if len(token))
    if b'": ' in lines or lines.count(key) != present or not has_nested_keys_once(tokens):
        return None
    return token_array(tokens)
