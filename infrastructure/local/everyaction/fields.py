"""What changedEntityExportJobs can export: resource types and their fields.

Source: https://docs.everyaction.com/reference/changedentityexportjobs. The vendor lists the fields
only in a live account, so the names here are plausible ones, not verified ones.
"""

from dataclasses import dataclass

TEXT_CHARACTERS = {"Email": 500, "AddressLine1": 500, "Employer": 500, "Occupation": 500}


@dataclass(frozen=True)
class Field:
    """One column of an export; `kind` is B, T, D, N or M, as the API says it."""

    name: str
    kind: str
    is_core: bool = True
    custom_field_id: int | None = None

    def described(self) -> dict[str, object]:
        """As `changedEntityExportJobs/fields` lists it."""
        return {
            "fieldName": self.name,
            "fieldType": self.kind,
            "maxTextboxCharacters": (
                TEXT_CHARACTERS.get(self.name, 50) if self.kind == "T" else None
            ),
            "isCoreField": self.is_core,
            "availableValues": None,
        }


def _fields(core: str, more: str = "") -> tuple[Field, ...]:
    found = []
    for names, is_core in ((core, True), (more, False)):
        for entry in names.split():
            name, _, kind = entry.partition(":")
            found.append(Field(name, kind, is_core))
    return tuple(found)


CONTACTS = "Contacts"
RESOURCES: dict[str, tuple[Field, ...]] = {
    "ActivistCodes": _fields(
        "ActivistCodeID:N ActivistCodeType:T ActivistCodeName:T ActivistCodeDescription:T"
        " IsMultiAssign:B DateCreated:D DateModified:D"
    ),
    "ContactHistory": _fields(
        "ContactHistoryID:N VanID:N ContactTypeID:N ResultID:N DateCanvassed:D DateModified:D",
        "InputTypeID:N CanvassedBy:N CampaignID:N",
    ),
    CONTACTS: _fields(
        "VanID:N FirstName:T MiddleName:T LastName:T Email:T Phone:T AddressLine1:T City:T"
        " StateOrProvince:T ZipOrPostal:T DateOfBirth:D DateCreated:D DateModified:D"
        " IsSuppressed:B NumberOfGifts:N LifetimeGiving:M",
        "Employer:T Occupation:T PreferredName:T CountryCode:T",
    ),
    "ContactsActivistCodes": _fields(
        "ContactsActivistCodeID:N VanID:N ActivistCodeID:N DateCreated:D DateModified:D",
        "CreatedBy:N",
    ),
    "ContactsOnlineForms": _fields(
        "ContactsOnlineFormID:N VanID:N OnlineFormID:N OnlineFormName:T DateCreated:D"
        " DateModified:D"
    ),
    "ContactsSurveyResponses": _fields(
        "ContactsSurveyResponseID:N VanID:N SurveyQuestionID:N SurveyResponseID:N"
        " DateCanvassed:D DateModified:D",
        "ContactTypeID:N InputTypeID:N",
    ),
    "ContributionAdjustments": _fields(
        "ContributionAdjustmentID:N ContributionID:N VanID:N Amount:M AdjustmentType:T"
        " DateAdjusted:D DateModified:D"
    ),
    "Contributions": _fields(
        "ContributionID:N VanID:N Amount:M DateReceived:D DateModified:D IsDeleted:B",
        "PaymentType:T Designation:T CheckNumber:T",
    ),
    "EventTicketTransactionsGuests": _fields(
        "EventTicketTransactionsGuestID:N VanID:N EventID:N TicketName:T DateCreated:D"
        " DateModified:D"
    ),
    "RecurringContributions": _fields(
        "RecurringContributionID:N VanID:N Amount:M Frequency:T Status:T DateStarted:D"
        " DateModified:D"
    ),
}
CHANGE_TYPES = ("Created", "Updated", "Suppressed", "Merged")
