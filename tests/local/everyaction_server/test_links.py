"""Links of exported files: signed, short-lived, and no place for the API's credentials."""

import http.client
import urllib.parse

from tests.local.everyaction_server.exports import request_export
from tests.local.everyaction_server.server import Server


def test_a_link_works_without_credentials_and_refuses_them(server: Server) -> None:
    """As at blob stores: an Authorization header is an error, not a help."""
    link = request_export(server)["files"][0]["downloadUrl"]
    assert server.send("GET", link).status == 200
    address = urllib.parse.urlsplit(link)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=10)
    target = f"{address.path}?{address.query}"
    connection.request("GET", target, headers={"Authorization": "Basic eDp5"})
    assert connection.getresponse().status == 400
    connection.close()


def test_a_changed_link_is_refused(server: Server) -> None:
    """File, expiry and signature belong together."""
    server.order("PUT", "export", {"file_kb": 20})
    one, two = [file["downloadUrl"] for file in request_export(server)["files"]][:2]
    swapped = f"{one.partition('?')[0]}?{two.partition('?')[2]}"
    later = one.replace("se=", "se=9")
    unsigned = one.partition("&sig=")[0]
    escaped = one.replace("/files/", "/files/../")
    for link in (swapped, later, unsigned, escaped):
        assert server.send("GET", link).status == 403


def test_a_link_expires_and_stays_so(server: Server) -> None:
    """After its date a link is refused, and asking for the job again gives the same date."""
    server.order("PUT", "export", {"link_seconds": 60})
    job = request_export(server)
    server.order("PUT", "clock", {"offset_seconds": 61})
    assert server.send("GET", job["files"][0]["downloadUrl"]).status == 403
    again = server.send("GET", f"changedEntityExportJobs/{job['exportJobId']}").json
    assert again["files"] == job["files"]


def test_downloads_are_logged_without_their_signature(server: Server) -> None:
    """A link is a credential while it lasts."""
    link = request_export(server)["files"][0]["downloadUrl"]
    server.send("GET", link)
    (call,) = [c for c in server.order("GET", "calls") if c["path"].startswith("/files/")]
    assert (call["status"], call["query"]) == (200, "")
