"""What a committee has set up: codes, activist codes, questions, results. Invented and fixed."""

from typing import Any

Entry = dict[str, Any]
_DATED = "2026-01-05T15:00:00Z"


def _entities(*applicable: str) -> list[Entry]:
    known = ("Contacts", "Contributions", "Events", "Locations")
    return [{"name": k, "isSearchable": True, "isApplicable": k in applicable} for k in known]


def _code(code_id: int, name: str, kind: str, *applicable: str) -> Entry:
    return {
        "codeId": code_id,
        "parentCodeId": None,
        "name": name,
        "description": f"Invented code {code_id}",
        "codeType": kind,
        "dateCreated": _DATED,
        "dateModified": _DATED,
        "supportedEntities": _entities(*applicable),
    }


CODES: tuple[Entry, ...] = (
    *(_code(5000 + n, f"Origin {n:03}", "SourceCode", "Contacts") for n in range(1, 221)),
    *(_code(6000 + n, f"Tag {n:02}", "Tag", "Contacts", "Events") for n in range(1, 21)),
    *(_code(7000 + n, f"For events only {n}", "Tag", "Events") for n in range(1, 4)),
)
"""243 codes, so that a list of them has two pages; the last three do not apply to people."""

CODES_BY_ID: dict[int, Entry] = {code["codeId"]: code for code in CODES}

CODE_TYPES = ("SourceCode", "Tag")

_ACTIVIST_CODE_NAMES = (
    "Phone bank",
    "Door knock",
    "Letter writer",
    "Host, of parties",
    "Driver",
    "Translator",
    "Donor",
    "Retired code",
)
ACTIVIST_CODES: tuple[Entry, ...] = tuple(
    {
        "activistCodeId": 4000 + n,
        "type": "Volunteer" if n % 2 else "Action",
        "name": name,
        "mediumName": name[:20],
        "shortName": name[:5],
        "description": f"Invented activist code {n}",
        "scriptQuestion": None,
        "status": "Active" if n < 8 else "Archived",
    }
    for n, name in enumerate(_ACTIVIST_CODE_NAMES, start=1)
)
"""The last one is archived: it is listed, and can be applied to nobody."""

SURVEY_QUESTIONS: tuple[Entry, ...] = tuple(
    {
        "surveyQuestionId": 3000 + n,
        "type": "Issue",
        "cycle": 2026,
        "name": name,
        "mediumName": name[:20],
        "shortName": name[:5],
        "scriptQuestion": f"What about {name}?",
        "status": "Active",
        "responses": [
            {
                "surveyResponseId": 30_000 + n * 10 + place,
                "name": answer,
                "mediumName": answer[:3],
                "shortName": answer[:1],
            }
            for place, answer in enumerate(("Yes", "No", "Undecided"), start=1)
        ],
    }
    for n, name in enumerate(("Buses", "Libraries", "Street lights"), start=1)
)

CONTACT_TYPES: tuple[Entry, ...] = tuple(
    {"contactTypeId": number, "name": name, "channelTypeName": channel}
    for number, name, channel in (
        (1, "Phone", "Phone"),
        (2, "Walk", "Walk"),
        (8, "Email", "Email"),
        (37, "SMS Text", "Phone"),
        (82, "Online", "Other"),
    )
)
INPUT_TYPES: tuple[Entry, ...] = tuple(
    {"inputTypeId": number, "name": name}
    for number, name in ((4, "Bulk"), (10, "Manual"), (11, "API"), (14, "MiniVAN"))
)
RESULT_CODES: tuple[Entry, ...] = tuple(
    {"resultCodeId": number, "name": name, "mediumName": name[:3], "shortName": name[:2]}
    for number, name in (
        (1, "Not Home"),
        (2, "Refused"),
        (4, "Deceased"),
        (5, "Moved"),
        (14, "Canvassed"),
        (18, "Disconnected"),
        (20, "Wrong Number"),
    )
)
EXPORT_JOB_TYPES: tuple[Entry, ...] = (
    {"exportJobTypeId": 4, "name": "SavedListExport"},
    {"exportJobTypeId": 777, "name": "Example Export Type"},
)
FOLDERS: tuple[Entry, ...] = ({"folderId": 2001, "name": "Shared with the API"},)
SAVED_LISTS: tuple[Entry, ...] = tuple(
    {
        "savedListId": 8000 + n,
        "name": name,
        "description": f"One person in {share}",
        "folderId": 2001,
        "folderName": "Shared with the API",
        "share": share,
    }
    for n, (name, share) in enumerate(
        (("Everybody", 1), ("Every tenth", 10), ("Nobody, yet", 10**12)), start=1
    )
)
"""`share`: whose VAN ID is a multiple of it is on the list; it is not shown."""

EVENTS: tuple[Entry, ...] = tuple(
    {
        "eventId": 700 + n,
        "name": f"Invented event {n}",
        "shortName": f"Event {n}",
        "startDate": f"2026-{1 + n % 12:02}-10T18:00:00Z",
        "endDate": f"2026-{1 + n % 12:02}-10T20:00:00Z",
        "isActive": True,
    }
    for n in range(1, 61)
)
