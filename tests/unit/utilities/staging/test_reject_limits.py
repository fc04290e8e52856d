"""Rows are set aside in memory, so only so many of them."""

import pytest

from utilities.errors import LoadRejected
from utilities.references import VARCHAR_LIMIT_BYTES
from utilities.staging.reject import Reject
from utilities.staging.rejects import REJECTS_LIMIT, REJECTS_LIMIT_BYTES, RejectList


def reject(row: int, record: str = "x") -> Reject:
    """A row that does not fit its column."""
    return Reject(row, "id", "", "is no number", record)


def test_a_source_of_bad_rows_is_refused() -> None:
    """The limit itself is allowed; one more ends the staging, and says what to compare."""
    rejects = RejectList()
    rejects.add("people.csv", [reject(row) for row in range(REJECTS_LIMIT)])
    with pytest.raises(LoadRejected, match="^people.csv: 100,001 rows and more .*declared types"):
        rejects.add("people.csv", [reject(REJECTS_LIMIT)])


def test_long_rows_reach_the_limit_sooner() -> None:
    """What counts is the text that is kept of each, not the text that the source had."""
    rejects = RejectList()
    long = "x" * (2 * VARCHAR_LIMIT_BYTES)
    fitting = REJECTS_LIMIT_BYTES // VARCHAR_LIMIT_BYTES
    rejects.add("people.csv", [reject(row, long) for row in range(fitting)])
    with pytest.raises(LoadRejected, match="64 MiB"):
        rejects.add("people.csv", [reject(row, long) for row in range(fitting)])
