"""Turn what a caller wants into a request: ask the API what there is, and refuse early."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from utilities.everyaction.exports.fields import choose_fields, describe_resource, list_fields
from utilities.everyaction.exports.request import IDS_PER_JOB, ExportRequest
from utilities.everyaction.exports.resources import require_resource
from utilities.everyaction.exports.window import Reading, next_start

if TYPE_CHECKING:
    from parsons.ngpvan.van import VAN

MARGIN = timedelta(minutes=1)
"""How far this machine's clock may be ahead of the server's, where that does not tell its own."""


@dataclass(frozen=True)
class Wish:
    """What is to be exported.

    Attributes:
        resource_type: in any case.
        table: target as schema.table.
        watermark: how far it was read, from the ledger; None before the first load.
        since: earlier start, ISO 8601.
        ids: records that are exported in any case.
        fields: names of fields beyond the core ones; empty for all.
        overlap: what is read again before the watermark.
        key_field, inactive_field: instead of the usual ones.
        ids_per_job: how many ids go into one job.
    """

    resource_type: str
    table: str
    watermark: str | None = None
    since: str | None = None
    ids: tuple[int, ...] = ()
    fields: tuple[str, ...] = ()
    overlap: timedelta = timedelta(hours=1)
    key_field: str | None = None
    inactive_field: str | None = None
    ids_per_job: int = IDS_PER_JOB


def plan_export(van: "VAN", wish: Wish) -> tuple[ExportRequest, dict[str, str]]:
    """Return the request, and the kind of every field of its type by name.

    Raises:
        ParameterInvalid: no such type, field, or time.
        WatermarkTooOld: the API no longer tells all that changed since the last load.
        AccessDenied, ApiRefused, ApiUnavailable: the API did not say what there is.
    """
    name, now = _find_resource(van, wish.resource_type)
    fields = list_fields(van, name)
    resource = describe_resource(name, fields, wish.key_field, wish.inactive_field)
    reading = Reading(
        resource=name,
        table=wish.table,
        watermark=wish.watermark,
        since=wish.since,
        overlap=wish.overlap,
        has_ids=bool(wish.ids),
    )
    request = ExportRequest(
        resource=resource,
        fields=choose_fields(resource, fields, wish.fields),
        start=next_start(reading, now),
        now=now,
        ids=wish.ids,
        ids_per_job=wish.ids_per_job,
        basis=(van.connection.uri, van.connection.db, wish.watermark, wish.since),
    )
    return request, {field.name: field.kind for field in fields}


def _find_resource(van: "VAN", wanted: str) -> tuple[str, datetime]:
    """Return the resource type as the API spells it, and the time by the server's clock."""
    response = van.connection.api.request("changedEntityExportJobs/resources", "GET")
    name = require_resource(wanted, tuple(response.json()))
    told = response.headers.get("Date")
    now = parsedate_to_datetime(told) if told else datetime.now(UTC) - MARGIN
    return name, now.astimezone(UTC)
