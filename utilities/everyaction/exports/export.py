"""A whole export: ask or resume, wait, download, stage, and count before anything is loaded."""

import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from utilities.errors import ExportIncomplete, FileUnreadable, MendData
from utilities.everyaction.exports.columns import Found
from utilities.everyaction.exports.files import fetch_files
from utilities.everyaction.exports.jobs import FinishedJob, Waiting, ask_for_jobs, wait_for
from utilities.everyaction.exports.memory import AskedJob, forget
from utilities.everyaction.exports.outcome import (
    Exported,
    Target,
    as_one_batch,
    describe,
    surprises,
)
from utilities.everyaction.exports.repeats import without_repeats
from utilities.everyaction.exports.request import ExportRequest
from utilities.everyaction.exports.resources import Resource
from utilities.everyaction.exports.staged_files import stage_files
from utilities.objects import ObjectStore
from utilities.references import Staged

if TYPE_CHECKING:
    from parsons.ngpvan.van import VAN

Update = Callable[[int, int], None]
"""Told the bytes done and the bytes in all."""


@dataclass(frozen=True)
class Watch:
    """Who is told how an export goes.

    Attributes:
        say: takes a line for each step.
        progress: takes a title, and gives a context in which bytes are reported.
    """

    say: Callable[[str], None] = lambda line: None
    progress: Callable[[str], AbstractContextManager[Update]] = lambda title: nullcontext(
        lambda done, total: None
    )


def export(
    van: "VAN",
    request: ExportRequest,
    target: Target,
    store: ObjectStore,
    watch: Watch = Watch(),
    waiting: Waiting = Waiting(),
) -> Exported:
    """Carry out an export, or finish one that a run before has begun.

    Raises:
        ExportIncomplete: the job failed, or its files have not the rows that it claims; nothing of
            it is kept, so that running again asks for a new one.
        ExportOverdue: the job is not finished at the deadline; running again resumes it.
        SchemaMismatch, KeyInvalid: the records cannot be loaded as they are; nothing is kept.
        AccessDenied, ApiRefused, ApiUnavailable, StorageUnavailable, SourceNotFound.
    """
    deadline = time.monotonic() + waiting.deadline_seconds
    asked = ask_for_jobs(van, request, target.place, store, watch.say).jobs

    def finish(job: AskedJob) -> FinishedJob:
        return wait_for(van, job, waiting, deadline, watch.say)

    try:
        jobs = [finish(job) for job in asked]
        files = [
            _download(job, partial(finish, first), f"{target.place}{job.id}/raw/", store, watch)
            for job, first in zip(jobs, asked, strict=True)
        ]
        batches, found = _stage(request.resource, jobs, files, target, store, watch)
    except FileUnreadable as error:
        # Rows that are missing at the end of a file may leave a quote open.
        forget(target.place, store)
        raise ExportIncomplete(
            f"export job {asked[0].id}: a file is not whole, or no CSV. {error} Run again: a new "
            "job is asked for."
        ) from None
    except (ExportIncomplete, MendData):
        # What a person mends at the API comes with a new job only.
        forget(target.place, store)
        raise
    staged = as_one_batch(request.resource.name, jobs, batches, target.place, store)
    notes = list(surprises(request, found, target)) if found else []
    return describe(request, jobs, staged, sum(map(len, files)), notes)


def _download(
    job: FinishedJob,
    renew: Callable[[], FinishedJob],
    folder: str,
    store: ObjectStore,
    watch: Watch,
) -> tuple[tuple[str, int], ...]:
    if not job.records and not job.urls:
        return ()
    with watch.progress(f"downloading export job {job.id}") as update:
        files = fetch_files(job, renew, folder, store, update)
    size = sum(size for _, size in files)
    watch.say(f"export job {job.id}: {len(files)} files on S3, {size:,} bytes")
    return files


def _stage(
    resource: Resource,
    jobs: Sequence[FinishedJob],
    files: Sequence[tuple[tuple[str, int], ...]],
    target: Target,
    store: ObjectStore,
    watch: Watch,
) -> tuple[list[Staged], Found | None]:
    """Stage what each job has exported, and compare its rows with those it claims."""
    flat = [file for of_job in files for file in of_job]
    if not flat:
        _require_count(jobs, [[] for _ in jobs])
        return [], None
    with watch.progress(f"staging {resource.name}") as update:
        staged, found = stage_files(
            flat,
            f"{target.place}staged/",
            store,
            target.kinds,
            target.known,
            resource.key,
            update,
        )
    remaining = iter(staged)
    by_job = [[next(remaining) for _ in of_job] for of_job in files]
    _require_count(jobs, by_job)
    watch.say(f"{sum(batch.rows for batch in staged):,} rows staged, as many as were exported")
    if found.without_type:
        watch.say(f"left out, because no record has a value: {', '.join(found.without_type)}")
    return without_repeats(by_job, resource.key, f"{target.place}once/", store), found


def _require_count(jobs: Sequence[FinishedJob], batches: Sequence[Sequence[Staged]]) -> None:
    for job, staged in zip(jobs, batches, strict=True):
        rows = sum(batch.rows for batch in staged)
        if rows != job.records:
            raise ExportIncomplete(
                f"export job {job.id}: its {len(staged)} files have {rows:,} rows, the API counts "
                f"{job.records:,} (exportedRecordCount). Nothing was loaded. Run again: a new job "
                "is asked for."
            )
