"""The unmodified parsons client, method by method, against the server."""

import warnings
from typing import Any

import pytest

from tests.local.everyaction_server.exports import days_ago
from tests.local.everyaction_server.server import KEY, Server

with warnings.catch_warnings():
    # parsons warns at import about optional packages that it lacks.
    warnings.simplefilter("ignore")
    from parsons import Table
    from parsons.ngpvan.van import VAN


@pytest.fixture
def van(server: Server) -> Any:
    """parsons' client; both of its addresses have to be set."""
    client = VAN(api_key=KEY, db="EveryAction")
    client.connection.uri = client.connection.api.uri = server.url
    return client


def test_changed_entities(van: Any, server: Server) -> None:
    """Types, fields, and an export of one file."""
    assert "Contacts" in van.get_changed_entity_resources()
    fields = van.get_changed_entity_resource_fields("Contacts").to_dicts()
    assert fields[0] == {
        "fieldName": "VanID",
        "fieldType": "N",
        "maxTextboxCharacters": None,
        "isCoreField": True,
        "availableValues": None,
    }
    rows = van.get_changed_entities(
        "Contacts", days_ago(80), requested_fields=["Employer"], custom_fields=[1001]
    )
    # parsons leaves the byte order mark where it is: in the name of the first column.
    found = [row["\ufeffVanID"] for row in rows.to_dicts()]
    assert found == [row["VanID"] for row in server.table()]
    assert {"Employer", "Preferred color"} <= set(rows.columns)


def test_people(van: Any) -> None:
    """Create, find, read, change and suppress somebody."""
    made = van.upsert_person(first_name="Ada", last_name="Zed", email="ada.zed@example.org")
    assert made["status"] == "UnmatchedStored"
    found = van.find_person(first_name="Ada", last_name="Zed", email="ADA.ZED@example.org")
    assert found == {"vanId": made["vanId"], "status": "Matched"}
    van.update_person(id=made["vanId"], last_name="Zett")
    van.apply_person_code(made["vanId"], 5003)
    person = van.get_person(made["vanId"])
    assert (person["firstName"], person["lastName"]) == ("Ada", "Zett")
    assert [code["codeId"] for code in person["codes"]] == [5003]
    assert van.get_person(made["vanId"], expand_fields=["emails"])["codes"] is None
    van.delete_person(made["vanId"])
    assert van.get_person(made["vanId"])["isSuppressed"] is True


def test_canvass(van: Any, server: Server) -> None:
    """Results, responses and activist codes."""
    van.apply_canvass_result(5, 1, contact_type_id=2)
    van.apply_response(
        5, {"type": "SurveyResponse", "surveyQuestionId": 3001, "surveyResponseId": 30_012}
    )
    van.toggle_activist_code(5, 4003, "Apply")
    van.apply_activist_code(6, 4004)
    van.remove_activist_code(6, 4004)
    assert [kept["vanId"] for kept in server.order("GET", "canvassResponses")] == [5, 5, 5, 6, 6]
    assert van.get_canvass_responses_contact_types().num_rows == 5
    assert van.get_canvass_responses_input_types().num_rows == 4
    assert van.get_canvass_responses_result_codes().num_rows == 7


def test_codes(van: Any) -> None:
    """Codes over several pages, one, and their types."""
    assert van.get_codes().num_rows == 243
    assert van.get_codes(code_type="Tag", name="Tag").num_rows == 20
    assert van.get_code(5001)["name"] == "Origin 001"
    assert van.get_code_types() == ["SourceCode", "Tag"]


def test_what_the_committee_has(van: Any) -> None:
    """Activist codes, questions, custom fields, events, profiles."""
    assert van.get_activist_codes().num_rows == 8
    assert van.get_activist_code(4001)["name"] == "Phone bank"
    assert van.get_survey_questions().num_rows == 3
    assert len(van.get_survey_question(3001)["responses"]) == 3
    assert van.get_custom_fields().num_rows == 2
    assert van.get_custom_fields_values().num_rows == 1
    assert van.get_custom_field(1001)["customFieldName"] == "Preferred color"
    assert van.get_apikeyprofiles()["hasMyCampaign"] is True
    assert van.connection.api_key_profile["hasMyVoters"] is False


