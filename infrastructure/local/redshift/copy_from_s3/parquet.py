"""Read Parquet files as Redshift's COPY does: by position, with types that match exactly.

https://docs.aws.amazon.com/redshift/latest/dg/copy-usage_notes-copy-from-columnar.html
"""

import tempfile
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import IO, Any

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from infrastructure.local.redshift.copy_from_s3.messages import failure
from infrastructure.local.redshift.copy_from_s3.moments import check_moments
from infrastructure.local.redshift.copy_from_s3.options import CopyOptions
from infrastructure.local.redshift.copy_from_s3.sources import SourceFile
from infrastructure.local.redshift.copy_from_s3.storage import Storage
from infrastructure.local.redshift.copy_from_s3.target import TargetColumn
from infrastructure.local.redshift.errors import FrontError

BATCH_ROWS = 32_768

SCAN_ERROR, VALUE_ERROR = 15007, 15001
"""Redshift's codes: the file does not fit the table, a value does not fit its column."""

JSONB_VERSION = "\x01"

_TYPES: dict[str, tuple[pa.DataType, ...]] = {
    "int2": (pa.int8(), pa.int16()),
    "int4": (pa.int32(),),
    "int8": (pa.int64(),),
    "float4": (pa.float32(),),
    "float8": (pa.float64(),),
    "bool": (pa.bool_(),),
    "date": (pa.date32(),),
    "time": (pa.time32("ms"), pa.time64("us")),
    "varchar": (pa.string(), pa.large_string()),
    "char": (pa.string(), pa.large_string()),
}
_SHOWN = {
    "int2": "SMALLINT",
    "int4": "INTEGER",
    "int8": "BIGINT",
    "float4": "REAL",
    "float8": "DOUBLE PRECISION",
    "bool": "BOOLEAN",
}


def read_batches(
    storage: Storage, file: SourceFile, columns: tuple[TargetColumn, ...], options: CopyOptions
) -> Iterator[pa.RecordBatch]:
    """Yield a file's rows; the file lies on disk meanwhile, one batch of it in memory.

    Raises:
        FrontError: no Parquet file, or a schema that does not fit the table.
    """
    with tempfile.TemporaryFile() as local:
        storage.download(file.uri, local)
        local.seek(0)
        parquet = _open(local, file)
        _check_schema(parquet, file, columns, options)
        try:
            yield from parquet.iter_batches(batch_size=BATCH_ROWS, use_threads=False)
        except (OSError, pa.ArrowException) as error:
            raise _scan_error(f"File '{file.uri}' could not be read: {error}") from error


def convert_batch(
    batch: pa.RecordBatch,
    first_row: int,
    file: SourceFile,
    columns: tuple[TargetColumn, ...],
    options: CopyOptions,
) -> list[pa.Array]:
    """Return the batch's columns as they are written for PostgreSQL (binary.py).

    Raises:
        FrontError: a value does not fit its column; columnar loads know no MAXERROR.
    """
    arrays = [
        _convert(array, column, first_row, file, options)
        for array, column in zip(batch.columns, columns, strict=False)
    ]
    missing = columns[len(arrays) :]
    for column in missing:
        nulls = pa.nulls(batch.num_rows, pa.string())
        arrays.append(_convert(nulls, column, first_row, file, options))
    return arrays


def _open(local: IO[bytes], file: SourceFile) -> pq.ParquetFile:
    try:
        # INT96, Spark's and awswrangler's timestamp, counts days apart: it arrives whole.
        return pq.ParquetFile(local, coerce_int96_timestamp_unit="us")
    except (OSError, pa.ArrowException) as error:
        raise _scan_error(
            f"File '{file.uri}' has an invalid version number.",
            hint=f"It is no whole Parquet file: {error}",
        ) from error


def _check_schema(
    parquet: pq.ParquetFile,
    file: SourceFile,
    columns: tuple[TargetColumn, ...],
    options: CopyOptions,
) -> None:
    schema = parquet.schema_arrow
    fewer = len(schema) < len(columns)
    if len(schema) > len(columns) or (fewer and not options.fill_record):
        raise _scan_error(
            "Unmatched number of columns between table and file. "
            f"Table columns: {len(columns)}, Data columns: {len(schema)}, File name: {file.uri}"
        )
    for field, column in zip(schema, columns, strict=False):
        if not _fits(field.type, column, options):
            raise _scan_error(
                f"File '{file.uri}' has an incompatible Parquet schema for column "
                f"'{file.uri}.{field.name}'. Column type: {_shown(column)}, Parquet schema:\n"
                f"{'optional' if field.nullable else 'required'} {field.type} {field.name}",
                hint=_hint(field.type, column),
            )


