"""Make the files of an export of changed entities, in a thread beside the requests."""

import asyncio
import json
from typing import Any

from infrastructure.local.everyaction.export_files import (
    DELIMITERS,
    KB,
    Layout,
    Written,
    remove_old_files,
    write_files,
)
from infrastructure.local.everyaction.export_requests import ExportRequest, columns
from infrastructure.local.everyaction.rows import Selection, select_rows
from infrastructure.local.everyaction.service import Service

KIND = "changed"
ERROR = "Error"
ORGANIZATIONS = 2
"""The contact mode that leaves people out: there are no organizations here."""


def start_making(service: Service, job_id: int) -> None:
    """Make a job's files in a thread, unless that is under way."""
    if job_id not in service.under_way:
        service.under_way[job_id] = asyncio.get_running_loop().create_task(_make(service, job_id))


def request_of(content: dict[str, Any]) -> ExportRequest:
    """Return the request of a job, as the job keeps it."""
    lists = ("fields", "custom_field_ids", "ids")
    found = content["request"]
    return ExportRequest(**{**found, **{name: tuple(found[name]) for name in lists}})


async def _make(service: Service, job_id: int) -> None:
    database = service.store.database
    row = database.execute("SELECT content FROM jobs WHERE id = ?", (job_id,)).fetchone()
    content = json.loads(row[0])
    try:
        written = await asyncio.to_thread(_write, service, job_id, *_plan(service, content))
    except OSError:
        database.execute("UPDATE jobs SET state = ? WHERE id = ?", (ERROR, job_id))
    else:
        made = json.dumps({"files": written.names, "rows": written.rows})
        database.execute(
            "UPDATE jobs SET content = json_patch(content, ?) WHERE id = ?", (made, job_id)
        )
    finally:
        service.under_way.pop(job_id, None)


def _plan(service: Service, content: dict[str, Any]) -> tuple[Selection | None, list[str], Layout]:
    """Return which rows are wanted (None: there can be none), the header and the layout."""
    request = request_of(content)
    fields = columns(service, request)
    settings = service.export_settings
    limit_kb = settings["file_kb"] or request.file_kb
    layout = Layout(int(limit_kb * KB), DELIMITERS[settings["delimiter"]], bool(settings["bom"]))
    selection = Selection(
        request.resource,
        fields,
        request.start_ms,
        request.end_ms,
        request.ids,
        request.include_inactive,
    )
    is_empty = not content["mode"] or request.contact_mode == ORGANIZATIONS
    return None if is_empty else selection, [field.name for field in fields], layout


def _write(
    service: Service, job_id: int, selection: Selection | None, header: list[str], layout: Layout
) -> Written:
    with service.store.snapshot() as database:
        rows = iter(()) if selection is None else select_rows(database, selection)
        written = write_files(service.files / f"{KIND}-{job_id}", header, rows, layout)
    remove_old_files(service.files, job_id)
    return written
