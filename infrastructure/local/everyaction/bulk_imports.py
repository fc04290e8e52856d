"""bulkImportJobs: what may be asked, and how far a job is.

Source: https://docs.everyaction.com/reference/bulkimportjobs
"""

import json
from typing import Any

from infrastructure.local.everyaction.clock import DAY_MS, iso
from infrastructure.local.everyaction.committee import CUSTOM_FIELD_GROUP
from infrastructure.local.everyaction.endpoints import Endpoint
from infrastructure.local.everyaction.exchange import Answer, Call, invalid, not_found
from infrastructure.local.everyaction.import_actions import MAPPING_TYPES, SUPPRESSIONS, MappingType
from infrastructure.local.everyaction.import_requests import RESOURCES, check_import
from infrastructure.local.everyaction.import_run import FINAL, KIND, start_import
from infrastructure.local.everyaction.paging import page


def create(call: Call) -> Answer:
    """Accept a job; it is carried out afterwards."""
    content = call.content()
    if not call.is_my_campaign:
        raise invalid("Nothing can be imported into this database")
    check_import(content)
    kept = {"request": content, "done": 0, "files": [], "errors": []}
    added = call.service.store.database.execute(
        "INSERT INTO jobs (kind, created_ms, state, content) VALUES (?, ?, 'Pending', ?)",
        (KIND, call.service.clock.now(), json.dumps(kept)),
    )
    return Answer(201, {"jobId": int(added.lastrowid or 0)})


async def begin(call: Call, answer: Answer) -> Answer:
    """Carry out the job that was just accepted, while other requests are answered."""
    start_import(call.service, answer.content["jobId"])
    return answer


def get_job(call: Call) -> Answer:
    """Tell how far a job is; one that was broken off by a restart goes on."""
    job_id = call.number("id")
    row = call.service.store.database.execute(
        "SELECT state, content, created_ms FROM jobs WHERE id = ? AND kind = ?", (job_id, KIND)
    ).fetchone()
    if row is None:
        raise not_found()
    state, content = row[0], json.loads(row[1])
    if state not in FINAL:
        start_import(call.service, job_id)
    expires_ms = row[2] + DAY_MS
    base = call.base.removesuffix("/v4")
    action = content["request"]["actions"][0]
    return Answer(
        200,
        {
            "id": job_id,
            "status": state,
            "resourceType": action["resourceType"],
            "resultFileSizeLimitKb": action.get("resultFileSizeKbLimit"),
            "errors": content["errors"],
            "resultFiles": [
                {
                    "url": call.service.links.sign(base, f"{KIND}-{job_id}/{name}", expires_ms),
                    "dateExpired": iso(expires_ms),
                }
                for name in content["files"]
            ],
        },
    )


def resources(call: Call) -> Answer:
    """List the resource types that can be imported."""
    return Answer(200, list(RESOURCES))


def mapping_types(call: Call) -> Answer:
    """List the mapping types."""
    return page(call, [_described(kind) for kind in MAPPING_TYPES.values()])


def mapping_type(call: Call) -> Answer:
    """Describe a mapping type."""
    return Answer(200, _described(_kind(call)))


def field_values(call: Call) -> Answer:
    """List the values that a field of a mapping type can have."""
    _kind(call)
    found: list[tuple[Any, ...]] = []
    if call.values["field"].lower() == "suppressionid":
        found = [(n, f"Suppression {n}") for n in SUPPRESSIONS]
    elif call.values["field"].lower() == "customfieldgroupid":
        found = [tuple(CUSTOM_FIELD_GROUP.values())]
    return page(call, [{"id": n, "name": name, "parentId": None} for n, name in found])


def _kind(call: Call) -> MappingType:
    found = MAPPING_TYPES.get(call.values["name"])
    if found is None:
        raise not_found()
    return found


def _described(kind: MappingType) -> dict[str, Any]:
    return {
        "name": kind.name,
        "displayName": kind.name,
        "allowMultipleMappings": False,
        "resourceTypes": list(kind.resources),
        "fields": [
            {
                "name": name,
                "description": None,
                "hasPredefinedValues": name in ("SuppressionID", "CustomFieldGroupID"),
                "isRequired": is_required,
                "canBeMappedToColumn": name != "CustomFieldGroupID",
            }
            for name, is_required in kind.fields
        ],
    }


_PATH, _TYPES = "/bulkImportJobs", "/bulkImportMappingTypes"
ENDPOINTS = (
    Endpoint("POST", _PATH, create, writes=True, after=begin),
    Endpoint("GET", f"{_PATH}/resources", resources),
    Endpoint("GET", f"{_PATH}/{{id}}", get_job),
    Endpoint("GET", _TYPES, mapping_types),
    Endpoint("GET", f"{_TYPES}/{{name}}", mapping_type),
    Endpoint("GET", f"{_TYPES}/{{name}}/{{field}}/values", field_values),
)
