"""Rows that hang on invented people: gifts, contacts, answers; at most one of a kind each.

They follow from the VAN ID and the version as the person's details do, and were changed when
the person was.
"""

from collections.abc import Callable

from infrastructure.local.everyaction.catalog import (
    ACTIVIST_CODES,
    CONTACT_TYPES,
    RESULT_CODES,
    SURVEY_QUESTIONS,
)
from infrastructure.local.everyaction.clock import DAY_MS, iso
from infrastructure.local.everyaction.invented import scramble

Values = dict[str, str]
IDS_PER_PERSON = 10
"""The key of a row that hangs on a person is the VAN ID, times this, plus a small number."""


def derived_row(
    resource: str, van_id: int, version: int | None, created_ms: int, modified_ms: int
) -> Values | None:
    """Return a person's row of a resource type; None: the person has none.

    Args:
        resource: its type.
        van_id, version, created_ms, modified_ms: of the person, as `people` keeps them.
    """
    if resource == "ActivistCodes":
        return _activist_code(van_id, modified_ms)
    share, make = _KINDS[resource]
    chance = scramble(van_id * 31 + len(resource))
    if version is None or chance % share:
        return None
    key = van_id * IDS_PER_PERSON + 1
    dates = {"DateModified": iso(modified_ms), "VanID": str(van_id)}
    return {**make(key, chance >> 8, version, iso(created_ms)), **dates}


def _activist_code(number: int, modified_ms: int) -> Values | None:
    # The codes are not anybody's: the first people stand in for when they changed.
    if number > len(ACTIVIST_CODES):
        return None
    code = ACTIVIST_CODES[number - 1]
    return {
        "ActivistCodeID": str(code["activistCodeId"]),
        "ActivistCodeType": str(code["type"]),
        "ActivistCodeName": str(code["name"]),
        "ActivistCodeDescription": str(code["description"]),
        "IsMultiAssign": "false",
        "DateCreated": iso(modified_ms - DAY_MS),
        "DateModified": iso(modified_ms),
    }


def _history(key: int, chance: int, version: int, created: str) -> Values:
    return {
        "ContactHistoryID": str(key),
        "ContactTypeID": str(CONTACT_TYPES[chance % len(CONTACT_TYPES)]["contactTypeId"]),
        "ResultID": str(RESULT_CODES[(chance + version) % len(RESULT_CODES)]["resultCodeId"]),
        "DateCanvassed": created,
        "InputTypeID": "11",
        "CanvassedBy": str(900 + chance % 20),
        "CampaignID": "",
    }


def _activist(key: int, chance: int, version: int, created: str) -> Values:
    code = ACTIVIST_CODES[(chance + version) % len(ACTIVIST_CODES)]
    return {
        "ContactsActivistCodeID": str(key),
        "ActivistCodeID": str(code["activistCodeId"]),
        "DateCreated": created,
        "CreatedBy": str(900 + chance % 20),
    }


def _form(key: int, chance: int, version: int, created: str) -> Values:
    return {
        "ContactsOnlineFormID": str(key),
        "OnlineFormID": str(300 + chance % 5),
        "OnlineFormName": ("Sign up, please", 'The "Big" Petition', "NA")[(chance + version) % 3],
        "DateCreated": created,
    }


def _answer(key: int, chance: int, version: int, created: str) -> Values:
    question = SURVEY_QUESTIONS[chance % len(SURVEY_QUESTIONS)]
    answers = question["responses"]
    return {
        "ContactsSurveyResponseID": str(key),
        "SurveyQuestionID": str(question["surveyQuestionId"]),
        "SurveyResponseID": str(answers[(chance + version) % len(answers)]["surveyResponseId"]),
        "DateCanvassed": created,
        "ContactTypeID": "2",
        "InputTypeID": "11",
    }


def _adjustment(key: int, chance: int, version: int, created: str) -> Values:
    return {
        "ContributionAdjustmentID": str(key),
        "ContributionID": str(key),
        "Amount": f"-{1 + chance % 90}.{(chance + version) % 100:02}",
        "AdjustmentType": "Refund",
        "DateAdjusted": created,
    }


def _contribution(key: int, chance: int, version: int, created: str) -> Values:
    return {
        "ContributionID": str(key),
        "Amount": f"{5 + chance % 995}.{(chance + version) % 100:02}",
        "DateReceived": created,
        "IsDeleted": "true" if (chance + version) % 50 == 0 else "false",
        "PaymentType": ("Credit Card", "Check", "")[chance % 3],
        "Designation": "Example Fund, General",
        "CheckNumber": f"{chance % 5_000:06}" if chance % 3 == 1 else "",
    }


def _guest(key: int, chance: int, version: int, created: str) -> Values:
    return {
        "EventTicketTransactionsGuestID": str(key),
        "EventID": str(700 + chance % 9),
        "TicketName": ("General", 'Table of "ten"', "Student")[(chance + version) % 3],
        "DateCreated": created,
    }


def _recurring(key: int, chance: int, version: int, created: str) -> Values:
    return {
        "RecurringContributionID": str(key),
        "Amount": f"{5 + chance % 45}.00",
        "Frequency": "Monthly",
        "Status": ("Active", "Paused", "Cancelled")[(chance + version) % 3],
        "DateStarted": created,
    }


_KINDS: dict[str, tuple[int, Callable[[int, int, int, str], Values]]] = {
    "ContactHistory": (2, _history),
    "ContactsActivistCodes": (3, _activist),
    "ContactsOnlineForms": (8, _form),
    "ContactsSurveyResponses": (4, _answer),
    "ContributionAdjustments": (40, _adjustment),
    "Contributions": (5, _contribution),
    "EventTicketTransactionsGuests": (30, _guest),
    "RecurringContributions": (25, _recurring),
}
"""For each type: one person in so many has a row, and how it is made."""
