"""Apply codes to people: source codes, origin source codes and tags.

The API promises nothing about a code that is applied twice, so that a request without an answer is
followed by a look at the person.
https://docs.everyaction.com/reference/people-vanid-codes
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from utilities.everyaction.calls import call

if TYPE_CHECKING:
    from parsons.ngpvan.van import VAN

COLUMNS = {"van_id": "BIGINT", "code_id": "BIGINT"}
KEY = ("van_id", "code_id")


def apply_code(van: "VAN", row: Mapping[str, Any]) -> None:
    """Apply the code `code_id` to the person `van_id`.

    Raises:
        ApiRefused: there is no such person (404), or the code does not apply to people (400).
        OutcomeUnknown: there was no answer.
    """
    call(van, "POST", f"people/{row['van_id']}/codes", json={"codeId": row["code_id"]})


def has_code(van: "VAN", row: Mapping[str, Any]) -> bool:
    """Say whether the person has the code.

    Raises:
        ApiRefused: there is no such person (404).
    """
    person = call(van, "GET", f"people/{row['van_id']}", params={"$expand": "codes"})
    return any(code.get("codeId") == row["code_id"] for code in person.get("codes") or ())
