"""Ask for an export of changed entities and read its files, by plain HTTP."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.local.everyaction_server.server import Server, read_csv

POLLS = 20


def days_ago(days: float) -> str:
    """Return a moment as the API wants it."""
    return (datetime.now(UTC) - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")


def request_export(server: Server, resource: str = "Contacts", **more: Any) -> dict[str, Any]:
    """Ask for an export of the last 80 days, or as given, and poll until it has ended."""
    wanted = {"resourceType": resource, "dateChangedFrom": days_ago(80), **more}
    answer = server.send("POST", "changedEntityExportJobs", wanted)
    assert answer.status == 201, answer.body
    return poll_export(server, answer.json["exportJobId"])


def poll_export(server: Server, job_id: int) -> dict[str, Any]:
    """Poll a job until it has ended."""
    for _ in range(POLLS):
        job: dict[str, Any] = server.send("GET", f"changedEntityExportJobs/{job_id}").json
        if job["jobStatus"] not in ("Pending", "InProcess"):
            return job
    raise AssertionError(f"still {job['jobStatus']} after {POLLS} polls")


def read_files(server: Server, job: dict[str, Any]) -> list[dict[str, str]]:
    """Download every file of an export and return all its rows."""
    answers = [server.send("GET", file["downloadUrl"]) for file in job["files"]]
    assert [answer.status for answer in answers] == [200] * len(answers)
    return [row for answer in answers for row in read_csv(answer.body)]
