"""Write Arrow columns as rows of PostgreSQL's binary COPY, which costs it half of what text does.

A row is a count of fields, then each field's length and bytes. Fields of a fixed width are laid
out by numpy, with the length of the text that follows; Arrow joins these runs and the texts.

Source: https://www.postgresql.org/docs/18/sql-copy.html, "Binary Format"; each type's bytes are
those of its receive function, such as int8recv and numeric_recv.
"""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from infrastructure.local.redshift.copy_from_s3.decimals import decimal_fields

Field = tuple[str, Any]
"""A numpy type in network order, and its values: one for each row, or one for all."""

HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER = b"\xff\xff"

_NULL = pa.scalar(b"\xff\xff\xff\xff", pa.large_binary())
_NOTHING = pa.scalar(b"", pa.large_binary())
_EPOCH_DAYS = 10_957
"""PostgreSQL counts from 2000-01-01, Arrow from 1970-01-01."""
_DAY_MICROSECONDS = 86_400_000_000

_NUMBERS = {
    pa.int8(): ">i2",
    pa.int16(): ">i2",
    pa.int32(): ">i4",
    pa.int64(): ">i8",
    pa.float32(): ">f4",
    pa.float64(): ">f8",
    pa.bool_(): "u1",
}


def write_rows(arrays: list[pa.Array]) -> bytes:
    """Return the columns' rows; HEADER goes before the first, TRAILER after the last of a COPY."""
    rows = len(arrays[0])
    pieces: list[pa.Array] = []
    run: list[Field] = [(">i2", len(arrays))]
    for array in arrays:
        if _is_text(array.type):
            texts = array.cast(pa.large_binary())
            lengths = pc.fill_null(pc.binary_length(texts), -1).to_numpy()
            pieces += [_lay_out([*run, (">i4", lengths)], rows), pc.fill_null(texts, b"")]
            run = []
        elif array.null_count:
            values = _lay_out(_fields(array), rows)
            present = pc.if_else(array.is_valid(), values, _NULL)
            pieces += [_lay_out(run, rows), present] if run else [present]
            run = []
        else:
            run += _fields(array)
    if run:
        pieces.append(_lay_out(run, rows))
    joined = pc.binary_join_element_wise(*pieces, _NOTHING)
    return joined.buffers()[2].to_pybytes()  # type: ignore[no-any-return]


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _fields(array: pa.Array) -> list[Field]:
    """Return a column's length and bytes; where it is null, they are any."""
    if pa.types.is_decimal(array.type):
        return decimal_fields(array)
    code, values = _number(array)
    return [(">i4", np.dtype(code).itemsize), (code, values)]


def _number(array: pa.Array) -> Field:
    kind = array.type
    if pa.types.is_date32(kind):
        return ">i4", _integers(array, pa.int32()) - _EPOCH_DAYS
    if pa.types.is_timestamp(kind):
        return ">i8", _integers(array, pa.int64()) - _EPOCH_DAYS * _DAY_MICROSECONDS
    if pa.types.is_time32(kind):
        return ">i8", _integers(array, pa.int32()).astype(np.int64) * 1000
    if pa.types.is_time64(kind):
        return ">i8", _integers(array, pa.int64())
    return _NUMBERS[kind], pc.fill_null(array, False if pa.types.is_boolean(kind) else 0).to_numpy(
        zero_copy_only=False
    )


def _integers(array: pa.Array, kind: pa.DataType) -> NDArray[np.signedinteger[Any]]:
    values: NDArray[np.signedinteger[Any]] = pc.fill_null(array.view(kind), 0).to_numpy()
    return values


def _lay_out(fields: list[Field], rows: int) -> pa.Array:
    """Return each row's fields, one after another."""
    names = [str(index) for index in range(len(fields))]
    table = np.empty(rows, [(name, code) for name, (code, _) in zip(names, fields, strict=True)])
    for name, (_, values) in zip(names, fields, strict=True):
        table[name] = values
    width = table.dtype.itemsize
    offsets = np.arange(0, (rows + 1) * width, width, dtype=np.int64)
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(table.view(np.uint8))]
    return pa.Array.from_buffers(pa.large_binary(), rows, buffers)
