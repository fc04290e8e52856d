"""The rows of an import, whatever they come from, as text for a CSV."""

import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pyarrow.parquet as pq

from utilities.errors import FileUnreadable, ParameterInvalid
from utilities.objects import ObjectStore
from utilities.redshift.reading import Unloaded
from utilities.references import Staged

Rows = Iterable[Mapping[str, Any]]

ImportSource = Unloaded | Staged | Rows | Callable[[], Rows]
"""A query's result or a batch on S3 (Parquet), rows as mappings, or a function that returns rows."""

MOST_COLUMNS = 50
"""https://docs.ngpvan.com/reference/conceptual-introduction"""

_BATCH_ROWS = 10_000


class _Entry(msgspec.Struct):
    url: str


class _Manifest(msgspec.Struct):
    entries: list[_Entry]


def rows_of(
    source: ImportSource, columns: Sequence[str], store: ObjectStore
) -> Iterator[list[str]]:
    """Return the rows one by one, as text, with the columns in this order.

    Args:
        source: where they come from.
        columns: of the file that is imported; each must be in the source.
        store: reads what lies on S3.

    Raises:
        ParameterInvalid: the source lacks a column, or can be read only once; or there are too
            many columns.
        FileUnreadable: a part on S3 is no Parquet.
    """
    if not 0 < len(columns) <= MOST_COLUMNS:
        raise ParameterInvalid(
            f"the import has {len(columns)} columns; expected 1 to {MOST_COLUMNS}. Leave some out, "
            "or import in several steps."
        )
    if isinstance(source, Unloaded | Staged):
        manifest = source.manifest
        return _stored_rows(manifest, columns, store) if manifest else iter(())
    rows = source() if callable(source) else source
    if rows is source and isinstance(rows, Iterator):
        # A second attempt would find it empty, and import nothing.
        raise ParameterInvalid(
            f"the rows to import are a {type(rows).__name__}, which can be read only once; expected "
            "a list, or a function that returns the rows."
        )
    return (_texts(row, columns) for row in rows)


def _stored_rows(manifest: str, columns: Sequence[str], store: ObjectStore) -> Iterator[list[str]]:
    with store.open(manifest) as file:
        entries = msgspec.json.decode(file.read(), type=_Manifest).entries
    for entry in entries:
        yield from _part_rows(entry.url, columns, store)


def _part_rows(uri: str, columns: Sequence[str], store: ObjectStore) -> Iterator[list[str]]:
    """Read one part. It is as large as whoever wrote it made it, some tens of MiB."""
    with store.open(uri) as file:
        content = file.read()
    if not content.startswith(b"PAR1"):
        raise FileUnreadable(
            f"{uri}: expected a Parquet file. Unload the query as Parquet, which is the default."
        )
    part = pq.ParquetFile(io.BytesIO(content))
    missing = set(columns) - set(part.schema_arrow.names)
    if missing:
        raise _lacking(sorted(missing), part.schema_arrow.names)
    for batch in part.iter_batches(_BATCH_ROWS, columns=list(columns)):
        values = [batch.column(name).to_pylist() for name in columns]
        for row in zip(*values, strict=True):
            yield [as_text(value) for value in row]


def _texts(row: Mapping[str, Any], columns: Sequence[str]) -> list[str]:
    try:
        return [as_text(row[name]) for name in columns]
    except KeyError as error:
        raise _lacking([str(error.args[0])], list(row)) from None


def _lacking(missing: Sequence[str], found: Sequence[str]) -> ParameterInvalid:
    return ParameterInvalid(
        f"the rows to import have no column {', '.join(map(repr, missing))}; found "
        f"{', '.join(map(repr, found))}. Name the columns as the source does."
    )


def as_text(value: Any) -> str:
    """Return a value as the API reads it: nothing for null, times with their zone as UTC."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        if value.tzinfo is None:
            return value.isoformat()
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
