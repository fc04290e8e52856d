"""People: found, created, shown, changed, suppressed.

Source: https://docs.everyaction.com/reference/people
"""

from infrastructure.local.everyaction.catalog import CODES_BY_ID
from infrastructure.local.everyaction.clock import iso
from infrastructure.local.everyaction.endpoints import Endpoint
from infrastructure.local.everyaction.exchange import Answer, Call, invalid, not_found
from infrastructure.local.everyaction.export_requests import custom_fields
from infrastructure.local.everyaction.matching import can_match
from infrastructure.local.everyaction.person_history import suppressions_of
from infrastructure.local.everyaction.person_records import entries, person_details, shown


def require_person(call: Call) -> int:
    """Return the VAN ID that the path names, as a number or as `vanid:` and the number.

    Raises:
        Refusal: there is no such person in this database.
    """
    text = call.values["person"]
    kind, _, number = text.rpartition(":")
    is_known = kind.lower() in ("", "vanid") and number.isascii() and number.isdigit()
    if not is_known or len(number) > 18 or not call.is_my_campaign:
        raise not_found()
    rows = call.service.store.database.execute(
        "SELECT van_id FROM people WHERE van_id = ?", (int(number),)
    )
    if rows.fetchone() is None:
        raise not_found()
    return int(number)


def find(call: Call) -> Answer:
    """Look for a person; nobody is a 404."""
    known = entries(call.content())
    van_id = call.service.people.find(known) if call.is_my_campaign else None
    if van_id is None:
        raise not_found()
    return Answer(200, {"vanId": van_id, "status": "Matched"})


def find_or_create(call: Call) -> Answer:
    """Change the person that matches, or create one."""
    content = call.content()
    known = entries(content)
    if not call.is_my_campaign:
        raise invalid("People cannot be created in this database")
    if not can_match(known) and not (known.get("FirstName") or known.get("LastName")):
        raise invalid("A person needs a name or a mail address", "firstName", "lastName")
    people = call.service.people
    van_id = people.find(known)
    if van_id is not None:
        people.edit(van_id, known)
        return Answer(200, {"vanId": van_id, "status": "Matched"})
    return Answer(201, {"vanId": people.create(known), "status": "UnmatchedStored"})


def get_person(call: Call) -> Answer:
    """Show a person, with the sections that `$expand` names."""
    van_id = require_person(call)
    database = call.service.store.database
    expanded = {name.strip().lower() for name in call.query.get("$expand", "").split(",")}
    values = person_details(database, van_id, custom_fields(call.service))
    if values is None:
        raise not_found()
    person = shown(values, expanded)
    person["codes"] = _codes(call, van_id) if "codes" in expanded else None
    is_asked = "suppressions" in expanded
    person["suppressions"] = suppressions_of(call.service, van_id) if is_asked else None
    return Answer(200, person)


def update_person(call: Call) -> Answer:
    """Change a person."""
    van_id = require_person(call)
    call.service.people.edit(van_id, entries(call.content()))
    return Answer(200, {"vanId": van_id, "status": "Matched"})


def suppress_person(call: Call) -> Answer:
    """Suppress a person."""
    call.service.people.suppress(require_person(call))
    return Answer(204)


def _codes(call: Call, van_id: int) -> list[dict[str, object]]:
    rows = call.service.store.database.execute(
        "SELECT code_id, applied_ms FROM person_codes WHERE van_id = ? ORDER BY code_id", (van_id,)
    )
    return [
        {
            "codeId": code_id,
            "name": CODES_BY_ID[code_id]["name"],
            "codeType": CODES_BY_ID[code_id]["codeType"],
            "dateCreated": iso(applied_ms),
        }
        for code_id, applied_ms in rows
    ]


ENDPOINTS = (
    Endpoint("POST", "/people/find", find),
    Endpoint("POST", "/people/findOrCreate", find_or_create, writes=True),
    Endpoint("GET", "/people/{person}", get_person),
    Endpoint("POST", "/people/{person}", update_person, writes=True),
    Endpoint("DELETE", "/people/{person}", suppress_person, writes=True),
)
