"""Canvass responses: contacts with people, what was answered, activist codes.

Source: https://docs.everyaction.com/reference/people-vanid-canvassresponses. Contact history that
is there already is not added again unless `skipMatching` is sent; what counts as the same is not
documented: here it is the same content on the same day.
"""

import hashlib
import json
from typing import Any

from infrastructure.local.everyaction.catalog import (
    ACTIVIST_CODES,
    CONTACT_TYPES,
    INPUT_TYPES,
    RESULT_CODES,
    SURVEY_QUESTIONS,
)
from infrastructure.local.everyaction.clock import iso, milliseconds_of
from infrastructure.local.everyaction.endpoints import Endpoint
from infrastructure.local.everyaction.exchange import (
    Answer,
    Call,
    Refusal,
    invalid,
    is_one_of,
    list_of,
    object_of,
)
from infrastructure.local.everyaction.paging import page
from infrastructure.local.everyaction.people import require_person
from infrastructure.local.everyaction.person_history import (
    activist_codes_of,
    add_activist_code,
    add_contact,
    add_survey_response,
    remove_activist_code,
)

_CONTEXTS = {
    "contactTypeId": {entry["contactTypeId"] for entry in CONTACT_TYPES},
    "inputTypeId": {entry["inputTypeId"] for entry in INPUT_TYPES},
}
_RESULTS = {entry["resultCodeId"] for entry in RESULT_CODES}
_ACTIVE = {e["activistCodeId"] for e in ACTIVIST_CODES if e["status"] == "Active"}
_ANSWERS = {
    (question["surveyQuestionId"], answer["surveyResponseId"])
    for question in SURVEY_QUESTIONS
    for answer in question["responses"]
}


def record(call: Call) -> Answer:
    """Record a contact: a result code, or responses."""
    van_id = require_person(call)
    content = call.content()
    context = object_of(content, "canvassContext")
    responses = list_of(content, "responses")
    _check(content, context, responses)
    day = _canvassed(call, context)
    is_new = _keep(call, van_id, content, day)
    is_silent = bool(context.get("omitActivistCodeContactHistory")) and all(
        _kind(response) == "activistcode" for response in responses
    )
    if is_new and not (is_silent and responses):
        add_contact(call.service, van_id, context, content.get("resultCodeId"), day)
    for response in responses:
        _apply(call, van_id, response, day)
    return Answer(204)


def list_activist_codes(call: Call) -> Answer:
    """List the activist codes of a person."""
    return page(call, activist_codes_of(call.service, require_person(call)))


def _check(content: dict[str, Any], context: dict[str, Any], responses: list[Any]) -> None:
    result = content.get("resultCodeId")
    if (result is None) == (not responses):
        raise invalid(
            "Exactly one of resultCodeId and responses is required", "resultCodeId", "responses"
        )
    if result is not None and not is_one_of(result, _RESULTS):
        raise invalid(f"'{result}' is not a valid resultCodeId", "resultCodeId")
    for name, known in _CONTEXTS.items():
        if context.get(name) is not None and not is_one_of(context[name], known):
            raise invalid(f"'{context[name]}' is not a valid {name}", f"canvassContext.{name}")
    for place, response in enumerate(responses):
        if problem := _problem(response):
            raise invalid(problem[1], f"responses[{place}].{problem[0]}")


def _problem(response: Any) -> tuple[str, str] | None:
    kind = _kind(response)
    if kind == "activistcode":
        if not is_one_of(response.get("activistCodeId"), _ACTIVE):
            return "activistCodeId", "The activist code is unknown or archived"
        if str(response.get("action", "Apply")).lower() not in ("apply", "remove"):
            return "action", "The action has to be Apply or Remove"
        return None
    if kind == "surveyresponse":
        pair = [response.get("surveyQuestionId"), response.get("surveyResponseId")]
        is_known = any(pair == list(known) for known in _ANSWERS)
        return None if is_known else ("surveyResponseId", "No such answer to this question")
    return "type", "The type has to be ActivistCode or SurveyResponse"


def _kind(response: Any) -> str:
    return str(response.get("type", "")).lower() if isinstance(response, dict) else ""


def _canvassed(call: Call, context: dict[str, Any]) -> str:
    text = context.get("dateCanvassed")
    if text is None:
        return iso(call.service.clock.now())
    try:
        return iso(milliseconds_of(str(text)))
    except (ValueError, OverflowError):
        raise Refusal(
            400, "INVALID_PARAMETER", f"'{text}' is not a date", "canvassContext.dateCanvassed"
        ) from None


def _keep(call: Call, van_id: int, content: dict[str, Any], day: str) -> bool:
    """Keep what was accepted; False: the same was there already, and was counted."""
    context = object_of(content, "canvassContext")
    text = json.dumps(content, sort_keys=True)
    fingerprint = None
    if not context.get("skipMatching"):
        same = {**content, "canvassContext": {**context, "dateCanvassed": day[:10]}}
        identity = f"{van_id} {json.dumps(same, sort_keys=True)}"
        fingerprint = hashlib.sha256(identity.encode()).hexdigest()
    database = call.service.store.database
    changed = database.execute(
        "UPDATE canvass_responses SET times = times + 1 WHERE fingerprint = ?", (fingerprint,)
    )
    if changed.rowcount:
        return False
    database.execute(
        "INSERT INTO canvass_responses (van_id, fingerprint, content) VALUES (?, ?, ?)",
        (van_id, fingerprint, text),
    )
    return True


def _apply(call: Call, van_id: int, response: dict[str, Any], day: str) -> None:
    if _kind(response) == "surveyresponse":
        add_survey_response(call.service, van_id, response, day)
    elif str(response.get("action", "Apply")).lower() == "apply":
        add_activist_code(call.service, van_id, response["activistCodeId"], day)
    else:
        remove_activist_code(call.service, van_id, response["activistCodeId"])


ENDPOINTS = (
    Endpoint("POST", "/people/{person}/canvassResponses", record, writes=True),
    Endpoint("GET", "/people/{person}/activistCodes", list_activist_codes),
)
