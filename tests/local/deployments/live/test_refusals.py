"""What the server refuses is told in its own words, and nothing secret with it."""

from typing import Any

import pytest

from deployments.live.api import PrefectApi
from tests.local.deployments.live.conftest import AUTH_STRING, KEY, Connect
from tests.manual_time import ManualTime
from tests.scripted_server import Answer, ScriptedServer
from utilities.errors import AccessDenied, FlowError, PrefectRefused, SettingsInvalid


@pytest.mark.parametrize(
    ("status", "content", "reason"),
    [
        (404, {"detail": 'Work pool "ecs" not found.'}, '404: Work pool "ecs" not found'),
        (409, {"detail": ["One.", "Two."]}, "409: One.; Two"),
        (
            422,
            {
                "exception_message": "Invalid request received.",
                "exception_detail": [
                    {"loc": ["body", "labels"], "msg": "Extra inputs", "input": "planted"},
                    {"loc": ["body"], "msg": "Too short"},
                ],
                "request_body": {"labels": "planted"},
            },
            "422: labels: Extra inputs; Too short",
        ),
        (500, {"exception_message": "Internal Server Error"}, "500: Internal Server Error"),
        (400, {"detail": {"code": 7}}, '400: {"code": 7}'),
        (400, [], "400"),
        (400, b"<html>", "400"),
        (400, {"detail": "x" * 5000}, f"400: {'x' * 596} ..."),
    ],
)
def test_the_reason_of_the_server_is_passed_on(
    api: PrefectApi,
    server: ScriptedServer,
    time: ManualTime,
    status: int,
    content: Any,
    reason: str,
) -> None:
    """The message holds what was asked and why it was refused, without what was sent, and it is
    not asked again."""
    server.script(Answer(status, content))
    with pytest.raises(PrefectRefused) as raised:
        api.request("PATCH", "/deployments/1", {})
    assert str(raised.value) == f"Prefect refused PATCH /deployments/1 ({reason})."
    assert raised.value.status == status
    assert time.slept == []


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_credential_says_which_to_set(
    api: PrefectApi, server: ScriptedServer, status: int
) -> None:
    """The message names both variables, since a server's own and Prefect Cloud's differ."""
    server.script(Answer(status, {"detail": "Unauthorized"}))
    with pytest.raises(AccessDenied) as raised:
        api.request("GET", "/deployments/1")
    assert str(raised.value) == (
        f"Prefect at {api.address.url}: access was denied ({status}: Unauthorized) to GET "
        "/deployments/1. Set PREFECT_API_KEY (Prefect Cloud) or PREFECT_API_AUTH_STRING (a server "
        "of your own) to a credential that may do this."
    )


@pytest.mark.parametrize("status", [401, 422])
def test_no_message_holds_a_credential(
    connect: Connect, server: ScriptedServer, status: int
) -> None:
    """Not even when the server repeats the one that it was sent."""
    server.script(Answer(status, {"detail": f"{KEY} and {AUTH_STRING}?"}))
    with pytest.raises(FlowError) as raised:
        connect(key=KEY, auth_string=AUTH_STRING).request("GET", "/deployments/1")
    assert "planted" not in str(raised.value)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(200, b"<!doctype html>"),
        Answer(307, headers={"Location": "https://elsewhere.example.org/"}),
        Answer(404, {"detail": "Not Found"}),
        Answer(405, {"detail": "Method Not Allowed"}),
    ],
    ids=["a page", "another address", "nothing", "something else"],
)
def test_what_is_not_the_api_is_told(
    api: PrefectApi, server: ScriptedServer, answer: Answer
) -> None:
    """An address without /api shows Prefect's pages for people, and a load balancer may send
    elsewhere: nothing is followed, since a POST would arrive as something else."""
    server.script(answer)
    with pytest.raises(SettingsInvalid, match="came back, expected Prefect's API.*PREFECT_API_URL"):
        api.request("POST", "/deployments/filter", {})
    assert len(server.seen) == 1
