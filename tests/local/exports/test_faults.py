"""Whatever the API or its files do wrong, the table ends up equal to the server's people."""

from collections.abc import Callable

import pytest

from tests.local.exports.conftest import FEW, Sync
from tests.local.exports.server import Server
from utilities.errors import ExportIncomplete

POST = r"^POST /v4/changedEntityExportJobs$"
POLL = r"^GET /v4/changedEntityExportJobs/\d+$"

PASSING: dict[str, Callable[[Server], None]] = {
    "429": lambda s: s.fault("status", status=429, retry_after=0, path=POST),
    "500": lambda s: s.fault("status", status=500, path=POST),
    "429 at a poll": lambda s: s.fault("status", status=429, retry_after=0, path=POLL),
    "502 at a poll": lambda s: s.fault("status", status=502, times=2, path=POLL),
    "no connection": lambda s: s.fault("refused_connection", times=2, path=POLL),
    "a lost answer": lambda s: s.fault("lost_answer", path=POST),
    "a truncated file": lambda s: s.fault("truncated_file"),
    "an expired link": lambda s: s.fault("expired_link"),
}
"""Over by themselves within one export."""

NEW_JOB: dict[str, Callable[[Server], None]] = {
    "a short file": lambda s: s.fault("short_file"),
    "a wrong count": lambda s: s.fault("wrong_count"),
    "a failed job": lambda s: s.fault("job_error"),
    "links that stay expired": lambda s: s.fault("expired_link", times=100),
}
"""A job that cannot be used; another one can."""


@pytest.mark.parametrize("fault", PASSING)
def test_a_passing_fault_is_waited_out(small_sync: Sync, fault: str) -> None:
    """The export goes on where it was, and every row arrives."""
    PASSING[fault](small_sync.server)
    loaded = small_sync.run()
    assert loaded.rows_inserted == FEW
    assert small_sync.difference() is None
    assert small_sync.server.order("GET", "faults") == []
    assert small_sync.left() == []


@pytest.mark.parametrize("fault", NEW_JOB)
def test_an_export_that_is_not_whole_leaves_nothing(small_sync: Sync, fault: str) -> None:
    """It is refused before a row is loaded, with its files and its job forgotten; the retry asks
    for a new job and gets every row."""
    NEW_JOB[fault](small_sync.server)
    with pytest.raises(
        ExportIncomplete, match=r"export job \d+: .* Nothing was loaded.* Run again"
    ):
        small_sync.run()
    assert small_sync.left() == []
    assert small_sync.watermark is None
    small_sync.server.order("DELETE", "faults")
    assert small_sync.run().rows_inserted == FEW
    assert small_sync.server.jobs_asked_for() == 2
    assert small_sync.difference() is None
