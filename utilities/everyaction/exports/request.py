"""What is asked of the API, and how the same request is known again after a restart."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from utilities.everyaction.exports.fields import Field
from utilities.everyaction.exports.resources import Resource
from utilities.everyaction.exports.window import as_text

IDS_PER_JOB = 50_000
"""The API names no limit; a request of this size has half a megabyte."""


@dataclass(frozen=True)
class ExportRequest:
    """One export, which is one job, or several when there are many ids.

    Attributes:
        resource: what is exported.
        fields: those to ask for beyond the core ones.
        start: from when on records changed, UTC.
        now: when this was found out, by the server's clock.
        ids: records that are exported in any case.
        ids_per_job: how many of them go into one job.
        basis: what stays the same when an export is tried again, though time went on: account,
            watermark, start that was asked for.
    """

    resource: Resource
    fields: tuple[Field, ...]
    start: datetime
    now: datetime
    ids: tuple[int, ...] = ()
    ids_per_job: int = IDS_PER_JOB
    basis: tuple[str | None, ...] = ()

    @property
    def identity(self) -> str:
        """What tells this request from another one, as a SHA-256 in hexadecimal."""
        parts = [
            self.basis,
            [self.resource.name, self.resource.inactive],
            sorted(field.name for field in self.fields),
            self.ids_per_job,
            sorted(self.ids),
        ]
        return hashlib.sha256(msgspec.json.encode(parts)).hexdigest()

    def chunks(self) -> list[tuple[int, ...]]:
        """Return the ids of each job; one job, without ids, when there are none."""
        ids = tuple(sorted(self.ids))
        starts = range(0, max(len(ids), 1), self.ids_per_job)
        return [ids[start : start + self.ids_per_job] for start in starts]


def job_body(request: ExportRequest, start: datetime, ids: tuple[int, ...]) -> dict[str, Any]:
    """Return the body of `POST changedEntityExportJobs`.

    Without dateChangedTo: the server puts in the moment at which it begins, and tells it.

    Source: https://docs.everyaction.com/reference/changedentityexportjobs
    """
    custom = [
        field.custom_field_id for field in request.fields if field.custom_field_id is not None
    ]
    standard = [field.name for field in request.fields if field.custom_field_id is None]
    body: dict[str, Any] = {
        "resourceType": request.resource.name,
        "dateChangedFrom": as_text(start),
        "includeInactive": request.resource.inactive is not None,
    }
    lists = {
        "requestedFields": standard,
        "requestedCustomFieldIds": custom,
        "requestedIds": list(ids),
    }
    return body | {name: values for name, values in lists.items() if values}
