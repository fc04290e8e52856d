"""changedEntityExportJobs: asked for, polled, made into files.

Source: https://docs.everyaction.com/reference/changedentityexportjobs
"""

import asyncio
import json
from dataclasses import asdict
from typing import Any

from infrastructure.local.everyaction.clock import SECOND_MS, iso
from infrastructure.local.everyaction.endpoints import Endpoint
from infrastructure.local.everyaction.exchange import Answer, Call, not_found
from infrastructure.local.everyaction.export_making import ERROR, KIND, request_of, start_making
from infrastructure.local.everyaction.export_requests import accept, custom_fields
from infrastructure.local.everyaction.faults import OF_JOBS
from infrastructure.local.everyaction.fields import CHANGE_TYPES, CONTACTS, RESOURCES
from infrastructure.local.everyaction.service import Service

LONGEST_WAIT_SECONDS = 30
PENDING, IN_PROCESS, COMPLETE = "Pending", "InProcess", "Complete"


def create(call: Call) -> Answer:
    """Accept a job; its files are made afterwards."""
    service = call.service
    service.people.drift()
    request = accept(service, call.content())
    content = {"request": asdict(request), "mode": call.mode, "files": None, "rows": 0}
    added = service.store.database.execute(
        "INSERT INTO jobs (kind, created_ms, state, content) VALUES (?, ?, ?, ?)",
        (KIND, service.clock.now(), PENDING, json.dumps(content)),
    )
    return Answer(201, _described(call, int(added.lastrowid or 0), PENDING, content))


async def begin(call: Call, answer: Answer) -> Answer:
    """Make the files of a job that was just accepted, while other requests are answered."""
    start_making(call.service, answer.content["exportJobId"])
    return answer


async def wait_for_files(call: Call) -> None:
    """Wait for the files before the poll that is to find them, so that it always does."""
    job_id = call.number("job_id")
    rows = call.service.store.database.execute("SELECT polls FROM jobs WHERE id = ?", (job_id,))
    found, settings = rows.fetchone(), call.service.export_settings
    task = call.service.under_way.get(job_id)
    if task and found and found[0] >= settings["pending_polls"] + settings["in_process_polls"]:
        await asyncio.wait([task], timeout=LONGEST_WAIT_SECONDS)


def poll(call: Call) -> Answer:
    """Tell how far a job is; each call moves it on, as its settings say."""
    service = call.service
    job_id = call.number("job_id")
    row = service.store.database.execute(
        "SELECT state, polls, content FROM jobs WHERE id = ? AND kind = ?", (job_id, KIND)
    ).fetchone()
    if row is None:
        raise not_found()
    state, polls, content = row[0], row[1], json.loads(row[2])
    if state not in (COMPLETE, ERROR):
        state = _next_state(service, job_id, polls, content)
    if state == COMPLETE:
        content.setdefault("expires_ms", _expiry(service))
        if fault := service.faults.take(f"GET /v4{call.path}", OF_JOBS):
            if fault.kind == "job_error":
                state = ERROR
            else:
                content["rows"] += 1
    service.store.database.execute(
        "UPDATE jobs SET state = ?, polls = ?, content = ? WHERE id = ?",
        (state, polls + 1, json.dumps(content), job_id),
    )
    return Answer(200, _described(call, job_id, state, content))


def _next_state(service: Service, job_id: int, polls: int, content: dict[str, Any]) -> str:
    settings = service.export_settings
    if content["files"] is None:
        start_making(service, job_id)
    if polls < settings["pending_polls"]:
        return PENDING
    if polls < settings["pending_polls"] + settings["in_process_polls"]:
        return IN_PROCESS
    return IN_PROCESS if content["files"] is None else COMPLETE


def _expiry(service: Service) -> int:
    return int(service.clock.now() + service.export_settings["link_seconds"] * SECOND_MS)


def _described(call: Call, job_id: int, state: str, content: dict[str, Any]) -> dict[str, Any]:
    is_complete, is_error = state == COMPLETE, state == ERROR
    base = call.base.removesuffix("/v4")
    expires_ms = content.get("expires_ms", 0)
    files = [
        {
            "downloadUrl": call.service.links.sign(base, f"{KIND}-{job_id}/{name}", expires_ms),
            "dateExpired": iso(expires_ms),
        }
        for name in (content["files"] or ())
    ]
    return {
        "exportJobId": job_id,
        "jobStatus": state,
        **request_of(content).echo(),
        "files": files if is_complete else [],
        "message": "The export could not be made" if is_error else _MESSAGES[state],
        "code": "INTERNAL_SERVER_ERROR" if is_error else None,
        "exportedRecordCount": content["rows"] if is_complete else 0,
    }


def resources(call: Call) -> Answer:
    """List the resource types."""
    return Answer(200, list(RESOURCES))


def fields(call: Call) -> Answer:
    """List the fields of a resource type, custom ones last."""
    resource = call.values["resource"]
    if resource not in RESOURCES:
        raise not_found()
    custom = custom_fields(call.service) if resource == CONTACTS else ()
    return Answer(200, [field.described() for field in (*RESOURCES[resource], *custom)])


def change_types(call: Call) -> Answer:
    """List how a resource can change."""
    if call.values["resource"] not in RESOURCES:
        raise not_found()
    return Answer(
        200,
        [
            {"changeTypeId": number, "changeTypeName": name, "description": name}
            for number, name in enumerate(CHANGE_TYPES, start=1)
        ],
    )


_MESSAGES = {
    PENDING: "Created export job",
    IN_PROCESS: "Processing export job",
    COMPLETE: "Finished processing export job",
}
_PATH = "/changedEntityExportJobs"
ENDPOINTS = (
    Endpoint("POST", _PATH, create, writes=True, after=begin),
    Endpoint("GET", f"{_PATH}/resources", resources),
    Endpoint("GET", f"{_PATH}/fields/{{resource}}", fields),
    Endpoint("GET", f"{_PATH}/changeTypes/{{resource}}", change_types),
    Endpoint("GET", f"{_PATH}/{{job_id}}", poll, before=wait_for_files),
)
