"""What one row of a bulk import does, for each mapping type.

Source: https://docs.everyaction.com/reference/bulk-import-overview. Empty cells change nothing;
the words of a row's result are not documented in full, those here are plausible.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from infrastructure.local.everyaction.catalog import ACTIVIST_CODES, CONTACT_TYPES, RESULT_CODES
from infrastructure.local.everyaction.clock import iso, milliseconds_of
from infrastructure.local.everyaction.export_requests import custom_fields
from infrastructure.local.everyaction.matching import can_match
from infrastructure.local.everyaction.person_history import (
    add_activist_code,
    add_contact,
    add_suppression,
)
from infrastructure.local.everyaction.service import Service

PROCESSED = "Processed"
Cells = dict[str, str]

CONTACT_FIELDS = {
    "firstname": "FirstName",
    "middlename": "MiddleName",
    "lastname": "LastName",
    "dob": "DateOfBirth",
    "email": "Email",
    "phone": "Phone",
    "homephone": "Phone",
    "cellphone": "Phone",
    "addressline1": "AddressLine1",
    "city": "City",
    "stateorprovince": "StateOrProvince",
    "ziporpostal": "ZipOrPostal",
    "countrycode": "CountryCode",
    "employer": "Employer",
    "occupation": "Occupation",
}
SUPPRESSIONS = range(1, 20)
_ACTIVE = {str(c["activistCodeId"]) for c in ACTIVIST_CODES if c["status"] == "Active"}
_RESULTS = {str(entry["resultCodeId"]) for entry in RESULT_CODES}
_CONTACT_TYPES = {str(entry["contactTypeId"]) for entry in CONTACT_TYPES}


@dataclass(frozen=True)
class MappingType:
    """A kind of change that a bulk import makes.

    Attributes:
        name: as requests spell it.
        resources: the resource types that it is for.
        fields: the columns that it reads, each with whether it is required.
        apply: makes the change for a row, given the person if the row names one; returns the
            person and the words for the file of results.
    """

    name: str
    resources: tuple[str, ...]
    fields: tuple[tuple[str, bool], ...]
    apply: Callable[[Service, int | None, Cells], tuple[int | None, str]]


def normal(name: str) -> str:
    """Return a column's name as it is compared: small letters and digits."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def person_of(service: Service, cells: Cells) -> int | None:
    """Return whom a row is about, by the column `vanid`; None: nobody that exists."""
    text = cells.get("vanid", "").strip()
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        return None
    rows = service.store.database.execute(
        "SELECT van_id FROM people WHERE van_id = ?", (int(text),)
    )
    found = rows.fetchone()
    return None if found is None else int(found[0])


def _contact(service: Service, van_id: int | None, cells: Cells) -> tuple[int | None, str]:
    known = {CONTACT_FIELDS[n]: v for n, v in cells.items() if n in CONTACT_FIELDS and v}
    if van_id is None and cells.get("vanid", "").strip():
        return None, "Invalid VanID"
    if van_id is None and not can_match(known) and not known.get("LastName"):
        return None, "Not enough to create a contact"
    if van_id is None:
        van_id = service.people.find(known)
    if van_id is None:
        return service.people.create(known), PROCESSED
    service.people.edit(van_id, known)
    return van_id, PROCESSED


def _activist_code(service: Service, van_id: int | None, cells: Cells) -> tuple[int | None, str]:
    if van_id is None:
        return None, "Invalid VanID"
    if cells.get("activistcodeid") not in _ACTIVE:
        return van_id, "Invalid activist code"
    when = _day(service, cells)
    if when is None:
        return van_id, "Invalid date"
    add_activist_code(service, van_id, int(cells["activistcodeid"]), when)
    return van_id, PROCESSED


def _custom_fields(service: Service, van_id: int | None, cells: Cells) -> tuple[int | None, str]:
    if van_id is None:
        return None, "Invalid VanID"
    wanted = {n.upper(): v for n, v in cells.items() if re.fullmatch(r"cf\d+", n) and v}
    known = {f"CF{field.custom_field_id}" for field in custom_fields(service)}
    if not wanted or wanted.keys() - known:
        return van_id, "Invalid custom field"
    service.people.edit(van_id, wanted)
    return van_id, PROCESSED


def _suppression(service: Service, van_id: int | None, cells: Cells) -> tuple[int | None, str]:
    if van_id is None:
        return None, "Invalid VanID"
    text = cells.get("suppressionid", "")
    if not text.isascii() or not text.isdigit() or int(text) not in SUPPRESSIONS:
        return van_id, "Invalid suppression"
    add_suppression(service, van_id, int(text))
    return van_id, PROCESSED


def _canvass_result(service: Service, van_id: int | None, cells: Cells) -> tuple[int | None, str]:
    if van_id is None:
        return None, "Invalid VanID"
    when = _day(service, cells)
    if cells.get("resultid") not in _RESULTS:
        return van_id, "Invalid result"
    if cells.get("contacttypeid") not in _CONTACT_TYPES:
        return van_id, "Invalid contact type"
    if when is None:
        return van_id, "Invalid date"
    context = {"contactTypeId": cells["contacttypeid"], "inputTypeId": 4}
    add_contact(service, van_id, context, cells["resultid"], when)
    return van_id, PROCESSED


def _day(service: Service, cells: Cells) -> str | None:
    text = cells.get("datecanvassed")
    if not text:
        return iso(service.clock.now())
    try:
        return iso(milliseconds_of(text))
    except (ValueError, OverflowError):
        return None


MAPPING_TYPES = {
    kind.name: kind
    for kind in (
        MappingType(
            "CreateOrUpdateContact",
            ("Contacts",),
            (("VanID", False), *((name, False) for name in CONTACT_FIELDS)),
            _contact,
        ),
        MappingType(
            "ActivistCode",
            ("Contacts", "ContactsActivistCodes"),
            (("VanID", True), ("ActivistCodeID", True), ("DateCanvassed", False)),
            _activist_code,
        ),
        MappingType(
            "ApplyContactCustomFields",
            ("Contacts",),
            (("VanID", True), ("CustomFieldGroupID", True)),
            _custom_fields,
        ),
        MappingType(
            "Suppressions",
            ("Contacts",),
            (("VanID", True), ("SuppressionID", True)),
            _suppression,
        ),
        MappingType(
            "CanvassResults",
            ("Contacts",),
            (
                ("VanID", True),
                ("ContactTypeID", True),
                ("ResultID", True),
                ("DateCanvassed", True),
                ("CanvassedBy", True),
            ),
            _canvass_result,
        ),
    )
}
