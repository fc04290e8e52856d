"""Lists come in pages."""

import pytest

from tests.local.everyaction_server.server import Server


def test_the_next_page_is_an_address(server: Server) -> None:
    """Following nextPageLink gives every item once, with the filters of the first page."""
    found, query = [], "codes?$top=100&codeType=SourceCode"
    while query:
        page = server.send("GET", query).json
        assert page["count"] == 220
        found += [code["codeId"] for code in page["items"]]
        link = page["nextPageLink"]
        assert link is None or link.startswith(server.url)
        query = link.removeprefix(server.url) if link else ""
    assert len(found) == len(set(found)) == 220


def test_a_page_has_fifty_items_unless_asked_and_two_hundred_at_most(server: Server) -> None:
    """The default and the most are the documented ones."""
    assert len(server.send("GET", "codes").json["items"]) == 50
    assert len(server.send("GET", "codes?$top=5000").json["items"]) == 200


@pytest.mark.parametrize("path", ["events", "people/5/notes"])
def test_large_pages_of_events_and_notes_are_refused(server: Server, path: str) -> None:
    """Of these 50 are allowed, and 51 are an error."""
    assert server.send("GET", f"{path}?$top=50").status == 200
    answer = server.send("GET", f"{path}?$top=51")
    assert answer.status == 400
    assert answer.json["errors"][0]["properties"] == ["$top"]


@pytest.mark.parametrize("query", ["$top=0", "$top=-1", "$top=x", "$skip=-5", "$skip=ten"])
def test_what_is_no_number_is_refused(server: Server, query: str) -> None:
    """The error names the parameter."""
    answer = server.send("GET", f"codes?{query}")
    assert answer.status == 400
    assert answer.json["errors"][0]["properties"] == [query.partition("=")[0]]


def test_unknown_paths_and_methods_are_errors_of_the_api(server: Server) -> None:
    """404 and 405 have the same form as every other error."""
    for method, path, status in (
        ("GET", "nothing", 404),
        ("GET", "codes/99", 404),
        ("GET", "codes/x", 404),
        ("PUT", "codes", 405),
    ):
        answer = server.send(method, path)
        assert answer.status == status and answer.json["errors"][0]["code"]
