"""People: always the same, invented, awkward; found, created, changed, suppressed."""

import re
from typing import Any

import pytest

from tests.local.everyaction_server.server import Server

MAIL = {"firstName": "Jo", "lastName": "Ng", "emails": [{"email": "jo@example.org"}]}
DATED = ("DateCreated", "DateModified")


def undated(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return people without the times, which follow from when they were seeded."""
    return [{name: row[name] for name in row if name not in DATED} for row in rows]


def test_the_same_orders_give_the_same_people(server: Server) -> None:
    """Seeding, changes and new fields are reproducible to the last value."""
    tables = []
    for _ in range(2):
        server.order("PUT", "people", {"count": 500})
        steps = [undated(server.table())]
        for _ in range(3):
            server.order("POST", "changes", {"changed": 20, "created": 5, "suppressed": 5})
            steps.append(undated(server.table()))
        server.order("POST", "customFields", {"name": "Shoe size", "type": "N"})
        tables.append([*steps, undated(server.table())])
    assert tables[0] == tables[1]
    assert all(one != two for one, two in zip(tables[0], tables[0][1:], strict=False))


def test_each_ordered_change_shows(server: Server) -> None:
    """A changed person differs in what an export shows, beside the time; others do not."""
    before = {row["VanID"]: row for row in undated(server.table())}
    done = server.order("POST", "changes", {"changed": 40, "created": 2, "suppressed": 3})
    after = {row["VanID"]: row for row in undated(server.table())}
    assert (len(done["changed"]), len(done["created"]), len(done["suppressed"])) == (40, 2, 3)
    differing = {int(key) for key in before.keys() & after.keys() if before[key] != after[key]}
    assert differing == set(done["changed"])
    assert {int(key) for key in before.keys() - after.keys()} == set(done["suppressed"])
    assert {int(key) for key in after.keys() - before.keys()} == set(done["created"])


def test_nobody_could_be_meant(server: Server) -> None:
    """Mail and telephone are reserved for examples and fiction."""
    for row in server.table():
        assert not row["Email"] or row["Email"].endswith(".example.org")
        assert not row["Phone"] or re.fullmatch(r"\(\d{3}\) 555-01\d\d", row["Phone"])


def test_values_are_of_the_kind_that_breaks_readers(server: Server) -> None:
    """Commas, quotes, breaks, tabs, other letters, leading zeros, NA, null and nothing occur."""
    server.order("PUT", "people", {"count": 2000})
    rows = server.table()
    values = {value for row in rows for value in row.values()}
    text = "".join(values)
    assert all(character in text for character in ",\"'\n\tßøöŁ")
    assert {"NA", "null", "", "None"} <= values
    assert any(re.fullmatch(r"0\d{4}", row["ZipOrPostal"]) for row in rows)
    assert {row["LifetimeGiving"] == "" for row in rows} == {True, False}


def test_a_new_custom_field_has_values_for_some(server: Server) -> None:
    """It is listed and exported; only those who have a value count as changed."""
    before = {row["VanID"]: row["DateModified"] for row in server.table()}
    number = server.order("POST", "customFields", {"name": "Shirt, size", "type": "T"})
    items = server.send("GET", "customFields").json["items"]
    assert items[-1]["customFieldId"] == number["customFieldId"]
    assert items[-1]["customFieldName"] == "Shirt, size"
    fields = server.send("GET", "changedEntityExportJobs/fields/Contacts").json
    assert (fields[-1]["fieldName"], fields[-1]["isCoreField"]) == ("Shirt, size", False)
    for row in server.table():
        assert (row["DateModified"] != before[row["VanID"]]) == bool(row["Shirt, size"])


def test_find_or_create_creates_once(server: Server) -> None:
    """The first call stores, the second finds and changes the same person."""
    created = server.send("POST", "people/findOrCreate", MAIL)
    assert (created.status, created.json["status"]) == (201, "UnmatchedStored")
    again = server.send("POST", "people/findOrCreate", {**MAIL, "employer": 'The "Works"'})
    assert again.json == {"vanId": created.json["vanId"], "status": "Matched"}
    found = server.send("GET", f"people/{created.json['vanId']}?$expand=emails,phones").json
    assert (found["employer"], found["emails"][0]["email"]) == ('The "Works"', "jo@example.org")
    assert found["phones"] == [] and found["addresses"] is None


@pytest.mark.parametrize(
    "names",
    [("Email",), ("Phone",), ("ZipOrPostal", "DateOfBirth"), ("AddressLine1", "ZipOrPostal")],
)
def test_people_are_found_by_each_combination(server: Server, names: tuple[str, ...]) -> None:
    """Capitals and accents do not matter; one wrong detail does."""
    wanted = next(row for row in server.table() if all(row[name] for name in names))
    content = {
        "firstName": wanted["FirstName"].upper(),
        "lastName": wanted["LastName"].lower(),
        "emails": [{"email": wanted["Email"].upper()}] if "Email" in names else [],
        "phones": [{"phoneNumber": wanted["Phone"]}] if "Phone" in names else [],
        "dateOfBirth": wanted["DateOfBirth"] if "DateOfBirth" in names else None,
        "addresses": [
            {
                "addressLine1": wanted["AddressLine1"] if "AddressLine1" in names else None,
                "zipOrPostalCode": wanted["ZipOrPostal"] if "ZipOrPostal" in names else None,
            }
        ],
    }
    found = server.send("POST", "people/find", content)
    assert found.json == {"vanId": int(wanted["VanID"]), "status": "Matched"}
    stranger: dict[str, Any] = {**content, "lastName": "Nobody-of-that-name"}
    if names != ("Email",):
        assert server.send("POST", "people/find", stranger).status == 404


def test_nobody_is_found_by_too_little(server: Server) -> None:
    """A name alone finds nobody, and creates a new person each time."""
    name = {"firstName": "Solo", "lastName": "Name"}
    numbers = {server.send("POST", "people/findOrCreate", name).json["vanId"] for _ in range(2)}
    assert len(numbers) == 2
    assert server.send("POST", "people/find", name).status == 404
    assert server.send("POST", "people/findOrCreate", {}).status == 400


def test_changes_and_suppression_reach_the_next_export(server: Server) -> None:
    """POST changes what it names, DELETE suppresses; both are what an export shows."""
    server.send(
        "POST", "people/7", {"lastName": 'O\'New, "Q"', "dateOfBirth": "1990-02-03T00:00:00Z"}
    )
    server.send("DELETE", "people/8")
    rows = {row["VanID"]: row for row in server.table()}
    assert (rows["7"]["LastName"], rows["7"]["DateOfBirth"]) == ('O\'New, "Q"', "1990-02-03")
    assert "8" not in rows
    assert server.send("GET", "people/8").json["isSuppressed"] is True


def test_codes_are_applied_and_counted(server: Server) -> None:
    """204, shown with $expand=codes; again counts; unknown people 404, unfit codes 400."""
    for path in ("people/5/codes", "people/vanid:5/codes"):
        assert server.send("POST", path, {"codeId": 5001}).status == 204
    assert server.order("GET", "applied") == [{"vanId": 5, "codeId": 5001, "times": 2}]
    (code,) = server.send("GET", "people/5?$expand=codes").json["codes"]
    assert (code["codeId"], code["codeType"]) == (5001, "SourceCode")
    for path, body, status in (
        ("people/999999/codes", {"codeId": 5001}, 404),
        ("people/x/codes", {"codeId": 5001}, 404),
        ("people/dwid:5/codes", {"codeId": 5001}, 404),
        ("people/5/codes", {"codeId": 1}, 400),
        ("people/5/codes", {"codeId": 7001}, 400),
        ("people/5/codes", {}, 400),
        ("people/5/codes", [], 400),
    ):
        answer = server.send("POST", path, body)
        assert answer.status == status and answer.json["errors"][0]["text"]


def test_nothing_of_a_refused_request_stays(server: Server) -> None:
    """A body that is no JSON is an error, in the log too."""
    answer = server.send("POST", "people/5/codes", "not an object")
    assert answer.status == 400 and answer.json["errors"][0]["code"] == "INVALID_BODY"
    assert server.order("GET", "calls")[0]["applied"] is False


def test_an_echo_comes_back(server: Server) -> None:
    """echoes answers what was sent."""
    assert server.send("POST", "echoes", {"message": "hello"}).json["message"] == "hello"
