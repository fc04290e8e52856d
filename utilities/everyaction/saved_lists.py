"""Export a saved list: the people who are on it, in one file.

Source: https://docs.everyaction.com/reference/common-models-19 (Export Job), read 2026-11-21.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from utilities.errors import ExportIncomplete, FileUnreadable, LinkExpired
from utilities.everyaction.calls import call
from utilities.everyaction.downloads import download
from utilities.everyaction.polling import Polling, poll
from utilities.objects import ObjectStore

if TYPE_CHECKING:
    from parsons.ngpvan.van import VAN

IDS_ALONE = 4
"""The export job type with the people's ids; the one that parsons uses too."""

NOBODY = "https://nobody.invalid/"
"""The API requires an address to tell when a job has ended. It is asked instead, and this one
never exists: https://www.rfc-editor.org/rfc/rfc2606"""

_ENDED = {"Completed", "Error"}
_ID_COLUMN = "vanid"


@dataclass(frozen=True)
class SavedListExport:
    """A saved list as a file on S3.

    Attributes:
        saved_list_id, name: of the list.
        job_id: of the export at EveryAction.
        file: `s3://` address of the file, a CSV with a header.
        bytes: its size.
        listed: people on the list, as EveryAction counts them.
    """

    saved_list_id: int
    name: str
    job_id: int
    file: str
    bytes: int
    listed: int


def export_list(
    van: "VAN",
    saved_list_id: int,
    folder: str,
    store: ObjectStore,
    *,
    job_type: int = IDS_ALONE,
    polling: Polling = Polling(),
) -> SavedListExport:
    """Export a saved list into a folder on S3.

    Args:
        van: what `connect` returned.
        saved_list_id: a list that is shared with the key's user.
        folder: `s3://` address with a slash at its end.
        store: writes the file.
        job_type: which columns, as the API's `exportJobTypes` lists them.
        polling: how long the job may take.

    Raises:
        ApiRefused: there is no such list or type.
        ExportIncomplete: the job failed at EveryAction.
        FlowError: as `Transport.request` and `download` do.
    """
    listed = call(van, "GET", f"savedLists/{saved_list_id}")
    wanted = {"savedListId": saved_list_id, "type": job_type, "webhookUrl": NOBODY}
    job_id = int(call(van, "POST", "exportJobs", json=wanted)["exportJobId"])
    file = f"{folder}{job_id}.csv"
    job = _ended_job(van, job_id, polling)
    try:
        size = download(job["downloadUrl"], file, store)
    except LinkExpired:
        # Asked again, the API signs a new link.
        size = download(_ended_job(van, job_id, polling)["downloadUrl"], file, store)
    return SavedListExport(
        saved_list_id, listed["name"], job_id, file, size, int(listed.get("listCount") or 0)
    )


def read_ids(file: str, store: ObjectStore) -> Iterator[int]:
    """Return the VANIDs of an exported list, one by one.

    Args:
        file: address of the file, `SavedListExport.file`.
        store: reads it.

    Raises:
        FileUnreadable: the file has no VanID column, or something else than a number in it.
    """
    with store.open(file) as raw, io.TextIOWrapper(raw, "utf-8-sig", newline="") as text:
        rows = csv.reader(text)
        header = [name.strip().lower() for name in next(rows, [])]
        if _ID_COLUMN not in header:
            raise FileUnreadable(
                f"{file}: no column VanID; found {', '.join(header) or 'an empty file'}. Choose an "
                "export job type with the people's ids."
            )
        position = header.index(_ID_COLUMN)
        for row in rows:
            yield _number(row, position, f"{file}: line {rows.line_num}")


def _number(row: list[str], position: int, where: str) -> int:
    found = row[position].strip() if position < len(row) else ""
    if not (found.isascii() and found.isdigit()):
        raise FileUnreadable(
            f"{where}: VanID is {found!r}; expected a whole number. Export the list again."
        )
    return int(found)


def _ended_job(van: "VAN", job_id: int, polling: Polling) -> dict[str, Any]:
    job = poll(
        f"EveryAction, export job {job_id}",
        lambda: call(van, "GET", f"exportJobs/{job_id}"),
        lambda job: job.get("status") in _ENDED,
        polling,
    )
    if job["status"] == "Error" or not job.get("downloadUrl"):
        raise ExportIncomplete(
            f"EveryAction, export job {job_id}: {job['status']} (errorCode {job.get('errorCode')}); "
            "expected a file. Run again; if it stays, give the code to EveryAction's support."
        )
    return job
