"""Ask for export jobs, and wait until the API has finished them."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from utilities.errors import ApiRefused, ApiUnavailable, ExportIncomplete
from utilities.everyaction import call
from utilities.everyaction.exports.memory import AskedJob, Note, forget, recall, remember
from utilities.everyaction.exports.request import ExportRequest, job_body
from utilities.everyaction.exports.window import as_text, in_utc
from utilities.objects import ObjectStore

if TYPE_CHECKING:
    from parsons.ngpvan.van import VAN

PATH = "changedEntityExportJobs"

STALE_AFTER = timedelta(hours=12)
"""A job that is not finished by then never will be, and one that is, is not of today: a new one is
asked for."""


class ExportOverdue(ApiUnavailable):
    """A job is not finished at the deadline. It stays remembered: the next run resumes it."""


@dataclass(frozen=True)
class Waiting:
    """How a job is waited for.

    Attributes:
        deadline_seconds: for all jobs of an export together.
        first_pause_seconds, longest_pause_seconds: between two looks; a pause is a fifth longer
            than the one before, so that not more than a sixth of the time is waited for nothing.
    """

    deadline_seconds: float = 2 * 60 * 60
    first_pause_seconds: float = 0.5
    longest_pause_seconds: float = 30.0


@dataclass(frozen=True)
class FinishedJob:
    """A job whose files are ready.

    Attributes:
        changed_from, changed_to: the window that the server gave it, UTC with a Z.
        urls: download links, which expire.
        records: how many rows the files have together, as the server says.
    """

    id: int
    changed_from: str
    changed_to: str
    urls: tuple[str, ...]
    records: int


def ask_for_jobs(
    van: "VAN",
    request: ExportRequest,
    place: str,
    store: ObjectStore,
    say: Callable[[str], None],
) -> Note:
    """Return the jobs of a request: those that are remembered, and new ones for the rest.

    What is remembered of another request is deleted, with its files.
    """
    note = recall(place, request, store)
    if note is not None and _is_stale(van, note, say):
        note = None
    if note is None:
        forget(place, store)
        note = Note(
            request.identity,
            request.resource.name,
            tuple(field.name for field in request.fields),
            datetime.now(UTC),
            (),
        )
    else:
        say(f"resuming {_named(note.jobs)}, asked for at {as_text(note.asked_at)}")
    for ids in request.chunks()[len(note.jobs) :]:
        job = _ask(van, request, note, ids)
        note = replace(note, jobs=(*note.jobs, job))
        remember(place, note, store)
        with_ids = f", and {len(ids):,} ids" if ids else ""
        say(f"asked for {_named([job])}: {job.changed_from} to {job.changed_to}{with_ids}")
    return note


def _ask(van: "VAN", request: ExportRequest, note: Note, ids: tuple[int, ...]) -> AskedJob:
    # The first job has the changes; the others are there for their ids.
    start = datetime.fromisoformat(note.jobs[0].changed_to) if note.jobs else request.start
    answer = call(van, "POST", PATH, json=job_body(request, start, ids))
    return AskedJob(
        int(answer["exportJobId"]),
        as_text(start),
        in_utc(answer.get("dateChangedTo"), as_text(request.now)),
    )


def _is_stale(van: "VAN", note: Note, say: Callable[[str], None]) -> bool:
    """Say whether the jobs are too old, or not known to the server any more."""
    if datetime.now(UTC) - note.asked_at > STALE_AFTER:
        say(f"{_named(note.jobs)} is from {as_text(note.asked_at)}: asking for a new one")
        return True
    for job in note.jobs:
        try:
            _look(van, job.id)
        except ApiRefused as error:
            if error.status != HTTPStatus.NOT_FOUND:
                raise
            say(f"{_named([job])} is not known to the API any more: asking for a new one")
            return True
    return False


def wait_for(
    van: "VAN", job: AskedJob, waiting: Waiting, deadline: float, say: Callable[[str], None]
) -> FinishedJob:
    """Return a job once it is complete.

    Args:
        deadline: reading of the monotonic clock.

    Raises:
        ExportOverdue: it is not complete at the deadline.
        ExportIncomplete: the API gave it up.
    """
    pause, told = waiting.first_pause_seconds, ""
    while True:
        answer = _look(van, job.id)
        status = answer["jobStatus"]
        if status == "Complete":
            finished = _finished(job, answer)
            say(f"{_named([job])} is Complete: {finished.records:,} records")
            return finished
        if status == "Error":
            raise ExportIncomplete(
                f"{_named([job])}: the API gave it up: {answer.get('message') or 'no reason'} "
                f"(code {answer.get('code')}). Nothing was loaded. Run again: a new job is asked "
                "for. If that fails too, give the code to EveryAction's support."
            )
        if status != told:
            say(f"{_named([job])} is {status}")
            told = status
        if time.monotonic() + pause > deadline:
            raise ExportOverdue(
                f"{_named([job])}: still {status} after {waiting.deadline_seconds / 60:.0f} minutes. "
                "Nothing was loaded. Run again: the same job is resumed. For a longer wait give "
                "deadline_minutes."
            )
        time.sleep(pause)
        pause = min(pause * 1.2, waiting.longest_pause_seconds)


def _look(van: "VAN", job_id: int) -> dict[str, Any]:
    answer: dict[str, Any] = call(van, "GET", f"{PATH}/{job_id}")
    return answer


def _finished(job: AskedJob, answer: dict[str, Any]) -> FinishedJob:
    files = answer.get("files") or []
    return FinishedJob(
        job.id,
        in_utc(answer.get("dateChangedFrom"), job.changed_from),
        in_utc(answer.get("dateChangedTo"), job.changed_to),
        tuple(file["downloadUrl"] for file in files),
        int(answer.get("exportedRecordCount") or 0),
    )


def _named(jobs: tuple[AskedJob, ...] | list[AskedJob]) -> str:
    numbers = ", ".join(str(job.id) for job in jobs)
    return f"export job {numbers}" if len(jobs) == 1 else f"export jobs {numbers}"
