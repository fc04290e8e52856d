"""changedEntityExportJobs: what is exported, how it is announced, what is refused."""

import csv
import io
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.local.everyaction_server.exports import (
    days_ago,
    poll_export,
    read_files,
    request_export,
)
from tests.local.everyaction_server.server import Server, read_csv

EXTRA = ["Employer", "Occupation", "PreferredName", "CountryCode"]


def custom_ids(server: Server) -> list[int]:
    """Return the ids of all custom fields of contacts."""
    items = server.send("GET", "customFields?customFieldsGroupType=Contacts").json["items"]
    return [field["customFieldId"] for field in items]


def test_a_whole_export_equals_the_people(server: Server) -> None:
    """All fields of all people, in many files, are what the server says that it has."""
    server.order("PUT", "export", {"file_kb": 10})
    job = request_export(server, requestedFields=EXTRA, requestedCustomFieldIds=custom_ids(server))
    rows = read_files(server, job)
    assert len(job["files"]) > 3
    assert job["exportedRecordCount"] == len(rows) == 300
    assert rows == server.table()


@pytest.mark.parametrize(
    "resource",
    [
        "ActivistCodes",
        "ContactHistory",
        "ContactsActivistCodes",
        "ContactsOnlineForms",
        "ContactsSurveyResponses",
        "ContributionAdjustments",
        "Contributions",
        "EventTicketTransactionsGuests",
        "RecurringContributions",
    ],
)
def test_every_resource_type_has_rows_with_a_key(server: Server, resource: str) -> None:
    """The first column of each type is unique; columns are the core fields that are listed."""
    assert resource in server.send("GET", "changedEntityExportJobs/resources").json
    fields = server.send("GET", f"changedEntityExportJobs/fields/{resource}").json
    core = [field["fieldName"] for field in fields if field["isCoreField"]]
    rows = read_files(server, request_export(server, resource))
    assert rows and list(rows[0]) == core
    assert len({row[core[0]] for row in rows}) == len(rows)
    assert server.send("GET", f"changedEntityExportJobs/changeTypes/{resource}").json


def test_only_what_changed_in_the_window_is_exported(server: Server) -> None:
    """Windows that follow each other give every change once; the end is the next one's start."""
    first = request_export(server)
    touched = server.order("POST", "changes", {"changed": 7, "created": 3, "suppressed": 2})
    second = request_export(server, dateChangedFrom=first["dateChangedTo"])
    third = request_export(server, dateChangedFrom=second["dateChangedTo"])
    wanted = {str(van_id) for van_id in touched["changed"] + touched["created"]}
    assert {row["VanID"] for row in read_files(server, second)} == wanted
    assert third["exportedRecordCount"] == 0


def test_suppressed_people_come_only_when_asked_for(server: Server) -> None:
    """includeInactive adds them, marked."""
    start = request_export(server)["dateChangedTo"]
    (gone,) = server.order("POST", "changes", {"suppressed": 1})["suppressed"]
    assert request_export(server, dateChangedFrom=start)["exportedRecordCount"] == 0
    job = request_export(server, dateChangedFrom=start, includeInactive=True)
    (row,) = read_files(server, job)
    assert (row["VanID"], row["IsSuppressed"]) == (str(gone), "true")
    assert str(gone) not in {person["VanID"] for person in server.table()}


def test_requested_ids_are_added(server: Server) -> None:
    """People outside of the window come when they are named."""
    start = request_export(server)["dateChangedTo"]
    job = request_export(server, dateChangedFrom=start, requestedIds=[3, 5, 10**9])
    assert [row["VanID"] for row in read_files(server, job)] == ["3", "5"]


def test_what_is_not_accepted_goes_missing(server: Server) -> None:
    """Unknown fields are in neither the answer nor the files; core fields always are."""
    job = request_export(
        server, requestedFields=["Employer", "ShoeSize"], requestedCustomFieldIds=[1001, 99]
    )
    assert job["requestedFields"] == ["Employer"]
    assert job["requestedCustomFieldIds"] == [1001]
    fields = server.send("GET", "changedEntityExportJobs/fields/Contacts").json
    core = [field["fieldName"] for field in fields if field["isCoreField"]]
    assert list(read_files(server, job)[0]) == [*core, "Employer", "Preferred color"]


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"dateChangedFrom": days_ago(90.01)}, "dateChangedFrom"),
        ({"dateChangedFrom": None}, "dateChangedFrom"),
        ({"dateChangedFrom": "yesterday"}, "dateChangedFrom"),
        ({"dateChangedFrom": days_ago(1), "dateChangedTo": days_ago(2)}, "dateChangedFrom"),
        ({"dateChangedTo": days_ago(-0.1)}, "dateChangedTo"),
        ({"resourceType": "People"}, "resourceType"),
        ({"fileSizeKbLimit": 999}, "fileSizeKbLimit"),
        ({"fileSizeKbLimit": 100_001}, "fileSizeKbLimit"),
        ({"contactMode": 4}, "contactMode"),
        ({"requestedFields": "Employer"}, "requestedFields"),
    ],
)
def test_a_wrong_request_is_refused(server: Server, change: dict[str, Any], name: str) -> None:
    """Windows older than 90 days or in the future, unknown types and sizes: 400, with the name."""
    wanted = {"resourceType": "Contacts", "dateChangedFrom": days_ago(80), **change}
    answer = server.send("POST", "changedEntityExportJobs", wanted)
    assert answer.status == 400
    assert answer.json["errors"][0]["properties"] == [name]


