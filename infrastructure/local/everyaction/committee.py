"""What a committee has set up, listed: activist codes, questions, results, fields, lists, events.

Source: https://docs.everyaction.com/reference (one page for each).
"""

from typing import Any

from infrastructure.local.everyaction.catalog import (
    ACTIVIST_CODES,
    CONTACT_TYPES,
    EVENTS,
    EXPORT_JOB_TYPES,
    FOLDERS,
    INPUT_TYPES,
    RESULT_CODES,
    SURVEY_QUESTIONS,
)
from infrastructure.local.everyaction.endpoints import Endpoint, Handler
from infrastructure.local.everyaction.exchange import Answer, Call, not_found
from infrastructure.local.everyaction.export_requests import custom_fields
from infrastructure.local.everyaction.paging import MOST_OF_LARGE_ITEMS, page
from infrastructure.local.everyaction.people import require_person

CUSTOM_FIELD_GROUP = {"customFieldGroupId": 157, "customFieldGroupName": "Invented"}


def described_custom_fields(call: Call) -> list[dict[str, Any]]:
    """Return the custom fields of contacts as the API describes them."""
    return [
        {
            "customFieldId": field.custom_field_id,
            "customFieldParentId": None,
            "customFieldName": field.name,
            **CUSTOM_FIELD_GROUP,
            "customFieldGroupType": "Contacts",
            "customFieldTypeId": field.kind,
            "isEditable": True,
            "isExportable": True,
            "maxTextboxCharacters": 500 if field.kind == "T" else None,
            "availableValues": None,
        }
        for field in custom_fields(call.service)
    ]


def list_custom_fields(call: Call) -> Answer:
    """List custom fields; only contacts have some."""
    kind = call.query.get("customFieldsGroupType", "Contacts")
    return page(call, described_custom_fields(call) if kind.lower() == "contacts" else [])


def get_custom_field(call: Call) -> Answer:
    """Describe a custom field."""
    return _one(call, described_custom_fields(call), "customFieldId")


def list_events(call: Call) -> Answer:
    """List events, 50 at most in a page."""
    return page(call, EVENTS, strictly_at_most=MOST_OF_LARGE_ITEMS)


def list_notes(call: Call) -> Answer:
    """List the notes of a person: nobody has any."""
    require_person(call)
    return page(call, [], strictly_at_most=MOST_OF_LARGE_ITEMS)


def _one(call: Call, entries: Any, key: str) -> Answer:
    wanted = call.number("id")
    for entry in entries:
        if entry[key] == wanted and call.is_my_campaign:
            return Answer(200, entry)
    raise not_found()


def _lister(entries: Any) -> Handler:
    return lambda call: page(call, entries)


def _getter(entries: Any, key: str) -> Handler:
    return lambda call: _one(call, entries, key)


def _whole(entries: Any) -> Handler:
    return lambda call: Answer(200, list(entries))


ENDPOINTS = (
    Endpoint("GET", "/activistCodes", _lister(ACTIVIST_CODES)),
    Endpoint("GET", "/activistCodes/{id}", _getter(ACTIVIST_CODES, "activistCodeId")),
    Endpoint("GET", "/surveyQuestions", _lister(SURVEY_QUESTIONS)),
    Endpoint("GET", "/surveyQuestions/{id}", _getter(SURVEY_QUESTIONS, "surveyQuestionId")),
    Endpoint("GET", "/canvassResponses/contactTypes", _whole(CONTACT_TYPES)),
    Endpoint("GET", "/canvassResponses/inputTypes", _whole(INPUT_TYPES)),
    Endpoint("GET", "/canvassResponses/resultCodes", _whole(RESULT_CODES)),
    Endpoint("GET", "/customFields", list_custom_fields),
    Endpoint("GET", "/customFields/{id}", get_custom_field),
    Endpoint("GET", "/folders", _lister(FOLDERS)),
    Endpoint("GET", "/folders/{id}", _getter(FOLDERS, "folderId")),
    Endpoint("GET", "/exportJobTypes", _lister(EXPORT_JOB_TYPES)),
    Endpoint("GET", "/events", list_events),
    Endpoint("GET", "/events/{id}", _getter(EVENTS, "eventId")),
    Endpoint("GET", "/people/{person}/notes", list_notes),
)
