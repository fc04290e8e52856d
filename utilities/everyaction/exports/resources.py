"""The kinds of records that the API exports: what identifies a record, and what marks it inactive."""

import re
from dataclasses import dataclass
from difflib import get_close_matches

from utilities.errors import ParameterInvalid

KEYS = {
    "ActivistCodes": "ActivistCodeID",
    "ContactHistory": "ContactHistoryID",
    "Contacts": "VanID",
    "ContactsActivistCodes": "ContactsActivistCodeID",
    "ContactsOnlineForms": "ContactsOnlineFormID",
    "ContactsSurveyResponses": "ContactsSurveyResponseID",
    "ContributionAdjustments": "ContributionAdjustmentID",
    "Contributions": "ContributionID",
    "EventTicketTransactionsGuests": "EventTicketTransactionsGuestID",
    "RecurringContributions": "RecurringContributionID",
}
"""Resource type to the field that identifies a record.
https://docs.everyaction.com/reference/changed-entities-overview lists the types."""

WITH_CUSTOM_FIELDS = ("Contacts", "Contributions")
"""https://docs.everyaction.com/reference/changed-entities-overview"""

INACTIVE_FIELDS = ("IsSuppressed", "IsDeleted")
"""True for records that the API calls inactive, in the types that have one of them."""

SIMILAR = 0.4
"""How alike a name has to be to what was asked for, 0 to 1, to be offered first."""


@dataclass(frozen=True)
class Resource:
    """A resource type.

    Attributes:
        name: as the API spells it.
        key: field that identifies a record.
        inactive: boolean field that is true for records that are no longer active; None when the
            type has none: then only active records are exported.
    """

    name: str
    key: str
    inactive: str | None


def require_resource(wanted: str, offered: tuple[str, ...]) -> str:
    """Return a resource type as the API spells it.

    Args:
        wanted: in any case.
        offered: what this key may export.

    Raises:
        ParameterInvalid: it is not among them; the message lists all, the most similar first.
    """
    for name in offered:
        if name.lower() == wanted.lower():
            return name
    raise ParameterInvalid(
        f"resource type {wanted!r}: the API does not offer it to this key. Expected one of "
        f"{', '.join(nearest_first(wanted, offered))}. Correct the name, or have the type enabled "
        "for the API key."
    )


def nearest_first(wanted: str, names: tuple[str, ...]) -> list[str]:
    """Return names, those first that are spelt most like the wanted one."""
    by_lower = {name.lower(): name for name in names}
    close = get_close_matches(wanted.lower(), by_lower, n=len(by_lower) or 1, cutoff=SIMILAR)
    similar = [by_lower[name] for name in close]
    return similar + [name for name in names if name not in similar]


def default_table(resource_type: str) -> str:
    """Return the table that a resource type goes to unless another one is named: `van.snake_case`."""
    by_lower = {name.lower(): name for name in KEYS}
    name = by_lower.get(resource_type.lower(), resource_type)
    return "van." + re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
