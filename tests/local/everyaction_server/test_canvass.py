"""Canvass responses."""

from typing import Any

import pytest

from tests.local.everyaction_server.exports import read_files, request_export
from tests.local.everyaction_server.server import Server

PATH = "people/5/canvassResponses"
CONTEXT = {"contactTypeId": 2, "inputTypeId": 11, "dateCanvassed": "2026-11-01T12:00:00Z"}
APPLY = {"type": "ActivistCode", "activistCodeId": 4002, "action": "Apply"}
ANSWER = {"type": "SurveyResponse", "surveyQuestionId": 3001, "surveyResponseId": 30_011}


def recorded(server: Server, resource: str) -> list[dict[str, str]]:
    """Return the rows of a type that clients have made for person 5."""
    rows = read_files(server, request_export(server, resource))
    return [row for row in rows if row["VanID"] == "5" and int(next(iter(row.values()))) > 10**9]


def test_a_result_is_recorded(server: Server) -> None:
    """A result code becomes a contact, with its day."""
    body = {"canvassContext": CONTEXT, "resultCodeId": 1}
    assert server.send("POST", PATH, body).status == 204
    (row,) = recorded(server, "ContactHistory")
    assert (row["ResultID"], row["ContactTypeID"]) == ("1", "2")
    assert row["DateCanvassed"] == "2026-11-01T12:00:00.000Z"


def test_the_same_contact_is_recorded_once(server: Server) -> None:
    """Sent again it is accepted and counted, not doubled; skipMatching says otherwise."""
    body: dict[str, Any] = {"canvassContext": CONTEXT, "resultCodeId": 1}
    assert {server.send("POST", PATH, body).status for _ in range(3)} == {204}
    assert len(recorded(server, "ContactHistory")) == 1
    (kept,) = server.order("GET", "canvassResponses")
    assert (kept["vanId"], kept["times"], kept["content"]) == (5, 3, body)
    body["canvassContext"] = {**CONTEXT, "skipMatching": True}
    server.send("POST", PATH, body)
    assert len(recorded(server, "ContactHistory")) == 2


def test_responses_are_recorded(server: Server) -> None:
    """Answers and activist codes become rows; a code can be taken away again."""
    server.send("POST", PATH, {"canvassContext": CONTEXT, "responses": [APPLY, ANSWER]})
    (answer,) = recorded(server, "ContactsSurveyResponses")
    assert answer["SurveyResponseID"] == "30011"
    codes = server.send("GET", "people/5/activistCodes").json["items"]
    assert 4002 in [code["activistCodeId"] for code in codes]
    server.send("POST", PATH, {"responses": [{**APPLY, "action": "Remove"}]})
    assert recorded(server, "ContactsActivistCodes") == []


def test_activist_codes_may_leave_no_contact(server: Server) -> None:
    """omitActivistCodeContactHistory keeps the history clean."""
    context = {**CONTEXT, "omitActivistCodeContactHistory": True}
    server.send("POST", PATH, {"canvassContext": context, "responses": [APPLY]})
    assert len(recorded(server, "ContactsActivistCodes")) == 1
    assert recorded(server, "ContactHistory") == []


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ({}, "resultCodeId"),
        ({"resultCodeId": 1, "responses": [APPLY]}, "resultCodeId"),
        ({"resultCodeId": 999}, "resultCodeId"),
        (
            {"resultCodeId": 1, "canvassContext": {"contactTypeId": 999}},
            "canvassContext.contactTypeId",
        ),
        ({"resultCodeId": 1, "canvassContext": {"inputTypeId": 999}}, "canvassContext.inputTypeId"),
        (
            {"resultCodeId": 1, "canvassContext": {"dateCanvassed": "x"}},
            "canvassContext.dateCanvassed",
        ),
        ({"responses": [{**APPLY, "activistCodeId": 9}]}, "responses[0].activistCodeId"),
        ({"responses": [{**APPLY, "activistCodeId": 4008}]}, "responses[0].activistCodeId"),
        ({"responses": [{**APPLY, "action": "Burn"}]}, "responses[0].action"),
        (
            {"responses": [APPLY, {**ANSWER, "surveyResponseId": 1}]},
            "responses[1].surveyResponseId",
        ),
        ({"responses": [{"type": "Poem"}]}, "responses[0].type"),
    ],
)
def test_unknown_parts_are_refused(server: Server, body: dict[str, Any], name: str) -> None:
    """400 names the part, and nothing is recorded."""
    answer = server.send("POST", PATH, body)
    assert answer.status == 400
    assert name in answer.json["errors"][0]["properties"]
    assert server.order("GET", "canvassResponses") == []
    assert server.send("POST", "people/999999/canvassResponses", body).status == 404
