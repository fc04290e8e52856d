"""How resource types, tables and requests are told apart."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from utilities.errors import ParameterInvalid
from utilities.everyaction.exports import ExportRequest, default_table
from utilities.everyaction.exports.fields import Field, choose_fields, describe_resource
from utilities.everyaction.exports.request import job_body
from utilities.everyaction.exports.resources import Resource, require_resource
from utilities.everyaction.exports.window import in_utc

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
FIELDS = (
    Field("VanID", "N", is_core=True),
    Field("IsSuppressed", "B", is_core=True),
    Field("Employer", "T"),
    Field("Dues", "M", custom_field_id=7),
)
REQUEST = ExportRequest(
    Resource("Contacts", "VanID", "IsSuppressed"), FIELDS[2:], NOW, NOW, basis=("key", None)
)


@pytest.mark.parametrize(
    ("resource_type", "table"),
    [
        ("Contacts", "van.contacts"),
        ("contactsactivistcodes", "van.contacts_activist_codes"),
        ("EventTicketTransactionsGuests", "van.event_ticket_transactions_guests"),
        ("SomethingNew", "van.something_new"),
    ],
)
def test_the_table_is_called_after_the_type(resource_type: str, table: str) -> None:
    """In snake case, however the type is spelt."""
    assert default_table(resource_type) == table


def test_types_are_found_in_any_case() -> None:
    """The API's own spelling is used from there on."""
    assert require_resource("contacthistory", ("Contacts", "ContactHistory")) == "ContactHistory"
    with pytest.raises(ParameterInvalid, match="Expected one of ContactHistory, Contacts."):
        require_resource("ContactHistories", ("Contacts", "ContactHistory"))


def test_a_mark_has_to_be_a_boolean() -> None:
    """A text field of the usual name marks nothing; a type without a mark has none."""
    text = (FIELDS[0], Field("IsSuppressed", "T"))
    assert describe_resource("Contacts", text, None, None).inactive is None
    assert describe_resource("Contacts", FIELDS, None, "issuppressed").inactive == "IsSuppressed"
    with pytest.raises(ParameterInvalid, match="Give it as key_field, one of VanID,"):
        describe_resource("SomethingNew", FIELDS, None, None)


def test_only_what_does_not_come_by_itself_is_asked_for() -> None:
    """Core fields come anyway; custom fields go by their ids."""
    assert choose_fields(REQUEST.resource, FIELDS, ()) == FIELDS[2:]
    assert choose_fields(REQUEST.resource, FIELDS, ("dues",)) == FIELDS[3:]
    assert job_body(REQUEST, NOW, (3, 4)) == {
        "resourceType": "Contacts",
        "dateChangedFrom": "2026-11-21T12:00:00Z",
        "includeInactive": True,
        "requestedFields": ["Employer"],
        "requestedCustomFieldIds": [7],
        "requestedIds": [3, 4],
    }


def test_inactive_records_are_left_out_where_nothing_marks_them() -> None:
    """They could not be told from active ones."""
    unmarked = replace(REQUEST, resource=Resource("ContactHistory", "ContactHistoryID", None))
    assert job_body(unmarked, NOW, ())["includeInactive"] is False


def test_a_request_is_known_again() -> None:
    """Time goes on and the order of ids does not matter; anything else makes it another one."""
    one = replace(REQUEST, ids=(1, 2))
    assert replace(one, ids=(2, 1), now=NOW + timedelta(hours=1)).identity == one.identity
    assert replace(one, start=NOW - timedelta(hours=1)).identity == one.identity
    others = [
        replace(one, ids=(1,)),
        replace(one, fields=FIELDS[3:]),
        replace(one, basis=("key", "2026-11-21T12:00:00Z")),
        replace(one, resource=Resource("Contacts", "VanID", None)),
        replace(one, resource=Resource("Contributions", "ContributionID", "IsSuppressed")),
    ]
    assert len({request.identity for request in [one, *others]}) == 6


def test_ids_are_cut_into_jobs() -> None:
    """In order, so that a run that resumes cuts them the same way; one job when there are none."""
    assert replace(REQUEST, ids=(5, 1, 3), ids_per_job=2).chunks() == [(1, 3), (5,)]
    assert REQUEST.chunks() == [()]


@pytest.mark.parametrize(
    ("answered", "expected"),
    [
        ("2019-01-01T07:03:09+04:00", "2019-01-01T03:03:09Z"),
        ("2019-01-31T15:05:54.2106809-04:00", "2019-01-31T19:05:54.210680Z"),
        ("2019-01-01T07:03:09", "known"),
        ("", "known"),
        (None, "known"),
    ],
)
def test_the_servers_times_become_utc(answered: str | None, expected: str) -> None:
    """With more digits than a second has microseconds too; without an offset nobody knows the
    zone, and the time that is known counts."""
    assert in_utc(answered, "known") == expected
