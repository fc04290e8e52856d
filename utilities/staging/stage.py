"""Stage a source: typed Parquet parts and a manifest on S3, in one pass over the rows.

The schema comes from the first rows. Every later value is checked against it; when one does not
fit, the source is read once to find the schema that fits all rows, and staged from the start.
"""

import hashlib
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any

from utilities.errors import FileUnreadable, InvariantBroken
from utilities.objects import ObjectStore
from utilities.references import Column, Rejects, Staged
from utilities.staging.column_statistics import with_statistics
from utilities.staging.conversion import Conversion
from utilities.staging.disk import explained_disk
from utilities.staging.key_faults import key_columns, null_in_key, refuse_duplicates
from utilities.staging.keys import KeyIndex, NullInKey
from utilities.staging.manifest import MANIFEST_NAME, manifest_json
from utilities.staging.misfit import Misfit
from utilities.staging.mismatch import does_not_fit
from utilities.staging.options import StageOptions
from utilities.staging.parts import Part, PartWriter
from utilities.staging.rejects import RejectList, refuse_too_many, sentences, write_rejects
from utilities.staging.rows import Rows
from utilities.staging.schema import Schema, schema_for, schema_of_all_rows
from utilities.staging.sources import open_rows
from utilities.staging.survey import with_other_rejects

Progress = Callable[[int, int], None]
"""Called now and then with the bytes of the source read so far and in all (0 when not known)."""


def stage(
    source: Any,
    *,
    destination: str,
    store: ObjectStore,
    options: StageOptions = StageOptions(),
    progress: Progress = lambda read, total: None,
) -> Staged:
    """Write a source as typed Parquet parts and a manifest to S3, without losing a value.

    Memory is bounded by the size of a part. Staging the same source to the same destination again
    gives the same parts and manifest.

    Args:
        source: local path or `s3://` address of a CSV, JSON lines or Parquet file; JsonPages; an
            Arrow table or reader; a DataFrame; a parsons Table; an iterable of mappings; or a
            function that returns one of these.
        destination: `s3://` prefix for this source alone; parts and manifest go under it.
        store: reads files, writes the parts.
        options: schema, key, and what happens to rows that do not fit.
        progress: told how far the source was read.

    Raises:
        SchemaMismatch: a value does not fit its column without loss.
        LoadRejected: more rows would be set aside than is allowed.
        KeyInvalid: a key column is missing, or has nulls or duplicates.
        FileUnreadable, ParameterInvalid: the source cannot be read as what it claims to be.
        SourceNotFound, AccessDenied, StorageUnavailable: source or destination refuse.
    """
    name = source if isinstance(source, str) else options.name
    total_bytes = store.size(source) if isinstance(source, str) else 0
    with explained_disk(name), open_rows(source, store, options) as rows:
        try:
            schema = schema_for(name, rows, options)
        except Misfit as misfit:
            raise does_not_fit(name, rows, misfit, "") from None
        job = _Job(
            name,
            destination.rstrip("/") + "/",
            store,
            rows,
            options,
            progress,
            total_bytes,
            isinstance(source, str),
        )
        try:
            return job.run(schema)
        except NullInKey as misfit:
            raise null_in_key(name, rows, misfit) from None
        except Misfit as misfit:
            is_settled = misfit.column in schema.fixed - schema.widenable
            if misfit.reason or is_settled or options.needs_one_pass:
                error = does_not_fit(name, rows, misfit, schema.type_of(misfit.column))
                if not options.needs_one_pass:
                    error = with_other_rejects(error, name, rows, schema)
                raise error from None
        return job.run_again(schema)


