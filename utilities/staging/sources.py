"""Open a source as rows, whatever it is."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any, cast

import pyarrow as pa

from utilities.errors import ParameterInvalid
from utilities.objects import ObjectStore
from utilities.staging.formats import Format, file_kind
from utilities.staging.json_batches import JsonFile
from utilities.staging.json_pages import JsonPages, PagedJson
from utilities.staging.json_rows import JsonRows
from utilities.staging.names import Naming, check_column_count
from utilities.staging.options import StageOptions
from utilities.staging.rows import Rows

if TYPE_CHECKING:
    import pandas as pd


@contextmanager
def open_rows(source: Any, store: ObjectStore, options: StageOptions) -> Iterator[Rows]:
    """Give the rows of a source, as a context that closes it.

    Args:
        source: local path or `s3://` address of a file whose name tells its format, pages of JSON,
            an Arrow table or reader, a DataFrame, a parsons Table, an iterable of mappings, or a
            function that returns one of these.
        store: reads files.
        options: names of columns, and what happens to rows that cannot be read.

    Raises:
        ParameterInvalid: the kind of source or the format is not known.
        FileUnreadable: the file's start is not what the format requires.
        SchemaMismatch: more columns than a table can have.
        SourceNotFound, AccessDenied, StorageUnavailable: the file cannot be read.
    """
    name = source if isinstance(source, str) else options.name
    with (
        _open_file(source, store, options)
        if isinstance(source, str)
        else _open_given(source, options)
    ) as rows:
        check_column_count(name, len(rows.naming.source_names))
        yield rows


@contextmanager
def _open_file(source: str, store: ObjectStore, options: StageOptions) -> Iterator[Rows]:
    kind = file_kind(source)
    if kind.format is Format.JSON_LINES:
        yield JsonRows(source, JsonFile(source, store, kind), _given_names(options))
    elif kind.format is Format.CSV:
        from utilities.staging.csv_rows import CsvRows

        leaves_out = options.quarantine is not None
        yield CsvRows(source, store, kind, _wanted_names(options), leaves_out=leaves_out)
    else:
        from utilities.staging.parquet_rows import ParquetRows, source_file

        with source_file(source, store, kind) as (file, tally):
            yield ParquetRows(source, file, tally, _wanted_names(options))


@contextmanager
def _open_given(source: Any, options: StageOptions) -> Iterator[Rows]:
    name, is_kept = options.name, not options.needs_one_pass
    source = source() if callable(source) else source
    if isinstance(source, JsonPages):
        with closing(PagedJson(name, source, is_kept=is_kept)) as pages:
            yield JsonRows(name, pages, _given_names(options))
    elif isinstance(source, pa.Table | pa.RecordBatchReader):
        from utilities.staging.arrow_rows import ArrowRows

        with closing(ArrowRows(name, source, _wanted_names(options), is_kept=is_kept)) as rows:
            yield rows
    elif _comes_from(source, "pandas"):
        from utilities.staging.frame_rows import FrameRows

        yield FrameRows(cast("pd.DataFrame", source), _wanted_names(options))
    else:
        from utilities.staging.record_rows import RecordRows

        records = _records(source)
        with closing(RecordRows(name, records, _given_names(options), is_kept=is_kept)) as rows:
            yield rows


def _records(source: Any) -> Iterable[Mapping[str, Any]]:
    if _comes_from(source, "parsons"):
        return cast(Iterable[Mapping[str, Any]], source.table.dicts())
    if isinstance(source, Iterable) and not isinstance(source, str | bytes | Mapping):
        return source
    raise ParameterInvalid(
        f"a {type(source).__name__} cannot be staged. Expected the address of a file, JsonPages, an "
        "Arrow table or reader, a DataFrame, a parsons Table, an iterable of mappings, or a function "
        "that returns one of these."
    )


def _comes_from(source: Any, package: str) -> bool:
    """Say whether a source is an object of a package, which is not imported for that."""
    return type(source).__module__.partition(".")[0] == package


def _given_names(options: StageOptions) -> Naming:
    """Return the names for a source without a header: what is known of it are its columns."""
    columns = options.declared or options.columns
    return Naming(taken=[(column.name, column.source_name) for column in columns])


def _wanted_names(options: StageOptions) -> Naming:
    return Naming(wanted=[(column.name, column.source_name) for column in options.declared])
