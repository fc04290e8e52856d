"""What cannot be exported is refused before anything is asked for, in words that help."""

from typing import Any

import pytest

from tests.local.exports.conftest import FEW, Sync
from tests.local.exports.jobs import export_once
from utilities.errors import AccessDenied, ParameterInvalid
from utilities.everyaction.exports import KEYS, ExportOverdue, Waiting


@pytest.mark.parametrize(
    ("resource_type", "wish", "said"),
    [
        (
            "Contact",
            {},
            "resource type 'Contact': the API does not offer it to this key. Expected one of "
            "Contacts, ContactHistory,",
        ),
        (
            "Contacts",
            {"fields": ("Employr",)},
            "Contacts: field 'Employr' is no field of this type. Nearest of its 22 fields: Employer,",
        ),
        ("Contacts", {"inactive_field": "Suppressed"}, "inactive_field 'Suppressed' is no field"),
        ("Contacts", {"inactive_field": "City"}, "'City' is of kind T, expected a boolean"),
        (
            "Contacts",
            {"key_field": "VanId2"},
            "key_field 'VanId2' is no field of this type. Nearest",
        ),
    ],
)
def test_what_the_api_does_not_know(
    small_sync: Sync, resource_type: str, wish: dict[str, Any], said: str
) -> None:
    """Types and fields are compared with what the API lists; the nearest names come first."""
    with pytest.raises(ParameterInvalid) as refused:
        small_sync.export(resource_type, **wish)
    assert said in str(refused.value)
    assert small_sync.server.jobs_asked_for() == 0


def test_a_job_that_takes_too_long_stays_remembered(small_sync: Sync) -> None:
    """The deadline passes with the job's number in the message; the next run resumes the job."""
    small_sync.server.order("PUT", "export", pending_polls=10_000)
    with pytest.raises(ExportOverdue, match=r"export job \d+: still Pending after 0 minutes"):
        small_sync.export(waiting=Waiting(0.2, 0.05, 0.05))
    small_sync.server.order("PUT", "export", pending_polls=0)
    assert small_sync.run().rows_inserted == FEW
    assert small_sync.server.jobs_asked_for() == 1


def test_a_key_that_is_revoked_in_the_middle(small_sync: Sync) -> None:
    """The run stops and names the setting; with a key that works, the job is resumed."""

    def revoke(line: str) -> None:
        if line.startswith("asked for"):
            small_sync.server.order("PUT", "key", revoked=True)

    with pytest.raises(AccessDenied, match="Check VAN_API_KEY"):
        export_once(small_sync.settings, small_sync.table, say=revoke)
    small_sync.server.order("PUT", "key", revoked=False)
    assert small_sync.run().rows_inserted == FEW
    assert small_sync.server.jobs_asked_for() == 1


def test_every_resource_type_is_exported_by_its_key(small_sync: Sync) -> None:
    """All ten types come as tables of their own, with deletions where records can be inactive."""
    for number, resource_type in enumerate(KEYS):
        one = Sync(
            small_sync.stack,
            small_sync.server,
            small_sync.settings,
            f"{small_sync.table}_{number}",
        )
        exported = one.export(resource_type.lower())
        assert exported.resource == resource_type
        assert exported.key == KEYS[resource_type].lower()
        loaded = one.load(exported)
        assert loaded.rows_staged > 0
        assert exported.inactive in (None, "issuppressed", "isdeleted")
        assert one.left() == []


def test_fields_that_were_named_are_all_that_is_asked_for(small_sync: Sync) -> None:
    """Core fields come by themselves, other fields only when they are named."""
    exported = small_sync.export(fields=("employer", "Preferred color"))
    names = [column.name for column in exported.staged.columns]
    assert names[-2:] == ["employer", "preferred_color"]
    assert "occupation" not in names
    assert exported.notes == ()
