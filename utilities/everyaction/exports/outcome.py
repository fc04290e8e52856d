"""What an export has brought: one batch, named after its jobs, and what a person should know."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from utilities.everyaction.exports.columns import Found
from utilities.everyaction.exports.fields import TEXT
from utilities.everyaction.exports.jobs import FinishedJob
from utilities.everyaction.exports.request import ExportRequest
from utilities.objects import ObjectStore
from utilities.references import Staged, find_column
from utilities.staging import combine
from utilities.staging.manifest import MANIFEST_NAME
from utilities.staging.redshift_types import VARCHAR


@dataclass(frozen=True)
class Exported:
    """An export that lies complete on S3, ready to be loaded.

    Attributes:
        staged: all rows of all files, as one batch.
        resource: type that was exported.
        key: staged name of the column that identifies a row.
        inactive: staged name of the boolean column that marks rows to delete; None for none.
        changed_from, changed_to: the window as the server confirmed it; the latter is the watermark.
        job_ids: the API's.
        files: how many were downloaded.
        notes: what a person should know.
    """

    staged: Staged
    resource: str
    key: str
    inactive: str | None
    changed_from: str
    changed_to: str
    job_ids: tuple[int, ...]
    files: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Target:
    """Where an export goes.

    Attributes:
        place: `s3://` folder of its own for everything that the export leaves; ends in a slash.
        known: columns that the table has already, name to Redshift type.
        kinds: name of a field to its kind, as the API lists them.
    """

    place: str
    known: Mapping[str, str]
    kinds: Mapping[str, str]


def as_one_batch(
    resource: str,
    jobs: Sequence[FinishedJob],
    batches: Sequence[Staged],
    place: str,
    store: ObjectStore,
) -> Staged:
    """Return the rows of all jobs as one batch; of no columns when there are none.

    An empty file says nothing of types that a table could be made of.
    """
    numbers = ", ".join(str(job.id) for job in jobs)
    name = f"EveryAction {resource}, export job{'s' if len(jobs) > 1 else ''} {numbers}"
    # A job's number alone could come again, from another account or a server that was set up anew.
    batch = f"{name}: {jobs[0].changed_from} to {jobs[0].changed_to}"
    if any(staged.rows for staged in batches):
        return combine(batches, place, store, batch=batch, name=name)
    key = hashlib.sha256(batch.encode()).hexdigest()
    return Staged(f"{place}{MANIFEST_NAME}", name, key, columns=(), rows=0, bytes=0)


def describe(
    request: ExportRequest,
    jobs: Sequence[FinishedJob],
    staged: Staged,
    files: int,
    notes: Sequence[str],
) -> Exported:
    """Return the reference of an export."""
    resource = request.resource
    return Exported(
        staged=staged,
        resource=resource.name,
        key=_staged_name(staged, resource.key),
        inactive=_staged_name(staged, resource.inactive) if resource.inactive else None,
        changed_from=jobs[0].changed_from,
        changed_to=jobs[0].changed_to,
        job_ids=tuple(job.id for job in jobs),
        files=files,
        notes=tuple(notes),
    )


def _staged_name(staged: Staged, field: str) -> str:
    column = find_column(staged.columns, field)
    return column.name if column else field.lower()


def surprises(request: ExportRequest, found: Found, target: Target) -> Iterator[str]:
    """Say, as sentences, what is other than the request and the API's list of fields lead to expect."""
    there = {column.source_name for column in found.columns} | set(found.without_type)
    for field in request.fields:
        if field.name not in there:
            yield (
                f'field "{field.name}" was asked for and is not in the files: the API did not '
                "accept it"
            )
    for column in found.columns:
        kind = target.kinds.get(column.source_name)
        if kind is None:
            yield f'column "{column.source_name}" is not in the API\'s list of fields: it is text'
        elif column.type == VARCHAR and kind != TEXT and column.name not in target.known:
            yield f'field "{column.source_name}" is of kind {kind}, and its values are text'
        if column.name != re.sub(r"\W+", "_", column.source_name.lower()):
            yield f'field "{column.source_name}" is column {column.name}'
