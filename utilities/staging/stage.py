"""Stage a file: typed Parquet parts and a manifest on S3, in one pass over the source.

The schema comes from the first rows. Every later value is checked against it; when one does not
fit, the file is read once to find the schema that fits all rows, and staged from the start.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from utilities.errors import InvariantBroken
from utilities.objects import ObjectStore
from utilities.references import Column, Staged
from utilities.staging.conversion import Conversion
from utilities.staging.key_faults import key_columns, null_in_key, refuse_duplicates
from utilities.staging.keys import KeyIndex, NullInKey
from utilities.staging.manifest import MANIFEST_NAME, manifest_json
from utilities.staging.misfit import Misfit
from utilities.staging.mismatch import does_not_fit
from utilities.staging.parts import Part, PartWriter
from utilities.staging.rows import Rows
from utilities.staging.schema import Schema, schema_for, schema_of_all_rows
from utilities.staging.sources import open_rows

Progress = Callable[[int, int], None]
"""Called now and then with the bytes of the source read so far and in all."""


def stage_file(
    source: str,
    *,
    destination: str,
    columns: Sequence[Column],
    store: ObjectStore,
    known: Mapping[str, str] | None = None,
    key: Sequence[str] = (),
    progress: Progress = lambda read, total: None,
) -> Staged:
    """Write a file as typed Parquet parts and a manifest to S3, without losing a value.

    Staging the same file to the same destination again gives the same parts and manifest.

    Args:
        source: local path or `s3://` address of a CSV, JSON lines or Parquet file.
        destination: `s3://` prefix for this file alone; parts and manifest go under it.
        columns: the schema, as `infer_columns` gives it for all files of a load. A column of the
            file that is not in it is added, one that the file does not have is left out (for
            JSON lines, which have no header, it is all null).
        store: reads the source, writes the parts.
        known: columns that the target table has already, name to Redshift type. A value that
            does not fit is an error there; other columns get a wider type.
        key: columns that identify a row, as the source or the table spells them.
        progress: told how far the source was read.

    Raises:
        SchemaMismatch: a value does not fit its column without loss.
        KeyInvalid: a key column is missing, or has nulls or duplicates.
        FileUnreadable, ParameterInvalid: the file cannot be read as what it claims to be.
        SourceNotFound, AccessDenied, StorageUnavailable: source or destination refuse.
    """
    with open_rows(source, store, columns) as rows:
        schema = schema_for(source, rows, columns, known or {})
        job = _Job(source, destination.rstrip("/") + "/", store, rows, tuple(key), progress)
        try:
            return job.run(schema)
        except NullInKey as misfit:
            raise null_in_key(source, rows, misfit) from None
        except Misfit as misfit:
            if misfit.reason or misfit.column in schema.fixed:
                raise does_not_fit(source, rows, misfit, schema.type_of(misfit.column)) from None
        return job.run_again(schema)


@dataclass(frozen=True)
class _Job:
    """One file on its way to one place; can be run again with another schema."""

    source: str
    destination: str
    store: ObjectStore
    rows: Rows
    key: tuple[str, ...]
    progress: Progress

    def run(self, schema: Schema) -> Staged:
        """Stage with a schema; raises Misfit when a value does not fit it."""
        total_bytes = self.store.size(self.source)
        keys = KeyIndex(key_columns(self.source, schema.columns, self.key))
        conversion = Conversion(self.rows, schema, keys)
        with closing(keys), PartWriter(self.destination, self.store, conversion.convert) as writer:
            for batch in self.rows.batches():
                writer.add(batch)
                self.progress(self.rows.tally.bytes, total_bytes)
            parts = writer.finish()
            refuse_duplicates(self.source, conversion)
            columns = _with_statistics(schema.columns, parts)
            manifest = self.destination + MANIFEST_NAME
            self.store.put(manifest, manifest_json(parts, columns))
        return Staged(
            manifest=manifest,
            source=self.source,
            batch_key=self.rows.tally.sha256(),
            columns=columns,
            rows=sum(part.rows for part in parts),
            bytes=sum(part.bytes for part in parts),
            notes=(
                *self.rows.notes,
                *self.rows.naming.notes(column.name for column in columns),
            ),
        )

    def run_again(self, schema: Schema) -> Staged:
        """Stage with a schema that fits all rows, after the first rows have misled."""
        widened = schema_of_all_rows(self.source, self.rows, schema)
        try:
            staged = self.run(widened)
        except NullInKey as misfit:
            raise null_in_key(self.source, self.rows, misfit) from None
        except Misfit as misfit:
            type_ = widened.type_of(misfit.column)
            if misfit.reason:
                raise does_not_fit(self.source, self.rows, misfit, type_) from None
            raise InvariantBroken(
                f"{self.source}: {self.rows.place(misfit.row)}, column {misfit.column!r} does not "
                f"fit {type_}, which was found by reading all rows. The file changed while it was "
                "read, or this is a fault: stage it again, then report it."
            ) from None
        return replace(staged, notes=(*staged.notes, *_widenings(schema, widened)))


def _with_statistics(columns: Sequence[Column], parts: Sequence[Part]) -> tuple[Column, ...]:
    return tuple(
        replace(
            column,
            max_bytes=max(part.max_bytes[position] for part in parts),
            nulls=sum(part.nulls[position] for part in parts),
        )
        for position, column in enumerate(columns)
    )


def _widenings(before: Schema, after: Schema) -> tuple[str, ...]:
    """Say which columns needed another type than their first rows suggested."""
    types = {column.name: column.type for column in before.columns}
    return tuple(
        f"column {column.name} is {column.type}: later rows do not fit {types[column.name]}"
        for column in after.columns
        if types.get(column.name, column.type) != column.type
    )
