"""Carry out a bulk import: some rows at a time, so that it goes on where it was broken off."""

import asyncio
import json
from typing import Any

from infrastructure.local.everyaction.export_files import KB, Layout, remove_old_files, write_files
from infrastructure.local.everyaction.import_actions import (
    MAPPING_TYPES,
    PROCESSED,
    Cells,
    normal,
    person_of,
)
from infrastructure.local.everyaction.import_files import ImportFailed, fetch_rows, read_source
from infrastructure.local.everyaction.service import Service

KIND = "import"
ROWS_AT_A_TIME = 200
FINAL = ("Completed", "CompletedWithErrors", "Failed")
DEFAULT_RESULT_KB = 100_000


def start_import(service: Service, job_id: int) -> None:
    """Carry out a job in the background, unless that is under way."""
    if job_id not in service.under_way:
        service.under_way[job_id] = asyncio.get_running_loop().create_task(_run(service, job_id))


async def _run(service: Service, job_id: int) -> None:
    try:
        content = _content(service, job_id)
        request = content["request"]
        rows = await asyncio.to_thread(fetch_rows, read_source(request["file"]))
        while content["done"] < len(rows):
            some = rows[content["done"] : content["done"] + ROWS_AT_A_TIME]
            with service.store.transaction():
                _apply(service, job_id, content, some)
                _keep(service, job_id, "InProgress", content)
            await asyncio.sleep(0)
        content["files"] = await asyncio.to_thread(_write_results, service, job_id, request)
        failed = service.store.database.execute(
            "SELECT count(*) FROM import_results WHERE job_id = ? AND NOT is_processed", (job_id,)
        ).fetchone()[0]
        _keep(service, job_id, "CompletedWithErrors" if failed else "Completed", content)
    except ImportFailed as error:
        content["errors"] = [{"code": "INVALID_FILE", "text": str(error), "referenceCode": None}]
        _keep(service, job_id, "Failed", content)
    finally:
        service.under_way.pop(job_id, None)


def _apply(
    service: Service, job_id: int, content: dict[str, Any], rows: list[dict[str, str]]
) -> None:
    mappings = content["request"]["actions"][0]["mappingTypes"]
    for row in rows:
        content["done"] += 1
        results, van_id = [], None
        for mapping in mappings:
            cells = _cells(row, mapping)
            named = person_of(service, cells)
            found, words = MAPPING_TYPES[mapping["name"]].apply(service, named or van_id, cells)
            van_id = found or van_id
            results.append(words)
        values = {"van_id": van_id, "row": row, "results": results}
        service.store.database.execute(
            "INSERT INTO import_results VALUES (?, ?, ?, ?)",
            (
                job_id,
                content["done"],
                all(words == PROCESSED for words in results),
                json.dumps(values),
            ),
        )


def _cells(row: dict[str, str], mapping: dict[str, Any]) -> Cells:
    """Return a row by normal names, as the mapping says: columns, fixed or translated values."""
    cells = {normal(name): value for name, value in row.items()}
    for entry in mapping.get("fieldValueMappings") or []:
        name = normal(str(entry.get("fieldName")))
        if entry.get("columnName"):
            cells[name] = row.get(entry["columnName"], "")
        if entry.get("staticValue") is not None:
            cells[name] = str(entry["staticValue"])
        for value in entry.get("values") or []:
            if cells.get(name) == str(value.get("sourceValue")):
                cells[name] = str(value.get("targetValue"))
                break
    return cells


def _write_results(service: Service, job_id: int, request: dict[str, Any]) -> list[str]:
    action = request["actions"][0]
    included = [str(c["name"]) for c in action.get("columnsToIncludeInResultsFile") or []]
    words = [f"{m['name']}_{place}" for place, m in enumerate(action["mappingTypes"], start=1)]
    header = ["BulkUploadDataID", "ULFileID", "PrimaryKey", "PrimaryKeyType", *included, *words]
    limit_kb = action.get("resultFileSizeKbLimit", DEFAULT_RESULT_KB)
    limit_kb = service.export_settings["file_kb"] or limit_kb
    layout = Layout(int(limit_kb * KB), has_bom=False)
    with service.store.snapshot() as database:
        found = database.execute(
            "SELECT number, content FROM import_results WHERE job_id = ? ORDER BY number", (job_id,)
        )
        rows = (_result(job_id, number, json.loads(text), included) for number, text in found)
        written = write_files(service.files / f"{KIND}-{job_id}", header, rows, layout)
    remove_old_files(service.files, job_id)
    return list(written.names)


def _result(
    job_id: int, number: int, values: dict[str, Any], included: list[str]
) -> tuple[str, ...]:
    key = "" if values["van_id"] is None else str(values["van_id"])
    columns = [values["row"].get(name, "") for name in included]
    return (str(number), str(job_id), key, "VanID", *columns, *values["results"])


def _content(service: Service, job_id: int) -> dict[str, Any]:
    rows = service.store.database.execute("SELECT content FROM jobs WHERE id = ?", (job_id,))
    found: dict[str, Any] = json.loads(rows.fetchone()[0])
    return found


def _keep(service: Service, job_id: int, state: str, content: dict[str, Any]) -> None:
    service.store.database.execute(
        "UPDATE jobs SET state = ?, content = ? WHERE id = ?", (state, json.dumps(content), job_id)
    )
