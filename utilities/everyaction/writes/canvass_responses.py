"""Record contacts with people: a result, or answers to survey questions and the like.

Nothing in the API tells whether a certain request was carried out: a contact has no number of
ours. So a request without an answer is left to a person.
https://docs.everyaction.com/reference/people-vanid-canvassresponses
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from utilities.errors import ApiRefused
from utilities.everyaction.calls import call

if TYPE_CHECKING:
    from parsons.ngpvan.van import VAN

COLUMNS = {
    "response_key": None,
    "van_id": "BIGINT",
    "contact_type_id": "BIGINT",
    "input_type_id": "BIGINT",
    "date_canvassed": None,
    "result_code_id": "BIGINT",
    "responses": None,
}
KEY = ("response_key",)
REQUIRED = ("response_key", "van_id")


def record_canvass_response(van: "VAN", row: Mapping[str, Any]) -> None:
    """Record one contact with the person `van_id`.

    Raises:
        ApiRefused: no such person, no such result, or `responses` is not a JSON list.
        OutcomeUnknown: there was no answer.
    """
    context = {
        "contactTypeId": row.get("contact_type_id"),
        "inputTypeId": row.get("input_type_id"),
        "dateCanvassed": _moment(row.get("date_canvassed")),
    }
    content = {
        "canvassContext": {name: value for name, value in context.items() if value is not None},
        "resultCodeId": row.get("result_code_id"),
        "responses": _responses(row),
    }
    call(van, "POST", f"people/{row['van_id']}/canvassResponses", json=content)


def _moment(value: Any) -> str | None:
    """Return a time as the API reads it: without an offset it would mean the committee's zone."""
    if isinstance(value, datetime):
        moment = value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
        return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
    return None if value is None else str(value)


def _responses(row: Mapping[str, Any]) -> list[Any] | None:
    text = row.get("responses")
    if text is None:
        return None
    try:
        found = json.loads(text)
    except (TypeError, ValueError):
        found = None
    if not isinstance(found, list):
        reason = 'responses is not a JSON list such as \'[{"type": "SurveyResponse", ...}]\''
        raise ApiRefused(f"{row['response_key']}: {reason}.", reasons=(("", reason),))
    return found
