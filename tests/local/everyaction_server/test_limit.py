"""The request limit."""

from tests.local.everyaction_server.exports import request_export
from tests.local.everyaction_server.server import Server


def test_requests_above_the_limit_are_refused(server: Server) -> None:
    """Too many in one second: 429 with Retry-After, and nothing is changed."""
    server.order("PUT", "limit", {"per_second": 3})
    answers = [server.send("POST", "people/5/codes", {"codeId": 5001}) for _ in range(30)]
    refused = [answer for answer in answers if answer.status == 429]
    assert [answer.status for answer in answers[:3]] == [204] * 3 and refused
    assert {answer.headers["retry-after"] for answer in refused} == {"1"}
    assert refused[0].json["errors"][0]["code"] == "TOO_MANY_REQUESTS"
    (applied,) = server.order("GET", "applied")
    assert applied["times"] == 30 - len(refused)
    assert server.order("GET", "calls/count?path=codes$&status=429") == {"count": len(refused)}


def test_downloads_and_orders_are_not_counted(server: Server) -> None:
    """Only calls of the API are."""
    link = request_export(server)["files"][0]["downloadUrl"]
    server.order("PUT", "limit", {"per_second": 1})
    assert {server.send("GET", link).status for _ in range(5)} == {200}
    assert server.send("GET", "codes").status == 200


def test_wrong_keys_are_not_counted(server: Server) -> None:
    """Who does not get in takes nobody's place."""
    server.order("PUT", "limit", {"per_second": 1})
    assert {server.send("GET", "codes", password="x|1").status for _ in range(5)} == {401}
    assert server.send("GET", "codes").status == 200
