"""Faults that are ordered happen, to the calls and as often as ordered."""

import http.client

import pytest

from tests.local.everyaction_server.exports import request_export
from tests.local.everyaction_server.server import Server, read_csv

CODES = r"^POST /v4/people/\d+/codes$"
WRITE = ("POST", "people/5/codes", {"codeId": 5001})


def applied(server: Server) -> int:
    """Return how often the code was applied."""
    return sum(entry["times"] for entry in server.order("GET", "applied"))


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_a_status_instead_of_an_answer(server: Server, status: int) -> None:
    """The status comes in the API's form, and nothing is changed."""
    server.fault("status", status=status, retry_after=3)
    answer = server.send(*WRITE)
    assert (answer.status, answer.headers["retry-after"]) == (status, "3")
    assert answer.json["errors"][0]["code"]
    assert applied(server) == 0
    assert server.send(*WRITE).status == 204


def test_an_answer_that_is_lost(server: Server) -> None:
    """The write happens and the connection closes; the log says both."""
    server.fault("lost_answer", path=CODES)
    with pytest.raises(http.client.RemoteDisconnected):
        server.send(*WRITE)
    assert applied(server) == 1
    (call,) = server.order("GET", "calls")
    assert (call["status"], call["applied"]) == (0, True)


def test_an_answer_that_is_late(server: Server) -> None:
    """The write happens, and the client has given up; others are answered meanwhile."""
    server.fault("late_answer", path=CODES, seconds=1.5)
    with pytest.raises(TimeoutError):
        server.send(*WRITE, timeout_seconds=0.3)
    assert applied(server) == 1
    assert server.send(*WRITE).status == 204


def test_a_connection_that_is_refused(server: Server) -> None:
    """The connection closes and nothing has happened."""
    server.fault("refused_connection", path=CODES)
    with pytest.raises(http.client.RemoteDisconnected):
        server.send(*WRITE)
    assert applied(server) == 0


def test_faults_hit_the_calls_that_they_name(server: Server) -> None:
    """By method and path, after some that go well, so many times; then no more."""
    server.fault("status", status=503, path=CODES, skip=2, times=2)
    assert server.send("GET", "codes").status == 200
    assert [server.send(*WRITE).status for _ in range(6)] == [204, 204, 503, 503, 204, 204]
    assert server.order("GET", "faults") == []


def test_orders_can_be_seen_and_withdrawn(server: Server) -> None:
    """What is pending is listed; DELETE forgets it; nonsense is refused."""
    server.fault("status", status=500, times=4)
    (pending,) = server.order("GET", "faults")
    assert (pending["fault"], pending["times"]) == ({"kind": "status", "status": 500}, 4)
    server.order("DELETE", "faults")
    assert server.send("GET", "codes").status == 200
    for order in ({"kind": "earthquake"}, {"kind": "status", "status": 200}, {}):
        with pytest.raises(AssertionError):
            server.order("POST", "faults", {"fault": order})


def test_a_file_that_breaks_off(server: Server) -> None:
    """Fewer bytes come than Content-Length says; the next download is whole."""
    link = request_export(server)["files"][0]["downloadUrl"]
    server.fault("truncated_file")
    with pytest.raises(http.client.IncompleteRead):
        server.send("GET", link)
    assert len(read_csv(server.send("GET", link).body)) == 300


def test_a_file_that_is_short(server: Server) -> None:
    """The last rows are missing, whole ones, and nothing in the answer tells."""
    server.order("PUT", "export", {"file_kb": 5})
    job = request_export(server, requestedFields=["Employer"])
    for link in (file["downloadUrl"] for file in job["files"]):
        server.fault("short_file")
        answer = server.send("GET", link)
        assert int(answer.headers["content-length"]) == len(answer.body)
        whole = read_csv(server.send("GET", link).body)
        assert read_csv(answer.body) == whole[:-3]


def test_a_link_that_has_expired(server: Server) -> None:
    """403 once, as from a blob store."""
    link = request_export(server)["files"][0]["downloadUrl"]
    server.fault("expired_link")
    assert [server.send("GET", link).status for _ in range(2)] == [403, 200]


def test_a_download_can_fail_like_a_call(server: Server) -> None:
    """Statuses and closed connections can be ordered for files too, by their path."""
    link = request_export(server)["files"][0]["downloadUrl"]
    server.fault("status", status=503, path="^GET /files/")
    assert [server.send("GET", link).status for _ in range(2)] == [503, 200]
    server.fault("refused_connection", path="^GET /files/")
    with pytest.raises(http.client.RemoteDisconnected):
        server.send("GET", link)


def test_a_count_that_is_wrong(server: Server) -> None:
    """The job goes on telling one row too many; the next job tells the truth."""
    server.fault("wrong_count")
    job = request_export(server)
    path = f"changedEntityExportJobs/{job['exportJobId']}"
    assert job["exportedRecordCount"] == 301
    assert server.send("GET", path).json["exportedRecordCount"] == 301
    assert request_export(server)["exportedRecordCount"] == 300


def test_a_job_that_fails(server: Server) -> None:
    """The job ends in Error, with a code and a message and without files."""
    server.fault("job_error")
    job = request_export(server)
    assert (job["jobStatus"], job["files"]) == ("Error", [])
    assert job["code"] and job["message"]
    assert request_export(server)["jobStatus"] == "Complete"
