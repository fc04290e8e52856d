"""Who gets in, and which database is behind which mode."""

from base64 import b64encode

import pytest

from tests.local.everyaction_server.exports import days_ago
from tests.local.everyaction_server.server import KEY, Server

WRITE = ("POST", "people/5/codes", {"codeId": 5001})


@pytest.mark.parametrize(
    "password", [None, "", KEY, f"{KEY}|2", f"{KEY}|", "wrong|1", f"{KEY.upper()}|1", f"|{KEY}|1"]
)
def test_a_wrong_key_is_refused(server: Server, password: str | None) -> None:
    """Without the key and a mode nothing is answered or changed; the error has the API's form."""
    answer = server.send(*WRITE, password=password)
    assert answer.status == 401
    assert answer.headers["www-authenticate"].startswith("Basic")
    (error,) = answer.json["errors"]
    assert error["code"] == "UNAUTHORIZED" and error["text"]
    assert error.keys() >= {"properties", "referenceCode", "hint", "resourceUrl"}
    assert server.order("GET", "applied") == []


def test_any_application_name_will_do(server: Server) -> None:
    """The name before the key is the client's own."""
    profile = server.send("GET", "apiKeyProfiles").json["items"][0]
    assert profile["hasMyCampaign"] is True and profile["hasMyVoters"] is False


def test_the_other_mode_shows_a_nearly_empty_database(server: Server) -> None:
    """A wrong mode authenticates, and nobody is there."""
    voters = f"{KEY}|0"
    assert server.send("GET", "apiKeyProfiles", password=voters).json["items"]
    assert server.send("GET", "codes", password=voters).json["items"] == []
    assert server.send("GET", "people/5", password=voters).status == 404
    assert server.send(*WRITE, password=voters).status == 404
    wanted = {"resourceType": "Contacts", "dateChangedFrom": days_ago(80)}
    job = server.send("POST", "changedEntityExportJobs", wanted, password=voters).json
    path = f"changedEntityExportJobs/{job['exportJobId']}"
    assert server.send("GET", path, password=voters).json["exportedRecordCount"] == 0


def test_a_key_can_be_revoked_and_given_back(server: Server) -> None:
    """From one request to the next the key is worth nothing."""
    assert server.send(*WRITE).status == 204
    server.order("PUT", "key", {"revoked": True})
    assert server.send(*WRITE).status == 401
    server.order("PUT", "key", {"revoked": False})
    assert server.send(*WRITE).status == 204


def test_the_log_holds_no_credential(server: Server) -> None:
    """Calls are listed with path, query and body; the key and its encoding are nowhere."""
    server.send("GET", "codes?name=x")
    server.send(*WRITE)
    calls = server.order("GET", "calls")
    assert [(c["method"], c["path"], c["query"], c["status"], c["applied"]) for c in calls] == [
        ("GET", "/v4/codes", "name=x", 200, False),
        ("POST", "/v4/people/5/codes", "", 204, True),
    ]
    source = "http://127.0.0.1/bucket/file.zip?X-Amz-Signature=abc"
    server.send("POST", "bulkImportJobs", {"file": {"sourceUrl": source}})
    assert "abc" not in str(server.order("GET", "calls"))
    encoded = b64encode(f"default:{KEY}|1".encode()).decode()
    assert KEY not in str(calls) and encoded not in str(calls)
    kept = b"".join(p.read_bytes() for p in server.folder.rglob("*") if p.is_file())
    assert KEY.encode() not in kept and encoded.encode() not in kept