def test_saved_lists(van: Any) -> None:
    """Lists, folders, and the export of a list's people."""
    assert van.get_saved_lists().num_rows == van.get_saved_lists(folder_id=2001).num_rows == 3
    assert van.get_saved_list(8002)["listCount"] == 30
    assert van.get_folders().num_rows == 1 and van.get_folder(2001)["folderId"] == 2001
    assert van.get_export_job_types().num_rows == 2
    found = [row["VanID"] for row in van.download_saved_list(8002).to_dicts()]
    assert found == [str(n) for n in range(10, 301, 10)]
    assert van.download_saved_list(8003).num_rows == 0
    job = van.export_job_create(8001, export_type=777)
    assert van.get_export_job(job["exportJobId"])["status"] == "Completed"


@pytest.fixture
def bucket(local_environment: dict[str, str]) -> str:
    """The bucket of the local stack, where parsons puts what is to be imported."""
    return local_environment["S3_TEMP_BUCKET"]


def finished(van: Any, job_id: int) -> dict[str, Any]:
    """Poll a bulk import until it has ended."""
    for _ in range(2_000):
        job: dict[str, Any] = van.get_bulk_import_job(job_id)
        if job["status"] not in ("Pending", "InProgress", "InProgressWithErrors"):
            return job
    raise AssertionError(f"import {job_id} did not end")


def test_bulk_activist_codes(van: Any, server: Server, bucket: str) -> None:
    """A file by S3 is applied, and its results come back."""
    rows = Table([{"vanid": n, "activistcodeid": 4005} for n in (5, 6, 7)])
    job_id = van.bulk_apply_activist_codes(rows, "S3", bucket=bucket)
    job = finished(van, job_id)
    assert (job["status"], job["errors"], len(job["resultFiles"])) == ("Completed", [], 1)
    results = van.get_bulk_import_job_results(job_id).to_dicts()
    assert [row["PrimaryKey"] for row in results] == ["5", "6", "7"]
    assert {row["ActivistCode_1"] for row in results} == {"Processed"}
    codes = server.send("GET", "people/6/activistCodes").json["items"]
    assert 4005 in [code["activistCodeId"] for code in codes]


def test_bulk_contacts(van: Any, server: Server, bucket: str) -> None:
    """Contacts are changed by number or created; several files of results come when small."""
    server.order("PUT", "export", {"file_kb": 1})
    names = [f'Nova, "{n}"\nX' for n in range(40)]
    rows = [{"vanid": "", "first": "Bulk", "last": n, "zip": "00501"} for n in names]
    rows += [{"vanid": "9", "first": "", "last": "Changed", "zip": ""}]
    table = Table(rows)
    job = finished(van, van.bulk_upsert_contacts(table, "S3", ["lastname"], bucket=bucket))
    assert job["status"] == "Completed" and len(job["resultFiles"]) > 1
    people = {person["VanID"]: person for person in server.table()}
    assert [people[str(n)]["LastName"] for n in range(301, 341)] == names
    assert people["301"]["ZipOrPostal"] == "00501"
    assert people["9"]["LastName"] == "Changed" and people["9"]["FirstName"]


def test_bulk_rows_that_do_not_fit(van: Any, server: Server, bucket: str) -> None:
    """The others are applied; the job says that there were errors, the results say which."""
    number = server.order("POST", "customFields", {"name": "Size", "type": "T"})["customFieldId"]
    rows = Table([{"vanid": 5, f"CF{number}": "XL"}, {"vanid": 999_999, f"CF{number}": "S"}])
    job = finished(van, van.bulk_apply_contact_custom_fields(157, rows, "S3", bucket=bucket))
    assert job["status"] == "CompletedWithErrors"
    assert {p["VanID"]: p["Size"] for p in server.table()}["5"] == "XL"
    rows = Table([{"vanid": 5, "suppressionid": 3}])
    job = finished(van, van.bulk_apply_suppressions(rows, "S3", bucket=bucket))
    assert job["status"] == "Completed"
    assert server.send("GET", "people/5?$expand=suppressions").json["suppressions"]
    result = {"vanid": 5, "contacttypeid": 2, "resultid": 1, "datecanvassed": "2026-11-01"}
    rows = Table([{**result, "canvassedby": 900}])
    job = finished(van, van.bulk_apply_canvass_results(rows, "S3", bucket=bucket))
    assert job["status"] == "Completed"


def test_bulk_descriptions(van: Any) -> None:
    """What can be imported is described."""
    assert van.get_bulk_import_resources() == ["Contacts", "ContactsActivistCodes"]
    assert van.get_bulk_import_mapping_types().num_rows == 5
    assert van.get_bulk_import_mapping_type("ActivistCode")["name"] == "ActivistCode"
    values = van.get_bulk_import_mapping_type_fields("Suppressions", "SuppressionID")
    assert len(values) == 19
