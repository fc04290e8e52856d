"""Invented people: every detail follows from a VAN ID and a version, so that it needs no disk.

Nobody is meant: names from short made-up lists, mail addresses below example.org (RFC 2606),
telephone numbers 555-01xx (reserved for fiction), towns that do not exist. Some values are of the
kind that breaks careless readers: commas, quotes, line breaks, leading zeros, 'NA', 'null'.
"""

import re

_FIRST = (
    "Ada Bo Cleo Dov Esme Fitz Gala Hob Ines Jori Kit Lark Mio Nell Orin Pip Quill Rue Sol Tam"
    " Una Vesper Wren Xan Yara Zoë Anaïs Bjørk Çelik Jean-Luc NA Renée"
).split()
_MIDDLE = ("", "", "", "", "A.", "B.", "Q", "NA", "null", "de la", 'called "Bee"', "Ñ")
_LAST = (
    "Applebough Brindlewick O'Farrow Quillfeather Underhollow Tarnlight Mossgrave Sandwillow"
    " D'Orchard Thistledown Ravenbrook Null Copperfern Łękawa Smörgåsson Fennimore-Vale"
).split()
_STREETS = (
    "Invented Way",
    "Nowhere Street",
    'Road of "Quotes"',
    "Comma Court, North",
    "Two-line Lane\nRear building",
    "Tab\tTerrace",
    "Apostrophe's End",
    "Größenstraße",
)
_TOWNS = (
    "Nowhereton",
    "Fictionville",
    "Imaginary Falls",
    "Saint-Élan",
    "null",
    "Example, East",
    "Made-Up Springs",
    "Unreal City",
)
_STATES = ("NY", "NJ", "MA", "PR", "CT", "TX", "CA", "OH")
_EMPLOYERS = (
    "",
    "Example Works, Inc.",
    'The "Placeholder" Company',
    "N/A",
    "NA",
    "Sample & Sons",
    "Beispiel GmbH",
    "Line one\r\nLine two",
)
_OCCUPATIONS = (
    "",
    "Tester",
    "Cartographer of nowhere",
    "null",
    "Welder",
    "None",
    "Nurse",
    "=SUM(1)",
)

_SLUGS = tuple(re.sub(r"[^a-z]", "", name.lower()) for name in _FIRST)
_MAIL = re.compile(r"\.([0-9]{1,12})@[a-z0-9]+\.example\.org", re.IGNORECASE)
_MASK = 2**64 - 1

DETAILS = (
    "FirstName MiddleName LastName Email Phone AddressLine1 City StateOrProvince ZipOrPostal"
    " DateOfBirth NumberOfGifts LifetimeGiving Employer Occupation PreferredName CountryCode"
).split()
"""The fields that `details` gives, in its order."""

Details = tuple[str, ...]
NO_DETAILS: Details = ("",) * 10 + ("0",) + ("",) * 5
"""What is known of somebody that a client has created, before its own entries."""


def scramble(number: int) -> int:
    """Return 64 bits that follow from a number and look like chance (splitmix64).

    https://prng.di.unimi.it/splitmix64.c
    """
    mixed = (number * 0x9E3779B97F4A7C15) & _MASK
    mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _MASK
    return mixed ^ (mixed >> 31)


def details(van_id: int, version: int | None) -> Details:
    """Return the values of DETAILS of one person.

    Args:
        van_id: identifies the person; name and birthday follow from it alone.
        version: how often the person has changed; None for somebody whom a client created.
    """
    if version is None:
        return NO_DETAILS
    who = scramble(van_id)
    where = scramble(van_id + version * 0x1_0000_0001)
    first = who & 31
    gifts = (who >> 16) % 9
    gifts = gifts + version if gifts > 3 or version else 0
    cents = gifts * (500 + (who >> 20) % 9_000) if (who >> 34) & 7 else 0
    zipcode = where % 99_999 if (where >> 17) & 3 else where % 9_999
    return (
        _FIRST[first],
        _MIDDLE[(who >> 5) % 12],
        _LAST[(who >> 9) & 15],
        f"{_SLUGS[first] or 'x'}.{van_id}@v{version}.example.org" if (who >> 13) & 7 else "",
        f"({200 + where % 700}) 555-01{(where >> 10) % 100:02}" if (where >> 20) & 7 else "",
        f"{1 + (where >> 23) % 980} {_STREETS[(where >> 33) & 7]}",
        _TOWNS[(where >> 36) & 7],
        _STATES[(where >> 39) & 7],
        f"{zipcode:05}" if (where >> 42) & 15 else "",
        _birthday(who >> 38),
        str(gifts),
        f"{cents // 100}.{cents % 100:02}" if cents else "",
        _EMPLOYERS[(where >> 46) & 7],
        _OCCUPATIONS[(who >> 58) & 7],
        "",
        "US",
    )


def custom_value(van_id: int, version: int | None, field_id: int, kind: str) -> str:
    """Return what a person has in a custom field; most have nothing.

    Args:
        van_id, version: as for `details`.
        field_id: of the custom field.
        kind: its type as the API writes it: T, N, B, D or M.
    """
    if version is None or not has_custom_value(van_id, field_id):
        return ""
    chance = scramble(van_id * 1_000_003 + field_id * 7_919 + version)
    if kind == "N":
        return str(chance % 100_000)
    if kind == "M":
        return f"{chance % 10_000}.{chance % 97:02}"
    if kind == "B":
        return "true" if chance & 1 else "false"
    if kind == "D":
        return f"{2000 + chance % 26}-{1 + (chance >> 8) % 12:02}-{1 + (chance >> 16) % 28:02}"
    return ("yes, often", 'the "blue" one', "007", "NA", "line\nbreak", "späť")[chance % 6]


def has_custom_value(van_id: int, field_id: int) -> bool:
    """Whether an invented person has something in a custom field: one in seven."""
    return van_id % 7 == field_id % 7


def mailbox_owner(address: str) -> int | None:
    """Return the VAN ID that an invented mail address was made of."""
    found = _MAIL.search(address)
    return int(found[1]) if found else None


def _birthday(chance: int) -> str:
    if chance & 7 == 0:
        return ""
    return f"{1930 + (chance >> 3) % 76}-{1 + (chance >> 9) % 12:02}-{1 + (chance >> 13) % 28:02}"
