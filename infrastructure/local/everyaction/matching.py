"""Find a person by what a client knows of them.

Source: https://docs.everyaction.com/reference/people-common-models, "Match Candidates": the
smallest combinations that are tried, without regard to case and accents.
"""

import re
import sqlite3
import unicodedata
from collections.abc import Iterator

from infrastructure.local.everyaction.invented import DETAILS, details, mailbox_owner
from infrastructure.local.everyaction.person_records import person_details

COMBINATIONS = (
    ("FirstName", "LastName", "Email"),
    ("FirstName", "LastName", "Phone"),
    ("FirstName", "LastName", "ZipOrPostal", "DateOfBirth"),
    ("FirstName", "LastName", "AddressLine1", "ZipOrPostal"),
    ("Email",),
)


def can_match(known: dict[str, str]) -> bool:
    """Whether what a client knows is enough to look for somebody."""
    return any(all(known.get(name) for name in names) for names in COMBINATIONS)


def find_person(database: sqlite3.Connection, known: dict[str, str]) -> int | None:
    """Return the VAN ID of the person with the lowest one that matches, suppressed ones aside.

    A search without a mail address reads every person (3 microseconds each).
    """
    for names in COMBINATIONS:
        if not all(known.get(name) for name in names):
            continue
        for van_id in _candidates(database, known, names):
            person = person_details(database, van_id)
            if person is None or person["IsSuppressed"] == "true":
                continue
            if all(plain(name, person[name]) == plain(name, known[name]) for name in names):
                return van_id
    return None


def match_keys(values: dict[str, str]) -> set[str]:
    """Return what somebody with entries of a client's can be found by."""
    return {
        f"{name}:{plain(name, values[name])}" for name in ("Email", "LastName") if values.get(name)
    }


def plain(name: str, value: str) -> str:
    """Return a value as it is compared: small letters, no accents; of telephones the digits."""
    if name == "Phone":
        return re.sub(r"\D", "", value)[-10:]
    if name == "ZipOrPostal":
        return value.strip()[:5]
    decomposed = unicodedata.normalize("NFKD", value.strip().casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def _candidates(
    database: sqlite3.Connection, known: dict[str, str], names: tuple[str, ...]
) -> Iterator[int]:
    leading = "Email" if "Email" in names else "LastName"
    key = f"{leading}:{plain(leading, known[leading])}"
    rows = database.execute("SELECT van_id FROM match_keys WHERE key = ? ORDER BY van_id", (key,))
    found = {row[0] for row in rows}
    if leading == "Email":
        owner = mailbox_owner(known["Email"])
        yield from sorted(found | ({owner} if owner is not None else set()))
        return
    place = DETAILS.index("LastName")
    wanted = plain("LastName", known["LastName"])
    people = database.execute("SELECT van_id, version FROM people ORDER BY van_id").fetchall()
    for van_id, version in people:
        last_name = details(van_id, version)[place]
        if van_id in found or (last_name and plain("LastName", last_name) == wanted):
            yield van_id
