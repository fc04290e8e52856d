"""Stage a source: typed Parquet parts and a manifest on S3, in one pass over the rows.

The schema comes from the first rows. Every later value is checked against it; when one does not
fit, the source is read once to find the schema that fits all rows, and staged from the start.
"""

from typing import Any

from utilities.objects import ObjectStore
from utilities.references import Staged
from utilities.staging.disk import explained_disk
from utilities.staging.job import Job, Progress
from utilities.staging.key_faults import null_in_key
from utilities.staging.keys import NullInKey
from utilities.staging.misfit import Misfit
from utilities.staging.mismatch import does_not_fit
from utilities.staging.options import StageOptions
from utilities.staging.schema import schema_for
from utilities.staging.sources import open_rows
from utilities.staging.survey import with_other_rejects


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
        place = destination.rstrip("/") + "/"
        is_file = isinstance(source, str)
        job = Job(name, place, store, rows, options, progress, total_bytes, is_file)
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
