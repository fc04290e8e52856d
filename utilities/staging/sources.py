"""Open a source file as rows, whatever its format."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from utilities.objects import ObjectStore
from utilities.references import Column
from utilities.staging.csv_rows import CsvRows
from utilities.staging.formats import Format, file_kind
from utilities.staging.json_rows import JsonRows
from utilities.staging.names import Naming, check_column_count
from utilities.staging.parquet_rows import ParquetRows, source_file
from utilities.staging.rows import Rows


@contextmanager
def open_rows(source: str, store: ObjectStore, columns: Iterable[Column] = ()) -> Iterator[Rows]:
    """Give the rows of a file, as a context that closes it.

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
    if kind.format is Format.CSV:
        yield _checked(source, CsvRows(source, store, kind))
    elif kind.format is Format.JSON_LINES:
        named = [(column.name, column.source_name) for column in columns]
        yield JsonRows(source, store, kind, Naming(named))
    else:
        with source_file(source, store, kind) as (file, tally):
            yield _checked(source, ParquetRows(source, file, tally))


def _checked(source: str, rows: Rows) -> Rows:
    check_column_count(source, len(rows.naming.source_names))
    return rows
