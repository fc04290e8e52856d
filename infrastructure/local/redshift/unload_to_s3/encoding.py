"""Turn PostgreSQL's CSV into what an UNLOAD's files hold."""

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv

from infrastructure.local.redshift.refusals import not_available
from infrastructure.local.redshift.unload_to_s3.result import ResultColumn
from infrastructure.local.redshift.unload_to_s3.statement import UnloadStatement

_PARQUET_TYPES = {
    "int2": pa.int16(),
    "int4": pa.int32(),
    "int8": pa.int64(),
    "float4": pa.float32(),
    "float8": pa.float64(),
    "bool": pa.bool_(),
    "date": pa.date32(),
    "time": pa.time64("us"),
    "timestamp": pa.timestamp("us"),
    "timestamptz": pa.timestamp("us", "UTC"),
    "varchar": pa.string(),
    "char": pa.string(),
    "super": pa.string(),
}


def parquet_schema(columns: tuple[ResultColumn, ...]) -> pa.Schema:
    """Return the types of the Parquet files, from the types of the result.

    Raises:
        FrontError: a column has a type that Parquet files of an UNLOAD cannot hold.
    """
    return pa.schema([(column.name, _parquet_type(column)) for column in columns])


def _parquet_type(column: ResultColumn) -> pa.DataType:
    if column.kind == "numeric":
        return pa.decimal128(column.length, column.scale)
    if column.kind not in _PARQUET_TYPES:
        raise not_available(
            f'UNLOAD of column "{column.name}" to PARQUET', "Cast it to VARCHAR in the query."
        )
    return _PARQUET_TYPES[column.kind]


def parse_typed(rows: bytes, schema: pa.Schema) -> pa.Table:
    """Read PostgreSQL's CSV into a table of the schema."""
    return _read(rows, [str(at) for at in range(len(schema))], list(schema.types)).rename_columns(
        schema.names
    )


def parse_text(rows: bytes, width: int) -> list[pa.Array]:
    """Read PostgreSQL's CSV into columns of text; NULL is told from empty text."""
    table = _read(rows, [str(at) for at in range(width)], [pa.string()] * width)
    return [column.combine_chunks() for column in table.columns]


def delimited(columns: list[pa.Array], statement: UnloadStatement) -> bytes:
    """Write rows as delimited text."""
    mark = statement.delimiter
    texts = [_escaped(column, statement) if statement.escape else column for column in columns]
    texts = [pc.fill_null(text, statement.null_as) for text in texts]
    if statement.add_quotes:
        texts = [pc.binary_join_element_wise('"', text, '"', "") for text in texts]
    lines = pc.binary_join_element_wise(*texts, mark) if len(texts) > 1 else texts[0]
    return ("\n".join(lines.to_pylist()) + "\n").encode()


def json_lines(columns: list[pa.Array]) -> bytes:
    """Write rows that PostgreSQL made JSON of, one to a line.

    Line ends stand only between values, where a SUPER was spelled over several lines.
    """
    columns = [pc.replace_substring_regex(column, r"[\r\n]+", " ") for column in columns]
    return ("\n".join(columns[0].to_pylist()) + "\n").encode()


def _escaped(texts: pa.Array, statement: UnloadStatement) -> pa.Array:
    characters = ["\\", statement.delimiter, "\n", "\r"]
    if statement.add_quotes:
        characters += ['"', "'"]
    for character in characters:
        texts = pc.replace_substring(texts, character, "\\" + character)
    return texts


def _read(rows: bytes, names: list[str], types: list[pa.DataType]) -> pa.Table:
    return arrow_csv.read_csv(
        pa.py_buffer(rows),
        read_options=arrow_csv.ReadOptions(
            column_names=names, use_threads=False, block_size=len(rows) + 1
        ),
        parse_options=arrow_csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
        convert_options=arrow_csv.ConvertOptions(
            column_types=dict(zip(names, types, strict=True)),
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
            null_values=[""],
            true_values=["t"],
            false_values=["f"],
        ),
    )