def test_times_without_an_offset_are_eastern(server: Server) -> None:
    """A time of day without a zone is the context's, a date its midnight there."""
    noon = datetime.combine(
        date.today() - timedelta(days=10), time(12), ZoneInfo("America/New_York")
    )
    expected = noon.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    for text in (noon.replace(tzinfo=None).isoformat(), noon.isoformat(), expected):
        wanted = {"resourceType": "Contacts", "dateChangedFrom": text}
        answer = server.send("POST", "changedEntityExportJobs", wanted)
        assert answer.json["dateChangedFrom"] == expected


def test_a_job_goes_through_its_stages(server: Server) -> None:
    """Pending, InProcess and Complete come at the polls that were ordered."""
    server.order("PUT", "export", {"pending_polls": 2, "in_process_polls": 1})
    wanted = {"resourceType": "Contacts", "dateChangedFrom": days_ago(80)}
    job = server.send("POST", "changedEntityExportJobs", wanted).json
    assert (job["jobStatus"], job["files"], job["exportedRecordCount"]) == ("Pending", [], 0)
    path = f"changedEntityExportJobs/{job['exportJobId']}"
    polls = [server.send("GET", path).json["jobStatus"] for _ in range(5)]
    assert polls == ["Pending", "Pending", "InProcess", "Complete", "Complete"]
    assert server.send("GET", "changedEntityExportJobs/77").status == 404


def test_files_have_the_layout_that_was_ordered(server: Server) -> None:
    """Tabs for commas, with or without a byte order mark, the same rows."""
    for delimiter, character, bom in (("tab", "\t", True), ("comma", ",", False)):
        server.order("PUT", "export", {"delimiter": delimiter, "bom": bom})
        content = server.send("GET", request_export(server)["files"][0]["downloadUrl"]).body
        assert content.startswith(b"\xef\xbb\xbf") is bom
        rows = read_csv(content, character)
        assert [row["VanID"] for row in rows] == [row["VanID"] for row in server.table()]


def test_no_file_is_larger_than_its_limit(server: Server) -> None:
    """Rows are divided among files, each with the header."""
    server.order("PUT", "export", {"file_kb": 4})
    contents = [
        server.send("GET", file["downloadUrl"]).body for file in request_export(server)["files"]
    ]
    assert max(map(len, contents)) <= 4_000
    assert len({content.partition(b"\r\n")[0] for content in contents}) == 1


def test_a_job_whose_files_cannot_be_written_fails(server: Server) -> None:
    """A full or broken disk is the job's Error, not an endless wait."""
    in_the_way = server.folder / "files"
    in_the_way.write_text("not a folder")
    job = request_export(server)
    in_the_way.unlink()
    assert (job["jobStatus"], job["files"]) == ("Error", [])


def test_custom_fields_may_have_the_name_of_another(server: Server) -> None:
    """Each column has its own values, also under the same name."""
    number = server.order("POST", "customFields", {"name": "Email", "type": "N"})["customFieldId"]
    job = request_export(server, requestedCustomFieldIds=[number])
    content = server.send("GET", job["files"][0]["downloadUrl"]).body.decode("utf-8-sig")
    header, *rows = csv.reader(io.StringIO(content, newline=""))
    first, second = (place for place, name in enumerate(header) if name == "Email")
    assert all("@" in row[first] or not row[first] for row in rows)
    assert {row[second].isdigit() for row in rows if row[second]} == {True}


def test_old_files_are_removed(server: Server) -> None:
    """A job that many others have followed has no files any more, and its link says so."""
    link = request_export(server)["files"][0]["downloadUrl"]
    for _ in range(30):
        poll_export(server, request_export(server, dateChangedFrom=days_ago(0))["exportJobId"])
    assert server.send("GET", link).status == 404
    assert len(list((server.folder / "files").iterdir())) <= 30
