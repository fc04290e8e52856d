"""A bulk import in two steps: start it, which happens once; wait for it, which may be repeated.

Source: https://docs.ngpvan.com/reference/bulkimportjobs and
https://docs.everyaction.com/reference/bulk-import-workflow, read 2026-11-21.
"""

import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from utilities.errors import ApiRefused, LinkExpired, OutcomeUnknown
from utilities.everyaction.calls import call
from utilities.everyaction.downloads import download
from utilities.everyaction.imports.references import BulkImported, ImportLayout, StartedImport
from utilities.everyaction.imports.results import read_results
from utilities.everyaction.imports.rows import ImportSource, rows_of
from utilities.everyaction.imports.zipped import zip_rows
from utilities.everyaction.polling import Polling, poll
from utilities.objects import ObjectStore
from utilities.settings import Settings

if TYPE_CHECKING:
    from parsons.ngpvan.van import VAN

LINK_SECONDS = 24 * 3600
"""A job may wait in EveryAction's queue; its own links to results live as long."""

RESULT_FILE_KB = 100_000
"""The largest that is allowed: as few files as possible."""

_DONE = {"Completed", "CompletedWithErrors"}
_ENDED = {*_DONE, "Failed"}


def start_import(
    van: "VAN", source: ImportSource, layout: ImportLayout, settings: Settings
) -> StartedImport:
    """Put the rows on S3 as a zipped CSV and have EveryAction import it.

    Args:
        van: what `connect` returned.
        source: the rows.
        layout: columns and what they mean.
        settings: bucket and credentials.

    Raises:
        ParameterInvalid: the rows are too many for one import, or lack a column.
        ApiRefused: the API does not take the layout.
        OutcomeUnknown: the answer was lost; the message says where to look.
    """
    store = ObjectStore(settings)
    folder = f"s3://{settings.s3_temp_bucket}/everyaction/imports/{uuid.uuid4()}/"
    name = "rows.csv"
    zipped = zip_rows(name, layout.columns, rows_of(source, layout.columns, store))
    with zipped.file:
        if not zipped.rows:
            return StartedImport(None, 0, folder, layout.repeated)
        store.put_stream(_sent_file(folder), zipped.file)
    link = store.signed_link(_sent_file(folder), LINK_SECONDS)
    return StartedImport(_post(van, layout, name, link), zipped.rows, folder, layout.repeated)


def finish_import(
    van: "VAN", started: StartedImport, settings: Settings, polling: Polling = Polling()
) -> BulkImported:
    """Wait for an import, bring all of its result files to S3, and count what they say.

    May be called again: nothing is imported twice.

    Raises:
        ApiRefused: the import failed; the message holds EveryAction's reasons.
        ApiUnavailable: it has not ended in time.
    """
    if started.job_id is None:
        return BulkImported(None, "no rows", 0, 0, 0, ())
    store = ObjectStore(settings)
    job = _ended_job(van, started.job_id, polling)
    if job["status"] not in _DONE:
        raise _failure(started.job_id, job)
    files = _bring_results(van, started, job, store)
    store.delete([_sent_file(started.folder)])
    results = read_results(files, started.repeated, store)
    return BulkImported(
        started.job_id,
        job["status"],
        started.rows,
        results.rows,
        results.rows_with_messages,
        files,
        results.examples,
    )


def _post(van: "VAN", layout: ImportLayout, name: str, link: str) -> int:
    action: dict[str, Any] = {
        "resourceType": layout.resource_type,
        "actionType": "loadMappedFile",
        "mappingTypes": list(layout.mapping_types),
        "resultFileSizeKbLimit": RESULT_FILE_KB,
    }
    if layout.repeated:
        action["columnsToIncludeInResultsFile"] = _named(layout.repeated)
    job = {
        "description": layout.description,
        "file": {
            "fileName": name,
            "columnDelimiter": "csv",
            "columns": _named(layout.columns),
            "hasHeader": True,
            "hasQuotes": True,
            "sourceUrl": link,
        },
        "actions": [action],
    }
    try:
        return int(call(van, "POST", "bulkImportJobs", json=job)["jobId"])
    except OutcomeUnknown as error:
        raise OutcomeUnknown(
            f"{error} The import is called {layout.description!r}: EveryAction's bulk upload page "
            "lists it if it was taken."
        ) from None


def _named(columns: Sequence[str]) -> list[dict[str, str]]:
    return [{"name": column} for column in columns]


def _sent_file(folder: str) -> str:
    return f"{folder}rows.zip"


def _ended_job(van: "VAN", job_id: int, polling: Polling) -> dict[str, Any]:
    return poll(
        f"EveryAction, bulk import {job_id}",
        lambda: call(van, "GET", f"bulkImportJobs/{job_id}"),
        lambda job: job.get("status") in _ENDED,
        polling,
    )


def _bring_results(
    van: "VAN", started: StartedImport, job: dict[str, Any], store: ObjectStore
) -> tuple[str, ...]:
    files = []
    for number, found in enumerate(job.get("resultFiles") or [], 1):
        file = f"{started.folder}results/{number}.csv"
        try:
            download(found["url"], file, store)
        except LinkExpired:
            # Asked again, the API signs new links.
            fresh = call(van, "GET", f"bulkImportJobs/{started.job_id}")["resultFiles"]
            download(fresh[number - 1]["url"], file, store)
        files.append(file)
    return tuple(files)


def _failure(job_id: int, job: dict[str, Any]) -> ApiRefused:
    reasons = tuple(
        (str(error.get("code") or ""), str(error.get("text") or "no reason given"))
        for error in job.get("errors") or []
    )
    said = "; ".join(f"{code}: {text}" if code else text for code, text in reasons)
    return ApiRefused(
        f"EveryAction, bulk import {job_id}: {job['status']}: {said or 'no reason given'}. Mend the "
        "rows or the mapping, then import again.",
        reasons=reasons,
    )