def _fits(found: pa.DataType, column: TargetColumn, options: CopyOptions) -> bool:
    if pa.types.is_dictionary(found):
        found = found.value_type
    if column.kind == "super":
        return options.serialize_to_json and (
            pa.types.is_nested(found) or found in _TYPES["varchar"]
        )
    if column.kind == "numeric":
        return bool(
            pa.types.is_decimal(found)
            and (found.precision, found.scale) == (column.length, column.scale)
        )
    if column.kind in ("timestamp", "timestamptz"):
        # Nanoseconds are read as if they were microseconds, so they never arrive whole.
        return pa.types.is_timestamp(found) and found.unit in ("ms", "us")
    return found in _TYPES.get(column.kind, ())


def _hint(found: pa.DataType, column: TargetColumn) -> str:
    if pa.types.is_nested(found):
        return "Nested values go into SUPER columns, with FORMAT PARQUET SERIALIZETOJSON."
    if pa.types.is_timestamp(found):
        return "Write timestamps in microseconds."
    return f"Write the column as {_shown(column)} wants it; COPY from Parquet casts nothing."


def _shown(column: TargetColumn) -> str:
    name = _SHOWN.get(column.kind, column.kind.upper())
    return f"{name}({column.shown_length})" if column.shown_length else name


def _convert(
    array: pa.Array, column: TargetColumn, first_row: int, file: SourceFile, options: CopyOptions
) -> pa.Array:
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    if column.not_null and array.null_count:
        row = first_row + pc.indices_nonzero(pc.is_null(array))[0].as_py()
        raise _value_error(
            f"The data column {column.name} has NULL in a not-null field. Row: {row}", file
        )
    if column.kind == "super":
        version = JSONB_VERSION if column.jsonb else ""
        texts = [
            None if value is None else version + _json(value, array.type)
            for value in array.to_pylist()
        ]
        return pa.array(texts, pa.string())
    if column.kind in ("timestamp", "timestamptz") and pa.types.is_timestamp(array.type):
        array = array.cast(pa.timestamp("us", "UTC" if column.kind == "timestamptz" else None))
    if column.kind in ("varchar", "char"):
        return _text(array, column, file, options)
    check_moments(array)
    return array


def _text(
    array: pa.Array, column: TargetColumn, file: SourceFile, options: CopyOptions
) -> pa.Array:
    array = _valid_utf8(array, column, file, options)
    longest = pc.max(pc.binary_length(array)).as_py() or 0
    if column.length and longest > column.length:
        raise _value_error(
            f"The length of the data column {column.name} is longer than the length defined in "
            f"the table. Table: {column.length}, Data: {longest}",
            file,
        )
    if column.kind == "char" and not pc.all(pc.string_is_ascii(array)).as_py():
        raise _value_error(f"Multibyte character not supported for CHAR column {column.name}", file)
    if b"\0" in memoryview(array.buffers()[2] or b"").tobytes():
        raise _value_error(f"The data column {column.name} holds a NUL byte", file)
    return array


def _valid_utf8(
    array: pa.Array, column: TargetColumn, file: SourceFile, options: CopyOptions
) -> pa.Array:
    try:
        array.validate(full=True)
        return array
    except pa.ArrowInvalid:
        if not options.accept_inv_chars:
            raise _value_error(
                f"The data column {column.name} contains invalid UTF8 codepoints", file
            ) from None
    texts = [
        None if value is None else _replaced(value, options.accept_inv_chars)
        for value in array.cast(pa.binary()).to_pylist()
    ]
    return pa.array(texts, pa.string())


def _replaced(value: bytes, replacement: str) -> str:
    text = value.decode(errors="surrogateescape")
    return "".join(replacement if "\udc80" <= char <= "\udcff" else char for char in text)


def _json(value: Any, kind: pa.DataType) -> str:
    return msgspec.json.encode(_plain(value, kind), enc_hook=_plain_scalar).decode()


def _plain(value: Any, kind: pa.DataType) -> Any:
    """Turn Arrow's lists of pairs, its form of a map, into objects; the rest is JSON already."""
    if value is None:
        return None
    if pa.types.is_map(kind):
        return {str(key): _plain(item, kind.item_type) for key, item in value}
    if pa.types.is_struct(kind):
        return {field.name: _plain(value[field.name], field.type) for field in kind}
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return [_plain(item, kind.value_type) for item in value]
    return value


def _plain_scalar(value: Any) -> Any:
    if isinstance(value, Decimal | date | datetime | time):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def _scan_error(context: str, hint: str = "") -> FrontError:
    return failure("Spectrum Scan Error", context=context, code=SCAN_ERROR, hint=hint)


def _value_error(context: str, file: SourceFile) -> FrontError:
    return failure(
        "Spectrum Scan Error", context=f"{context}, File name: {file.uri}", code=VALUE_ERROR
    )
