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
from infrastructure.local.everyaction.export_files import (
    DELIMITERS,
    KB,
    Layout,
    Written,
    remove_old_files,
    write_files,
)
from infrastructure.local.everyaction.export_requests import (
    ExportRequest,
    accept,
    columns,
    custom_fields,
)
from infrastructure.local.everyaction.faults import OF_JOBS
from infrastructure.local.everyaction.fields import CHANGE_TYPES, CONTACTS, RESOURCES
from infrastructure.local.everyaction.rows import Selection, select_rows
from infrastructure.local.everyaction.service import Service

KIND = "changed"
LONGEST_WAIT_SECONDS = 30
PENDING, IN_PROCESS, COMPLETE, ERROR = "Pending", "InProcess", "Complete", "Error"


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


def start_making(service: Service, job_id: int) -> None:
    """Make a job's files in a thread, unless that is under way."""
    if job_id not in service.under_way:
        service.under_way[job_id] = asyncio.get_running_loop().create_task(_make(service, job_id))


async def _make(service: Service, job_id: int) -> None:
    database = service.store.database
    row = database.execute("SELECT content FROM jobs WHERE id = ?", (job_id,)).fetchone()
    if row is None:
        return
    content = json.loads(row[0])
    request = _request(content)
    selection = Selection(
        request.resource,
        columns(service, request),
        request.start_ms,
        request.end_ms,
        request.ids,
        request.include_inactive,
    )
    is_empty = not content["mode"] or request.contact_mode == 2
    layout = _layout(service, request)
    try:
        written = await asyncio.to_thread(_write, service, job_id, selection, layout, is_empty)
    finally:
        service.under_way.pop(job_id, None)
    with service.store.transaction():
        row = database.execute("SELECT content FROM jobs WHERE id = ?", (job_id,)).fetchone()
        if row is not None:
            content = json.loads(row[0]) | {"files": written.names, "rows": written.rows}
            database.execute(
                "UPDATE jobs SET content = ? WHERE id = ?", (json.dumps(content), job_id)
            )


def _write(
    service: Service, job_id: int, selection: Selection, layout: Layout, is_empty: bool
) -> Written:
    header = [field.name for field in selection.fields]
    with service.store.snapshot() as database:
        rows = iter(()) if is_empty else select_rows(database, selection)
        written = write_files(service.files / f"{KIND}-{job_id}", header, rows, layout)
    remove_old_files(service.files, job_id)
    return written


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


def _request(content: dict[str, Any]) -> ExportRequest:
    lists = ("fields", "custom_field_ids", "ids")
    found = content["request"]
    return ExportRequest(**{**found, **{name: tuple(found[name]) for name in lists}})


def _layout(service: Service, request: ExportRequest) -> Layout:
    settings = service.export_settings
    limit_kb = settings["file_kb"] or request.file_kb
    return Layout(int(limit_kb * KB), DELIMITERS[settings["delimiter"]], bool(settings["bom"]))


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
        **_request(content).echo(),
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
