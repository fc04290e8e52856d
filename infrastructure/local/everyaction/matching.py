"""Find a person by what a client knows of them.

Source: https://docs.everyaction.com/reference/people-common-models, "Match Candidates": the
smallest combinations that are tried, without regard to case and accents.
"""

import re
import sqlite3
import unicodedata

from infrastructure.local.everyaction.invented import DETAILS, details, mailbox_owner
from infrastructure.local.everyaction.person_records import person_details

COMBINATIONS = (
    ("FirstName", "LastName", "Email"),
    ("FirstName", "LastName", "Phone"),
    ("FirstName", "LastName", "ZipOrPostal", "DateOfBirth"),
    ("FirstName", "LastName", "AddressLine1", "ZipOrPostal"),
    ("Email",),
)

_FIRST, _LAST = DETAILS.index("FirstName"), DETAILS.index("LastName")


def can_match(known: dict[str, str]) -> bool:
    """Whether what a client knows is enough to look for somebody."""
    return any(all(known.get(name) for name in names) for names in COMBINATIONS)


class NameIndex:
    """Who was invented with a name; it grows with the people, and is asked for candidates only.

    A name follows from the VAN ID alone, so that an entry never becomes wrong; what clients have
    written over it is looked up in the database.
    """

    def __init__(self) -> None:
        self._people: dict[tuple[str, str], list[int]] = {}
        self._last = 0

    def clear(self) -> None:
        """Forget everybody."""
        self._people.clear()
        self._last = 0

    def find(self, database: sqlite3.Connection, first: str, last: str) -> list[int]:
        """Return the VAN IDs of people with a name, as `plain` writes it."""
        rows = database.execute(
            "SELECT van_id, version FROM people WHERE van_id > ? AND version IS NOT NULL"
            " ORDER BY van_id",
            (self._last,),
        )
        for van_id, version in rows:
            found = details(van_id, version)
            name = (plain("FirstName", found[_FIRST]), plain("LastName", found[_LAST]))
            self._people.setdefault(name, []).append(van_id)
            self._last = van_id
        return self._people.get((first, last), [])


def find_person(
    database: sqlite3.Connection, names: NameIndex, known: dict[str, str]
) -> int | None:
    """Return the VAN ID of the person with the lowest one that matches, suppressed ones aside."""
    for combination in COMBINATIONS:
        if not all(known.get(name) for name in combination):
            continue
        for van_id in _candidates(database, names, known, combination):
            person = person_details(database, van_id)
            if person is None or person["IsSuppressed"] == "true":
                continue
            if all(plain(name, person[name]) == plain(name, known[name]) for name in combination):
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
    database: sqlite3.Connection,
    names: NameIndex,
    known: dict[str, str],
    combination: tuple[str, ...],
) -> list[int]:
    leading = "Email" if "Email" in combination else "LastName"
    value = plain(leading, known[leading])
    rows = database.execute("SELECT van_id FROM match_keys WHERE key = ?", (f"{leading}:{value}",))
    found = {row[0] for row in rows}
    if leading == "LastName":
        found |= set(names.find(database, plain("FirstName", known["FirstName"]), value))
    elif owner := mailbox_owner(known["Email"]):
        found.add(owner)
    return sorted(found)
