"""Create people, or change those whom EveryAction finds by the same details.

findOrCreate is safe to repeat as long as the details suffice to find a person: the second request
then finds whom the first one created, and changes nothing more. With a name alone it would create
another person each time, so such rows are refused here.
https://docs.everyaction.com/reference/people-find-or-create
https://docs.everyaction.com/reference/people-common-models (Match Candidates)
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from utilities.errors import ApiRefused
from utilities.everyaction.calls import call

if TYPE_CHECKING:
    from parsons.ngpvan.van import VAN

_PLAIN = {
    "first_name": "firstName",
    "middle_name": "middleName",
    "last_name": "lastName",
    "employer": "employer",
    "occupation": "occupation",
}
_ADDRESS = {
    "address_line1": "addressLine1",
    "city": "city",
    "state_or_province": "stateOrProvince",
    "zip_or_postal": "zipOrPostalCode",
    "country_code": "countryCode",
}
COLUMNS = {
    "person_key": None,
    "van_id": "BIGINT",
    **dict.fromkeys(_PLAIN),
    "date_of_birth": None,
    "email": None,
    "phone": None,
    **dict.fromkeys(_ADDRESS),
}
KEY = ("person_key",)

SUFFICIENT = (
    ("van_id",),
    ("email",),
    ("first_name", "last_name", "phone"),
    ("first_name", "last_name", "zip_or_postal", "date_of_birth"),
    ("first_name", "last_name", "address_line1", "zip_or_postal"),
)
"""Columns of which one set has to be there for a person to be found again."""


def upsert_person(van: "VAN", row: Mapping[str, Any]) -> str:
    """Create or change one person; return the VanID.

    Raises:
        ApiRefused: the details do not suffice to find the person again, or the API's own reason.
    """
    if not any(all(row.get(name) for name in names) for names in SUFFICIENT):
        sets = "; ".join(" + ".join(names) for names in SUFFICIENT)
        reason = f"the person could not be found again, and would be created twice; needs {sets}"
        raise ApiRefused(f"{row['person_key']}: {reason}.", reasons=(("", reason),))
    answer = call(van, "POST", "people/findOrCreate", json=_content(row))
    return str(answer["vanId"])


def _content(row: Mapping[str, Any]) -> dict[str, Any]:
    content = {name: row.get(column) for column, name in _PLAIN.items()}
    content["vanId"] = row.get("van_id")
    content["dateOfBirth"] = None if row.get("date_of_birth") is None else str(row["date_of_birth"])
    if row.get("email"):
        content["emails"] = [{"email": row["email"]}]
    if row.get("phone"):
        content["phones"] = [{"phoneNumber": row["phone"]}]
    address = {name: row[column] for column, name in _ADDRESS.items() if row.get(column)}
    if address:
        content["addresses"] = [address]
    return {name: value for name, value in content.items() if value is not None}
