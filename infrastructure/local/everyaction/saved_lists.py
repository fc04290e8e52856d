"""Saved lists, and their export to a file.

Source: https://docs.everyaction.com/reference/exportjobs. A job of the real service may also be
`Requested` or `Pending` for a while; parsons expects the file in the first answer, so here it is.
"""

import asyncio
import json
import uuid
from typing import Any

from infrastructure.local.everyaction.catalog import EXPORT_JOB_TYPES, SAVED_LISTS
from infrastructure.local.everyaction.clock import DAY_MS, iso
from infrastructure.local.everyaction.endpoints import Endpoint
from infrastructure.local.everyaction.exchange import Answer, Call, invalid, not_found
from infrastructure.local.everyaction.export_files import Layout, remove_old_files, write_files
from infrastructure.local.everyaction.fields import CONTACTS, RESOURCES
from infrastructure.local.everyaction.paging import page
from infrastructure.local.everyaction.rows import Selection, select_rows
from infrastructure.local.everyaction.service import Service

KIND = "saved-list"
LINK_DAYS = 3
IDS_ALONE = 4
COLUMNS = ("VanID", "FirstName", "LastName", "Email")
WHOLE = Layout(limit_bytes=2**62, has_bom=False)

COUNT = "SELECT count(*) FROM people WHERE NOT is_suppressed AND van_id % ? = 0"
SHARES = {entry["savedListId"]: entry["share"] for entry in SAVED_LISTS}
TYPES = {entry["exportJobTypeId"] for entry in EXPORT_JOB_TYPES}


def list_saved_lists(call: Call) -> Answer:
    """List the saved lists, of a folder perhaps."""
    folder = call.query.get("folderId")
    found = [entry for entry in SAVED_LISTS if folder in (None, str(entry["folderId"]))]
    return page(call, [_described(call, entry) for entry in found])


def get_saved_list(call: Call) -> Answer:
    """Describe a saved list."""
    wanted = call.number("id")
    for entry in SAVED_LISTS:
        if entry["savedListId"] == wanted and call.is_my_campaign:
            return Answer(200, _described(call, entry))
    raise not_found()


def create_job(call: Call) -> Answer:
    """Accept an export of a saved list; numbers may come as text, as parsons sends them."""
    content = call.content()
    list_id, type_id = (_number(content, name) for name in ("savedListId", "type"))
    if list_id not in SHARES or not call.is_my_campaign:
        raise invalid(f"'{content.get('savedListId')}' is not a valid savedListId", "savedListId")
    if type_id not in TYPES:
        raise invalid(f"'{content.get('type')}' is not a valid type", "type")
    if not content.get("webhookUrl"):
        raise invalid("webhookUrl is required", "webhookUrl")
    now = call.service.clock.now()
    kept = {
        "exportJobGuid": str(uuid.uuid4()),
        "savedListId": list_id,
        "webhookUrl": content["webhookUrl"],
        "type": type_id,
        "expires_ms": now + LINK_DAYS * DAY_MS,
    }
    added = call.service.store.database.execute(
        "INSERT INTO jobs (kind, created_ms, state, content) VALUES (?, ?, 'Completed', ?)",
        (KIND, now, json.dumps(kept)),
    )
    return Answer(201, _job(call, int(added.lastrowid or 0), kept))


async def make_file(call: Call, answer: Answer) -> Answer:
    """Write the file before the answer goes out, while other requests are answered."""
    job = answer.content
    await asyncio.to_thread(
        _write, call.service, job["exportJobId"], job["savedListId"], job["type"]
    )
    return answer


def get_job(call: Call) -> Answer:
    """Describe an export of a saved list."""
    job_id = call.number("id")
    row = call.service.store.database.execute(
        "SELECT content FROM jobs WHERE id = ? AND kind = ?", (job_id, KIND)
    ).fetchone()
    if row is None:
        raise not_found()
    return Answer(200, _job(call, job_id, json.loads(row[0])))


def _write(service: Service, job_id: int, list_id: int, type_id: int) -> None:
    columns = COLUMNS[:1] if type_id == IDS_ALONE else COLUMNS
    fields = tuple(field for field in RESOURCES[CONTACTS] if field.name in columns)
    names = [field.name for field in fields]
    share = SHARES[list_id]
    with service.store.snapshot() as database:
        rows = select_rows(database, Selection(CONTACTS, fields))
        wanted = (row for row in rows if int(row[0]) % share == 0)
        write_files(service.files / f"{KIND}-{job_id}", names, wanted, WHOLE)
    remove_old_files(service.files, job_id)


def _described(call: Call, entry: dict[str, Any]) -> dict[str, Any]:
    count = call.service.store.database.execute(COUNT, (entry["share"],)).fetchone()[0]
    shown = {name: value for name, value in entry.items() if name != "share"}
    return {**shown, "listCount": count, "doorCount": None, "isSuppressed": False}


def _job(call: Call, job_id: int, kept: dict[str, Any]) -> dict[str, Any]:
    base = call.base.removesuffix("/v4")
    return {
        "exportJobId": job_id,
        **{name: value for name, value in kept.items() if name != "expires_ms"},
        "downloadUrl": call.service.links.sign(base, f"{KIND}-{job_id}/1.csv", kept["expires_ms"]),
        "status": "Completed",
        "dateExpired": iso(kept["expires_ms"]),
        "errorCode": None,
    }


def _number(content: dict[str, Any], name: str) -> int | None:
    text = str(content.get(name, ""))
    return int(text) if text.isascii() and text.isdigit() else None


ENDPOINTS = (
    Endpoint("GET", "/savedLists", list_saved_lists),
    Endpoint("GET", "/savedLists/{id}", get_saved_list),
    Endpoint("POST", "/exportJobs", create_job, writes=True, after=make_file),
    Endpoint("GET", "/exportJobs/{id}", get_job),
)
