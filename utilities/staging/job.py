"""One source on its way to one place: its parts, its rejects, and last its manifest."""

import hashlib
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from utilities.errors import FileUnreadable, InvariantBroken
from utilities.objects import ObjectStore
from utilities.references import Rejects, Staged
from utilities.staging.column_statistics import with_statistics
from utilities.staging.conversion import Conversion
from utilities.staging.key_faults import key_columns, null_in_key, refuse_duplicates
from utilities.staging.keys import KeyIndex, NullInKey
from utilities.staging.manifest import MANIFEST_NAME, manifest_json
from utilities.staging.misfit import Misfit
from utilities.staging.mismatch import does_not_fit
from utilities.staging.options import StageOptions
from utilities.staging.parts import Part, PartWriter
from utilities.staging.rejects import RejectList, refuse_too_many, sentences, write_rejects
from utilities.staging.rows import Rows
from utilities.staging.schema import Schema, schema_of_all_rows

Progress = Callable[[int, int], None]
"""Called now and then with the bytes of the source read so far and in all (0 when not known)."""


@dataclass(frozen=True)
class Job:
    """A source and what is done with it; can be run again with another schema."""

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
