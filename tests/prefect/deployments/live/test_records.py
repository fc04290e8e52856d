"""Records of changes are kept at Prefect, and tell the history of what is live."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from deployments.identity import Identity, Release, Version
from deployments.live import LiveDeployment
from deployments.live.address import Address
from deployments.live.api import PrefectApi
from deployments.live.records import (
    ARTIFACTS_PER_PAGE,
    chain,
    last_records,
    read_records,
    write_records,
)
from deployments.live.writing import create
from deployments.records import Record
from infrastructure.local.stack import Stack
from tests.prefect.deployments.live.odd import RELEASE, Odd, fields
from tests.recording_proxy import RecordingProxy, recording_proxy


def version(number: int) -> str:
    """Return a version."""
    return str(Version(number, "0123456789abcdef", "0123456789ab"))


def make_record(identity: Identity, number: int, release: Release = RELEASE) -> Record:
    """Return the record of a change from the version before."""
    return Record(
        name=identity.name,
        live_name=identity.live_name,
        version=version(number),
        previous=version(number - 1) if number > 1 else None,
        at=f"2026-11-21T12:00:{number:02}+00:00",
        how="apply",
        origin="",
        fields=fields(
            identity, version=version(number), tags=sorted(release.tags(identity.project))
        ),
        schedules=({"slug": "a", "timing": {"interval": 1.5}, "active": None, "parameters": {}},),
        paused=None,
        base_parameters={"nested": {"a": [None, 1.5]}},
    )


@pytest.fixture
def live(live_api: PrefectApi, identity: Identity) -> LiveDeployment:
    """A live deployment at its third version."""
    return create(live_api, Odd(identity), fields(identity, version=version(3)), ())


@pytest.fixture
def watched(prefect_stack: Stack) -> Iterator[RecordingProxy]:
    """The server, with its requests remembered."""
    with recording_proxy(prefect_stack.variables["PREFECT_API_URL"]) as proxy:
        yield proxy


def write(api: PrefectApi, *records: Record) -> None:
    """Write records of one command."""
    write_records(api, _project(records[0]), "labs", records)


def _project(record: Record) -> str:
    return record.live_name.partition("--")[0]


def test_records_come_back_as_they_were_written(live_api: PrefectApi, identity: Identity) -> None:
    """Every value of a record survives, and the newest comes first."""
    written = [make_record(identity, number) for number in (1, 2)]
    for record in written:
        write(live_api, record)
    found = read_records(live_api, identity.project, "labs", {identity.name})
    assert found == written[::-1]
    assert read_records(live_api, identity.project, "labs", {"other"}) == []
    assert read_records(live_api, identity.project, "production", {identity.name}) == []


def test_one_command_writes_few_artifacts(
    watched: RecordingProxy, live_api: PrefectApi, identity: Identity
) -> None:
    """Fifty records share an artifact, and no records write none."""
    records = [make_record(replace(identity, name=f"flow-{number}"), 1) for number in range(120)]
    with PrefectApi(Address(watched.url)) as api:
        write_records(api, identity.project, "labs", [])
        write_records(api, identity.project, "labs", records)
        assert len(watched.writes()) == 3
        names = {record.name for record in records}
        found = read_records(api, identity.project, "labs", names)
    assert sorted(found, key=lambda each: records.index(each)) == records


def test_the_history_is_what_was_carried_out(
    live_api: PrefectApi, identity: Identity, live: LiveDeployment
) -> None:
    """It begins with what is live and follows from version to version; a record whose change
    never happened, and another branch's, are not in it."""
    first, second, third = (make_record(identity, number) for number in (1, 2, 3))
    never = make_record(identity, 4)
    other_commit = make_record(identity, 3, replace(RELEASE, commit="f" * 40))
    other_branch = make_record(replace(identity, branch="main"), 3)
    for record in (first, second, third, other_commit, other_branch, never):
        write(live_api, record)
    records = read_records(live_api, identity.project, "labs", {identity.name})
    assert len(records) == 6
    assert chain(records, live) == [third, second, first]
    assert chain(records[4:], live) == []
    assert last_records(live_api, identity.project, "labs", [live]) == {live.live_name: third}


def test_a_repair_is_part_of_the_history(
    live_api: PrefectApi, identity: Identity, live: LiveDeployment
) -> None:
    """What was put back after a change by hand keeps its version: its record stands before the
    one of the change that brought the version."""
    second, third = make_record(identity, 2), make_record(identity, 3)
    repair = replace(third, previous=third.version, at="2026-11-21T13:00:00+00:00")
    for record in (second, third, repair):
        write(live_api, record)
    records = read_records(live_api, identity.project, "labs", {identity.name})
    assert chain(records, live) == [repair, third, second]


def test_the_history_survives_tags_changed_by_hand(
    live_api: PrefectApi, identity: Identity, live: LiveDeployment
) -> None:
    """Without its tags a deployment does not tell its commit any more; its version still does."""
    write(live_api, make_record(identity, 3))
    changed = replace(live, release=None)
    (record,) = chain(read_records(live_api, identity.project, "labs", {identity.name}), changed)
    assert last_records(live_api, identity.project, "labs", [changed]) == {live.live_name: record}


def test_the_last_record_is_found_without_reading_all(
    watched: RecordingProxy, live_api: PrefectApi, identity: Identity, live: LiveDeployment
) -> None:
    """As many pages are read as it takes to find what is live, and none when nothing of ours is."""
    wanted = make_record(identity, 3)
    write(live_api, wanted)
    for number in range(ARTIFACTS_PER_PAGE):
        write(live_api, make_record(replace(identity, name=f"other-{number}"), 1))
    late = make_record(replace(identity, name="late"), 3)
    write(live_api, late)
    live_late = replace(live, live_name=late.live_name)
    foreign = replace(live, version=None)
    with PrefectApi(Address(watched.url)) as api:
        for asked, found, requests in (
            ([live, live_late], {live.live_name: wanted, late.live_name: late}, 2),
            ([live_late], {late.live_name: late}, 1),
            ([foreign], {}, 0),
        ):
            watched.clear()
            assert last_records(api, identity.project, "labs", asked) == found
            assert len(watched.requests) == requests
