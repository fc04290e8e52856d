"""Source codes and tags, and their application to people.

Source: https://docs.everyaction.com/reference/codes, .../people-vanid-codes
"""

from infrastructure.local.everyaction.catalog import CODE_TYPES, CODES, CODES_BY_ID
from infrastructure.local.everyaction.endpoints import Endpoint
from infrastructure.local.everyaction.exchange import Answer, Call, invalid, is_one_of, not_found
from infrastructure.local.everyaction.paging import page
from infrastructure.local.everyaction.people import require_person

NOT_APPLICABLE = {
    code["codeId"]
    for code in CODES
    if not any(e["name"] == "Contacts" and e["isApplicable"] for e in code["supportedEntities"])
}


def list_codes(call: Call) -> Answer:
    """List codes by name, type and what they are for."""
    found = list(CODES)
    if name := call.query.get("name"):
        found = [code for code in found if name.lower() in code["name"].lower()]
    if kind := call.query.get("codeType"):
        found = [code for code in found if code["codeType"] == kind]
    if entity := call.query.get("supportedEntities"):
        found = [c for c in found if entity in [e["name"] for e in c["supportedEntities"]]]
    return page(call, found)


def get_code(call: Call) -> Answer:
    """Describe a code."""
    code = CODES_BY_ID.get(call.number("code_id"))
    if code is None or not call.is_my_campaign:
        raise not_found()
    return Answer(200, code)


def code_types(call: Call) -> Answer:
    """List the types of codes."""
    return Answer(200, list(CODE_TYPES))


def apply_code(call: Call) -> Answer:
    """Apply a code to a person; again is no error, and is counted."""
    van_id = require_person(call)
    code_id = call.content().get("codeId")
    if not is_one_of(code_id, CODES_BY_ID):
        raise invalid(f"'{code_id}' is not a valid codeId", "codeId")
    if code_id in NOT_APPLICABLE:
        raise invalid("This code cannot be applied to people", "codeId")
    call.service.store.database.execute(
        "INSERT INTO person_codes VALUES (?, ?, 1, ?)"
        " ON CONFLICT (van_id, code_id) DO UPDATE SET times = times + 1",
        (van_id, code_id, call.service.clock.now()),
    )
    return Answer(204)


ENDPOINTS = (
    Endpoint("GET", "/codes", list_codes),
    Endpoint("GET", "/codes/{code_id}", get_code),
    Endpoint("GET", "/codeTypes", code_types),
    Endpoint("POST", "/people/{person}/codes", apply_code, writes=True),
)
