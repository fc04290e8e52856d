"""What clients have recorded about people: contacts, answers, activist codes, suppressions.

Each is a row of the resource type that exports it, beside the invented rows.
"""

import json
from typing import Any

from infrastructure.local.everyaction.catalog import ACTIVIST_CODES
from infrastructure.local.everyaction.clock import iso
from infrastructure.local.everyaction.derived import derived_row
from infrastructure.local.everyaction.person_records import SELECT_PERSON
from infrastructure.local.everyaction.service import Service

FIRST_KEY = 1_000_000_000
"""Above every key of an invented row."""

ACTIVIST, CONTACT = "ContactsActivistCodes", "ContactHistory"
SURVEY, SUPPRESSION = "ContactsSurveyResponses", "Suppressions"
_KEYS = {
    ACTIVIST: "ContactsActivistCodeID",
    CONTACT: "ContactHistoryID",
    SURVEY: "ContactsSurveyResponseID",
    SUPPRESSION: "SuppressionID",
}
_NAMES = {code["activistCodeId"]: code for code in ACTIVIST_CODES}


def add_contact(
    service: Service, van_id: int, context: dict[str, Any], result: Any, day: str
) -> None:
    """Record a contact with a person."""
    _add(
        service,
        CONTACT,
        van_id,
        ContactTypeID=context.get("contactTypeId"),
        ResultID=result,
        DateCanvassed=day,
        InputTypeID=context.get("inputTypeId") or 11,
        CampaignID=context.get("campaignId"),
    )


def add_survey_response(service: Service, van_id: int, response: dict[str, Any], day: str) -> None:
    """Record an answer of a person."""
    _add(
        service,
        SURVEY,
        van_id,
        SurveyQuestionID=response["surveyQuestionId"],
        SurveyResponseID=response["surveyResponseId"],
        DateCanvassed=day,
    )


def add_activist_code(service: Service, van_id: int, code_id: int, day: str) -> None:
    """Give a person an activist code; having it already changes nothing."""
    if code_id not in {code["activistCodeId"] for code in activist_codes_of(service, van_id)}:
        _add(service, ACTIVIST, van_id, ActivistCodeID=code_id, DateCreated=day)


def remove_activist_code(service: Service, van_id: int, code_id: int) -> None:
    """Take an activist code that a client has given away from a person."""
    rows = service.store.database.execute(
        "SELECT id, content FROM records WHERE van_id = ? AND resource = ?", (van_id, ACTIVIST)
    )
    for key, content in rows.fetchall():
        if json.loads(content)["ActivistCodeID"] == str(code_id):
            service.store.database.execute("DELETE FROM records WHERE id = ?", (key,))


def add_suppression(service: Service, van_id: int, suppression_id: int) -> None:
    """Record that a person does not want something."""
    _add(service, SUPPRESSION, van_id, SuppressionCode=suppression_id)


def suppressions_of(service: Service, van_id: int) -> list[dict[str, Any]]:
    """Return what a person does not want, as the API shows it."""
    found = (int(values["SuppressionCode"]) for values in _recorded(service, SUPPRESSION, van_id))
    return [{"suppressionId": number} for number in sorted(set(found))]


def activist_codes_of(service: Service, van_id: int) -> list[dict[str, Any]]:
    """Return the activist codes of a person, as the API shows them."""
    rows = _recorded(service, ACTIVIST, van_id)
    person = service.store.database.execute(SELECT_PERSON, (van_id,)).fetchone()
    if person and (invented := derived_row(ACTIVIST, *person[:4])):
        rows.insert(0, invented)
    return [
        {
            "activistCodeId": int(row["ActivistCodeID"]),
            "activistCodeName": _NAMES[int(row["ActivistCodeID"])]["name"],
            "activistCodeTypeName": _NAMES[int(row["ActivistCodeID"])]["type"],
            "dateCreated": row["DateCreated"],
        }
        for row in rows
    ]


def _recorded(service: Service, resource: str, van_id: int) -> list[dict[str, str]]:
    rows = service.store.database.execute(
        "SELECT content FROM records WHERE van_id = ? AND resource = ? ORDER BY id",
        (van_id, resource),
    )
    return [json.loads(row[0]) for row in rows]


def _add(service: Service, resource: str, van_id: int, **values: Any) -> None:
    database, now = service.store.database, service.clock.now()
    last = database.execute("SELECT coalesce(max(id), ?) FROM records", (FIRST_KEY,)).fetchone()
    key = last[0] + 1
    texts = {name: "" if value is None else str(value) for name, value in values.items()}
    texts |= {_KEYS[resource]: str(key), "VanID": str(van_id), "DateModified": iso(now)}
    database.execute(
        "INSERT INTO records VALUES (?, ?, ?, ?, ?)",
        (key, resource, van_id, now, json.dumps(texts)),
    )
