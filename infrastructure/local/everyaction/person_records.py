"""One person as the API shows and takes it: nested JSON around the flat details of an export."""

import sqlite3
from typing import Any

from infrastructure.local.everyaction.exchange import is_one_of, list_of
from infrastructure.local.everyaction.fields import Field
from infrastructure.local.everyaction.rows import CONTACT_COLUMNS, contact_values

SELECT_PERSON = """
SELECT van_id, version, created_ms, modified_ms, is_suppressed, edits FROM people
WHERE van_id = ?
"""
_FLAT = {
    "firstName": "FirstName",
    "middleName": "MiddleName",
    "lastName": "LastName",
    "dateOfBirth": "DateOfBirth",
    "employer": "Employer",
    "occupation": "Occupation",
    "nickname": "PreferredName",
}
_NESTED = {
    "emails": {"email": "Email"},
    "phones": {"phoneNumber": "Phone"},
    "addresses": {
        "addressLine1": "AddressLine1",
        "city": "City",
        "stateOrProvince": "StateOrProvince",
        "zipOrPostalCode": "ZipOrPostal",
        "countryCode": "CountryCode",
    },
}


def person_details(
    database: sqlite3.Connection, van_id: int, custom: tuple[Field, ...] = ()
) -> dict[str, str] | None:
    """Return what is known of a person, by the names of an export's columns; None: nobody.

    Custom fields are named `CF` and their number.
    """
    row = database.execute(SELECT_PERSON, (van_id,)).fetchone()
    if row is None:
        return None
    names = (*CONTACT_COLUMNS, *(f"CF{field.custom_field_id}" for field in custom))
    return dict(zip(names, contact_values(row, custom), strict=True))


def entries(content: dict[str, Any]) -> dict[str, str]:
    """Return what a client has sent about a person, by the names of an export's columns.

    The first mail address, telephone number and address count. What the server does not keep
    is passed over.
    """
    found = {column: content.get(name) for name, column in _FLAT.items()}
    for name, columns in _NESTED.items():
        first = next(iter(list_of(content, name)), None)
        if isinstance(first, dict):
            found |= {column: first.get(key) for key, column in columns.items()}
    for value in list_of(content, "customFieldValues"):
        if isinstance(value, dict) and type(value.get("customFieldId")) is int:
            found[f"CF{value['customFieldId']}"] = value.get("assignedValue")
    texts = {name: str(value) for name, value in found.items() if is_one_of(value, [value])}
    if "DateOfBirth" in texts:
        texts["DateOfBirth"] = texts["DateOfBirth"][:10]
    return texts


def shown(values: dict[str, str], expanded: set[str]) -> dict[str, Any]:
    """Return a person as the API shows it; sections that were not asked for are null."""
    person: dict[str, Any] = {"vanId": int(values["VanID"])}
    person |= {name: values[column] or None for name, column in _FLAT.items()}
    person |= {
        "contactMode": "Person",
        "contactModeId": 1,
        "dateCreated": values["DateCreated"],
        "isSuppressed": values["IsSuppressed"] == "true",
    }
    for name, columns in _NESTED.items():
        person[name] = _section(values, columns, name) if name.lower() in expanded else None
    is_asked = "customfields" in expanded
    person["customFields"] = _custom(values) if is_asked else None
    return person


def _section(values: dict[str, str], columns: dict[str, str], name: str) -> list[dict[str, Any]]:
    found = {key: values[column] or None for key, column in columns.items()}
    leading = next(iter(columns))
    if found[leading] is None:
        return []
    return [{**found, "isPreferred": True, "type": None if name == "addresses" else "P"}]


def _custom(values: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {"customFieldId": int(name[2:]), "customFieldGroupId": 157, "assignedValue": value or None}
        for name, value in values.items()
        if name.startswith("CF")
    ]
