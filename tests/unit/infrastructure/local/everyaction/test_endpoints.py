"""Paths find their endpoint."""

import pytest

from infrastructure.local.everyaction.endpoints import Endpoint, Table
from infrastructure.local.everyaction.exchange import Answer, Call, Refusal


def nothing(_: Call) -> Answer:
    """Answer nothing."""
    return Answer()


TABLE = Table(
    [
        Endpoint("GET", "/people/{person}", nothing),
        Endpoint("POST", "/people/{person}", nothing, writes=True),
        Endpoint("POST", "/people/find", nothing),
        Endpoint("POST", "/people/{person}/codes", nothing, writes=True),
    ]
)


def test_a_path_gives_the_values_of_its_variables() -> None:
    """A variable is one part of a path; a path without variables goes first."""
    endpoint, values = TABLE.find("POST", "/people/vanid:7/codes")
    assert (endpoint.template, values) == ("/people/{person}/codes", {"person": "vanid:7"})
    assert TABLE.find("POST", "/people/find")[0].writes is False
    assert TABLE.find("GET", "/people/8") == (TABLE.find("GET", "/people/9")[0], {"person": "8"})


def test_what_is_not_there_is_refused() -> None:
    """404 for a path, 405 with the methods for a method."""
    for path in ("/people", "/people//codes", "/people/7/codes/8", ""):
        with pytest.raises(Refusal) as caught:
            TABLE.find("GET", path)
        assert caught.value.status == 404
    with pytest.raises(Refusal) as caught:
        TABLE.find("DELETE", "/people/7")
    assert (caught.value.status, caught.value.headers) == (405, {"Allow": "GET, POST"})
