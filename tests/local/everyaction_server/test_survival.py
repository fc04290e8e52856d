"""What was answered is there after a SIGKILL."""

from pathlib import Path

import pytest

from tests.local.everyaction_server.exports import days_ago, poll_export, read_files
from tests.local.everyaction_server.server import Server, running


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with a space in its name."""
    return tmp_path / "every action"


def test_everything_outlives_a_kill(place: Path) -> None:
    """People, writes, settings, faults, the log and links are as they were."""
    with running(place) as server:
        server.order("PUT", "limit", {"per_second": None})
        server.order("POST", "changes", {"changed": 5, "created": 5, "suppressed": 5})
        server.send("POST", "people/5/codes", {"codeId": 5001})
        created = server.send("POST", "people/findOrCreate", {"firstName": "A", "lastName": "B"})
        server.fault("status", status=503, path="^GET /v4/codeTypes$")
        server.order("PUT", "export", {"pending_polls": 1, "in_process_polls": 0})
        wanted = {"resourceType": "Contacts", "dateChangedFrom": days_ago(80)}
        job_id = server.send("POST", "changedEntityExportJobs", wanted).json["exportJobId"]
        asked = ("people", "applied", "faults", "calls")
        before = {path: server.order("GET", path) for path in asked[1:]}, server.table()
        server.kill()
        server.start()
        assert ({path: server.order("GET", path) for path in asked[1:]}, server.table()) == before
        assert server.send("GET", f"people/{created.json['vanId']}").json["firstName"] == "A"
        assert server.send("GET", "codeTypes").status == 503
        job = poll_export(server, job_id)
        assert len(read_files(server, job)) == job["exportedRecordCount"] > 1_900
        server.kill()
        server.start()
        assert len(read_files(server, job)) == job["exportedRecordCount"]


def test_a_first_start_has_two_thousand_people(place: Path) -> None:
    """They are there at once, and the same on every machine but for the time."""
    with running(place) as server:
        assert server.order("GET", "health") == {"people": 2000}
        names = [(person["VanID"], person["LastName"]) for person in server.table()]
        assert len(names) == 2000 and names[:1] == [("1", names[0][1])]


def test_people_change_by_themselves_until_changes_are_ordered(place: Path) -> None:
    """A sync a day later finds something; who orders a number of people orders every change."""
    with running(place) as server:
        order_ready(server)
        start = newest(server)
        server.order("PUT", "clock", {"offset_seconds": 86_400})
        assert 100 < changed_since(server, start) < 130
        assert changed_since(server, start) == changed_since(server, start)
        server.order("PUT", "people", {"count": 100})
        start = newest(server)
        server.order("PUT", "clock", {"offset_seconds": 2 * 86_400})
        assert changed_since(server, start) == 0


def order_ready(server: Server) -> None:
    """No limit, and exports at the first poll."""
    server.order("PUT", "limit", {"per_second": None})
    server.order("PUT", "export", {"pending_polls": 0, "in_process_polls": 0})


def newest(server: Server) -> str:
    """Return the end of an export of everything."""
    wanted = {"resourceType": "Contacts", "dateChangedFrom": days_ago(80)}
    end: str = server.send("POST", "changedEntityExportJobs", wanted).json["dateChangedTo"]
    return end


def changed_since(server: Server, start: str) -> int:
    """Return how many people an export since then has, suppressed ones included."""
    wanted = {"resourceType": "Contacts", "dateChangedFrom": start, "includeInactive": True}
    job_id = server.send("POST", "changedEntityExportJobs", wanted).json["exportJobId"]
    count: int = poll_export(server, job_id)["exportedRecordCount"]
    return count
