"""Errors of PostgreSQL get the words and codes of Redshift."""

import pytest

from infrastructure.local.redshift import protocol
from infrastructure.local.redshift.answers import error_message, reword, rewrite_answer
from infrastructure.local.redshift.errors import BackendError, FrontError


@pytest.mark.parametrize(
    ("fields", "code", "text"),
    [
        (
            {"C": "23514", "n": "redshift_bytes_2_10", "M": "violates"},
            "22001",
            "value too long for type character varying(10)",
        ),
        ({"C": "40001", "M": "could not serialize access"}, "XX000", "1023"),
        (
            {"C": "21000", "R": "ExecMergeMatched", "M": "cannot affect row a second time"},
            "21000",
            "Found multiple matches to update the same tuple.",
        ),
    ],
)
def test_reworded(fields: dict[str, str], code: str, text: str) -> None:
    """By code, constraint or routine, never by the text."""
    worded = reword({"S": "ERROR"} | fields)
    assert (worded["C"], worded["M"]) == (code, text)


def test_other_errors_are_passed_on_unchanged() -> None:
    """The very bytes that came."""
    raw = protocol.fields_message(b"E", {"S": "ERROR", "C": "42P01", "M": "no", "P": "15"})
    assert rewrite_answer(ord("E"), raw) is raw


def test_an_error_of_the_front_has_detail_and_hint() -> None:
    """What the client shows comes out of the message."""
    raw = error_message(FrontError("m", sqlstate="0A000", detail="d", hint="h"))
    fields = protocol.read_fields(raw[protocol.HEADER_BYTES :])
    assert {fields[code] for code in "CMDH"} == {"0A000", "m", "d", "h"}


def test_a_backend_error_keeps_all_fields() -> None:
    """Also those that the front does not know."""
    fields = {"C": "23505", "M": "m", "n": "key", "t": "table"}
    assert BackendError(fields).fields == fields
