"""Invented people follow from a number and a version."""

from hypothesis import given
from hypothesis import strategies as st

from infrastructure.local.everyaction.invented import (
    DETAILS,
    NO_DETAILS,
    custom_value,
    details,
    mailbox_owner,
)

VAN_IDS = st.integers(1, 10**9)
VERSIONS = st.integers(0, 50)


@given(VAN_IDS, VERSIONS)
def test_details_are_whole_and_repeatable(van_id: int, version: int) -> None:
    """The same person always has the same value in every field."""
    found = details(van_id, version)
    assert len(found) == len(DETAILS) == len(NO_DETAILS)
    assert found == details(van_id, version)


@given(VAN_IDS, VERSIONS)
def test_a_new_version_differs_and_is_the_same_person(van_id: int, version: int) -> None:
    """Something that an export shows changes; name and birthday stay."""
    before = dict(zip(DETAILS, details(van_id, version), strict=True))
    after = dict(zip(DETAILS, details(van_id, version + 1), strict=True))
    assert before != after
    for name in ("FirstName", "MiddleName", "LastName", "DateOfBirth"):
        assert before[name] == after[name]


@given(VAN_IDS, VERSIONS)
def test_mail_addresses_lead_back(van_id: int, version: int) -> None:
    """The owner of an address is found without a search."""
    address = details(van_id, version)[DETAILS.index("Email")]
    assert mailbox_owner(address) == (van_id if address else None)


@given(VAN_IDS, VERSIONS, st.integers(1, 5_000), st.sampled_from("TNBDM"))
def test_custom_values_are_repeatable(van_id: int, version: int, field: int, kind: str) -> None:
    """One person in seven has a value, always the same."""
    found = custom_value(van_id, version, field, kind)
    assert found == custom_value(van_id, version, field, kind)
    assert bool(found) == (van_id % 7 == field % 7)