@dataclass(frozen=True)
class _Job:
    """One source on its way to one place; can be run again with another schema."""

    source: str
    destination: str
    store: ObjectStore
    rows: Rows
    options: StageOptions
    progress: Progress
    total_bytes: int
    is_file: bool

    def run(self, schema: Schema) -> Staged:
        """Stage with a schema; raises Misfit when a value does not fit it."""
        keys = KeyIndex(
            key_columns(self.source, schema.columns, self.options.key),
            is_unique=self.options.unique_key,
        )
        rejects = RejectList() if self.options.quarantine is not None else None
        conversion = Conversion(self.source, self.rows, schema, keys, rejects)
        with (
            closing(keys),
            PartWriter(
                self.destination, self.store, conversion.convert, is_hashed=not self._has_key
            ) as writer,
        ):
            for batch in self.rows.batches():
                writer.add(batch)
                self.progress(self.rows.tally.bytes, self.total_bytes)
            parts = writer.finish()
            if not parts and not rejects:
                self._refuse_empty()
            refuse_duplicates(self.source, conversion)
            columns = with_statistics(schema.columns, [part.statistics for part in parts])
            set_aside = self._set_aside(rejects, sum(part.rows for part in parts))
            self.store.put(self.destination + MANIFEST_NAME, manifest_json(parts, columns))
        return Staged(
            manifest=self.destination + MANIFEST_NAME,
            source=self.source,
            batch_key=self._batch_key(parts),
            columns=columns,
            rows=sum(part.rows for part in parts),
            bytes=sum(part.bytes for part in parts),
            notes=(*self.rows.notes, *self.rows.naming.notes(column.name for column in columns)),
            rejects=set_aside,
        )

    def _refuse_empty(self) -> None:
        if self.options.empty == "refuse" or self.options.empty is None and self.is_file:
            raise FileUnreadable(
                f"{self.source}: there are no rows. Expected at least one. Nothing was loaded. "
                "Check the export that made it, or allow empty sources with empty='stage'."
            )

    def run_again(self, schema: Schema) -> Staged:
        """Stage with a schema that fits all rows, after the first rows have misled."""
        try:
            widened = schema_of_all_rows(self.source, self.rows, schema, self.options)
        except Misfit as misfit:
            raise does_not_fit(self.source, self.rows, misfit, "") from None
        try:
            staged = self.run(widened)
        except NullInKey as misfit:
            raise null_in_key(self.source, self.rows, misfit) from None
        except Misfit as misfit:
            type_ = widened.type_of(misfit.column)
            if misfit.reason or misfit.column in widened.fixed:
                raise does_not_fit(self.source, self.rows, misfit, type_) from None
            raise InvariantBroken(
                f"{self.source}: {self.rows.place(misfit.row)}, column {misfit.column!r} does not "
                f"fit {type_}, which was found by reading all rows. The source changed while it "
                "was read, or this is a fault: stage it again, then report it."
            ) from None
        return replace(staged, notes=(*staged.notes, *_widenings(schema, widened)))

    def _set_aside(self, rejects: RejectList | None, rows: int) -> Rejects | None:
        """Write the rows that were set aside, unless they are too many."""
        if rejects is None:
            return None
        placed = rejects.placed(self.rows)
        if not placed:
            return None
        refuse_too_many(
            self.source,
            sentences(placed, self.rows),
            len(placed),
            rows + len(placed),
            self.options.quarantine or 0.0,
        )
        return write_rejects(self.destination, self.source, placed, self.rows, self.store)

    @property
    def _has_key(self) -> bool:
        """Whether the batch can be told by its name or by the bytes of its source."""
        return self.options.batch is not None or self.rows.tally.has_bytes

    def _batch_key(self, parts: Sequence[Part]) -> str:
        if self.options.batch is not None:
            return hashlib.sha256(self.options.batch.encode()).hexdigest()
        if self.rows.tally.has_bytes:
            return self.rows.tally.sha256()
        return hashlib.sha256("".join(part.sha256 for part in parts).encode()).hexdigest()


def _widenings(before: Schema, after: Schema) -> tuple[str, ...]:
    """Say which columns needed another type than their first rows suggested."""
    types = {column.name: column.type for column in before.columns}
    return tuple(
        f"column {column.name} is {column.type}: later rows do not fit {types[column.name]}"
        for column in after.columns
        if types.get(column.name, column.type) != column.type
    )
