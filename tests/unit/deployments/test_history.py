"""What a person is told to have changed from one version to the next."""

from dataclasses import replace

from deployments.history import find_history
from deployments.identity import Release
from tests.unit.deployments.made_wanted import make_record, make_wanted

LATER = Release("f" * 40, "1.3.0", "main")


def test_new_code_is_told_as_code() -> None:
    """Another fingerprint is other code; what follows from the commit alone is no change."""
    first = make_record(make_wanted(), 1)
    edited = make_record(replace(make_wanted(), fingerprint="e" * 16), 2, LATER)
    second, begin = find_history([edited, first])
    assert second.changed == ["code", "image"]
    assert second.release == LATER
    assert (begin.changes, begin.is_code_new) == ((), True)


def test_configuration_is_told_by_its_fields() -> None:
    """Each field that differs, down to the leaf, with both values."""
    schedule = {
        "slug": "daily",
        "timing": {"cron": "0 6 * * *"},
        "active": None,
        "parameters": {},
    }
    first = replace(make_record(make_wanted(parameters={"limit": 1}), 1), schedules=(schedule,))
    other = make_record(make_wanted(parameters={"limit": 2}, job_variables={"cpu": 512}), 2)
    moved = {**schedule, "timing": {"cron": "0 7 * * *"}}
    entry, _ = find_history([replace(other, schedules=(moved,), paused=True), first])
    told = {change.field: (change.live, change.wanted) for change in entry.changes}
    assert set(entry.changed) == {
        "job_variables.cpu",
        "parameters.limit",
        "paused",
        "schedules.daily.cron",
    }
    assert told["parameters.limit"] == (1, 2)
    assert told["job_variables.cpu"] == (None, 512)
    assert told["schedules.daily.cron"] == ("0 6 * * *", "0 7 * * *")


def test_a_rebuilt_image_is_the_only_change() -> None:
    """The same commit on another image: nothing but the image is told."""
    first = make_record(make_wanted(), 1)
    variables = {**first.fields["job_variables"], "image": "shop:rebuilt"}
    rebuilt = replace(
        make_record(make_wanted(), 2), fields={**first.fields, "job_variables": variables}
    )
    assert find_history([rebuilt, first])[0].changed == ["image"]


def test_without_records_there_is_no_history() -> None:
    """Nothing is made up."""
    assert find_history([]) == ()
