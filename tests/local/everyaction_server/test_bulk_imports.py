"""Bulk imports, by plain HTTP: what is refused, what fails, what outlives a SIGKILL."""

import csv
import io
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.local.everyaction_server.server import Server, read_csv, running

COLUMNS = ("VanID", "FirstName", "LastName", "Email")


@pytest.fixture
def files() -> Iterator[dict[str, bytes]]:
    """Files that a server of its own gives out, by name; its address is under the empty name."""
    content: dict[str, bytes] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = content.get(self.path[1:])
            self.send_response(404 if found is None else 200)
            self.end_headers()
            self.wfile.write(found or b"")

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        content[""] = f"http://127.0.0.1:{server.server_port}/".encode()
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield content
        server.shutdown()
        thread.join()


def packed(rows: list[tuple[str, ...]], name: str = "rows.csv") -> bytes:
    """Return rows as a zipped CSV file."""
    text, archive = io.StringIO(newline=""), io.BytesIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows(rows)
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr(name, text.getvalue())
    return archive.getvalue()


def request(files: dict[str, bytes], name: str = "a.zip", **more: Any) -> dict[str, Any]:
    """Return a request to create or update contacts from a file."""
    file = {
        "columnDelimiter": "csv",
        "columns": [{"name": column} for column in COLUMNS],
        "fileName": "rows.csv",
        "hasHeader": "False",
        "hasQuotes": "True",
        "sourceUrl": files[""].decode() + name,
    }
    action = {
        "resourceType": "Contacts",
        "actionType": "loadMappedFile",
        "resultFileSizeKbLimit": 5_000,
        "mappingTypes": [{"name": "CreateOrUpdateContact"}],
    }
    changes = {k: v for k, v in more.items() if k in file}
    action |= {k: v for k, v in more.items() if k in action}
    return {"description": "test", "file": {**file, **changes}, "actions": [action]}


def finished(server: Server, body: dict[str, Any]) -> dict[str, Any]:
    """Ask for an import and poll until it has ended."""
    answer = server.send("POST", "bulkImportJobs", body)
    assert answer.status == 201, answer.body
    return polled(server, answer.json["jobId"])


def polled(server: Server, job_id: int) -> dict[str, Any]:
    """Poll an import until it has ended."""
    for _ in range(20_000):
        job: dict[str, Any] = server.send("GET", f"bulkImportJobs/{job_id}").json
        if job["status"] not in ("Pending", "InProgress"):
            return job
    raise AssertionError(f"import {job_id} did not end")


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"resourceType": "Poems"}, "actions[0].resourceType"),
        ({"actionType": "burn"}, "actions[0].actionType"),
        ({"resultFileSizeKbLimit": 4_999}, "actions[0].resultFileSizeKbLimit"),
        ({"mappingTypes": []}, "actions[0].mappingTypes"),
        ({"mappingTypes": [{"name": "Poem"}]}, "actions[0].mappingTypes"),
        ({"mappingTypes": ["Suppressions"]}, "mappingTypes"),
        ({"sourceUrl": "s3://bucket/key"}, "file.sourceUrl"),
        ({"columns": []}, "file.columns"),
        ({"columns": [{"name": str(n)} for n in range(51)]}, "file.columns"),
        ({"columnDelimiter": "snail"}, "file.columnDelimiter"),
    ],
)
def test_a_wrong_request_is_refused(
    server: Server, files: dict[str, bytes], change: dict[str, Any], name: str
) -> None:
    """400 names the property."""
    answer = server.send("POST", "bulkImportJobs", request(files, **change))
    assert answer.status == 400
    assert answer.json["errors"][0]["properties"] == [name]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "could not be fetched"),
        (b"not a zip", "no zip archive"),
        (packed([], "other.csv"), "no file rows.csv"),
        (packed([("1", "2")]), "Row 1 has 2 columns"),
    ],
)
def test_a_file_that_cannot_be_used_fails_the_job(
    server: Server, files: dict[str, bytes], content: bytes | None, words: str
) -> None:
    """The job ends as Failed, says why, and changes nobody."""
    if content is not None:
        files["a.zip"] = content
    job = finished(server, request(files))
    assert (job["status"], job["resultFiles"]) == ("Failed", [])
    assert words in job["errors"][0]["text"]
    assert len(server.table()) == 300


def test_columns_are_those_of_the_request(server: Server, files: dict[str, bytes]) -> None:
    """A header is passed over; names, fixed and translated values come from the request."""
    files["a.zip"] = packed([("x", "y"), ("5", "yes"), ("6", "no")])
    mapping = {
        "name": "Suppressions",
        "fieldValueMappings": [
            {
                "fieldName": "SuppressionID",
                "columnName": "what",
                "values": [
                    {"sourceValue": "yes", "targetValue": "3"},
                    {"sourceValue": "no", "targetValue": "88"},
                ],
            }
        ],
    }
    columns = [{"name": "vanid"}, {"name": "what"}]
    job = finished(
        server, request(files, hasHeader="True", columns=columns, mappingTypes=[mapping])
    )
    assert job["status"] == "CompletedWithErrors"
    rows = read_csv(server.send("GET", job["resultFiles"][0]["url"]).body)
    assert [(row["PrimaryKey"], row["Suppressions_1"]) for row in rows] == [
        ("5", "Processed"),
        ("6", "Invalid suppression"),
    ]


def test_a_killed_import_goes_on(tmp_path: Path, files: dict[str, bytes]) -> None:
    """Every row is applied once and has its result, however often the server dies meanwhile."""
    count = 3_000
    names: list[tuple[str, ...]] = [
        ("", "Row", f"Number {n}", f"row{n}@example.org") for n in range(count)
    ]
    files["a.zip"] = packed(names)
    with running(tmp_path / "every action") as server:
        server.order("PUT", "limit", {"per_second": None})
        server.order("PUT", "people", {"count": 10})
        job_id = server.send("POST", "bulkImportJobs", request(files)).json["jobId"]
        for _ in range(3):
            server.send("GET", f"bulkImportJobs/{job_id}")
            server.kill()
            server.start()
        job = polled(server, job_id)
        assert job["status"] == "Completed"
        found = [p["Email"] for p in server.table() if p["FirstName"] == "Row"]
        assert found == [name[3] for name in names]
        assert server.order("GET", "health") == {"people": 10 + count}
        rows = [r for f in job["resultFiles"] for r in read_csv(server.send("GET", f["url"]).body)]
        assert [row["BulkUploadDataID"] for row in rows] == [str(n) for n in range(1, count + 1)]
