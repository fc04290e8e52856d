"""Open a source file as rows, whatever its format."""

from collections.abc import Iterable

from utilities.errors import SchemaMismatch
from utilities.objects import ObjectStore
from utilities.references import Column
from utilities.staging.csv_rows import CsvRows
from utilities.staging.formats import Format, file_kind
from utilities.staging.json_rows import JsonRows
from utilities.staging.names import Naming
from utilities.staging.parquet_rows import ParquetRows
from utilities.staging.rows import Rows

COLUMN_LIMIT = 1600
"""https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_TABLE_usage.html"""


def open_rows(source: str, store: ObjectStore, columns: Iterable[Column] = ()) -> Rows:
    """Return the rows of a file.

    Args:
        source: local path or `s3://` address; the end of the name tells the format.
        store: reads it.
        columns: columns that are named already, for a format without a header.

    Raises:
        ParameterInvalid: the format is not known.
        FileUnreadable: the file's start is not what the format requires.
        SchemaMismatch: more columns than a table can have.
        SourceNotFound, AccessDenied, StorageUnavailable: the file cannot be read.
    """
    kind = file_kind(source)
    rows: Rows
    if kind.format is Format.CSV:
        rows = CsvRows(source, store, kind)
    elif kind.format is Format.JSON_LINES:
        named = [(column.name, column.source_name) for column in columns]
        rows = JsonRows(source, store, kind, Naming(named))
    else:
        rows = ParquetRows(source, store, kind)
    check_column_count(source, rows)
    return rows


def check_column_count(source: str, rows: Rows) -> None:
    """Raise SchemaMismatch when a file has more columns than a table can have."""
    count = len(rows.naming.source_names)
    if count > COLUMN_LIMIT:
        raise SchemaMismatch(
            f"{source}: {count:,} columns; a Redshift table has at most {COLUMN_LIMIT:,}. Nothing "
            "was loaded. Split the file, or keep the rarer values in one JSON column."
        )
