"""What the API refuses becomes an error that says what to do, with the API's own reasons."""

from base64 import b64decode
from typing import Any

import pytest

from tests.local.everyaction.conftest import KEY
from tests.scripted_server import Answer, ScriptedServer
from utilities.errors import AccessDenied, ApiRefused, SettingsInvalid
from utilities.everyaction import call

TWO_REASONS = {
    "errors": [
        {
            "code": "INVALID_PARAMETER",
            "text": "'0' is not a valid codeId",
            "properties": ["codeId"],
            "hint": "List the codes first",
            "referenceCode": "a1",
        },
        {"code": "NOT_SUPPORTED", "text": "Code does not apply to people"},
    ]
}


def test_a_refusal_has_the_reasons_of_the_api(api: ScriptedServer, van: Any) -> None:
    """Status, codes, texts and hints arrive, and nothing is sent twice."""
    api.script(Answer(400, TWO_REASONS))
    with pytest.raises(ApiRefused) as caught:
        van.apply_person_code(100, 0)
    error = caught.value
    assert error.status == 400
    assert [code for code, _ in error.reasons] == ["INVALID_PARAMETER", "NOT_SUPPORTED"]
    assert error.reason == (
        "codeId: '0' is not a valid codeId (List the codes first); Code does not apply to people"
    )
    assert str(error) == (
        "EveryAction, POST people/100/codes: refused (400): INVALID_PARAMETER: codeId: '0' is not a "
        "valid codeId (List the codes first); NOT_SUPPORTED: Code does not apply to people."
    )
    assert len(api.seen) == 1


def test_a_person_who_does_not_exist_is_told_by_the_status(api: ScriptedServer, van: Any) -> None:
    """Callers tell a missing record by its status, not by words."""
    api.script(Answer(404, {"errors": [{"code": "NOT_FOUND", "text": "Not found"}]}))
    with pytest.raises(ApiRefused) as caught:
        van.get_person(5)
    assert caught.value.status == 404


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_key_is_said_to_be_one(status: int, api: ScriptedServer, van: Any) -> None:
    """Without access, the error names the settings to check."""
    api.script(Answer(status, {"errors": [{"code": "UNAUTHORIZED", "text": "Revoked"}]}))
    with pytest.raises(AccessDenied, match=f"{status}.*Revoked.*VAN_API_KEY and VAN_DB"):
        van.get_codes()


@pytest.mark.parametrize("content", [b"", b"<html><p>Nope</p>\n</html>", b"[1]", b"null"])
def test_an_answer_in_another_format_is_shown_as_it_is(
    content: bytes, api: ScriptedServer, van: Any
) -> None:
    """A proxy's page or nothing at all does not hide the refusal."""
    api.script(Answer(400, content))
    with pytest.raises(ApiRefused) as caught:
        van.get_codes()
    assert caught.value.reason


def test_a_redirect_is_not_followed(api: ScriptedServer, van: Any) -> None:
    """The key does not go where an answer points."""
    api.script(Answer(307, headers={"Location": f"{api.url}elsewhere"}))
    with pytest.raises(SettingsInvalid, match="elsewhere.*VAN_API_URL"):
        call(van, "POST", "people/1/codes", json={})
    assert len(api.seen) == 1


def test_the_key_is_not_sent_to_another_server(api: ScriptedServer, van: Any) -> None:
    """A link to the next page that points to another server is refused."""
    page = {"items": [{"codeId": 1}], "nextPageLink": "http://127.0.0.2:1/v4/codes?$skip=1"}
    api.script(Answer(200, page))
    with pytest.raises(SettingsInvalid, match="not sent to 127.0.0.2:1"):
        van.get_codes()


def test_next_pages_are_followed(api: ScriptedServer, van: Any) -> None:
    """parsons' paging works as it is, through the links that the API gives."""
    link = f"{api.url}codes?%24top=1&%24skip=1"
    api.script(
        Answer(200, {"items": [{"codeId": 1}], "nextPageLink": link, "count": 2}),
        Answer(200, {"items": [{"codeId": 2}], "nextPageLink": None, "count": 2}),
    )
    assert [row["codeId"] for row in van.get_codes()] == [1, 2]
    assert [path for _, path in api.calls] == [
        "/v4/codes?%24top=200",
        "/v4/codes?%24top=1&%24skip=1",
    ]


def test_basic_authentication_has_the_mode(api: ScriptedServer, van: Any) -> None:
    """The key travels with the mode of the database, as the API wants it."""
    call(van, "GET", "codes")
    sent = api.seen[0].headers["Authorization"].removeprefix("Basic ")
    assert b64decode(sent).decode() == f"default:{KEY}|1"
