"""What is to be done for each deployment, told from values alone."""

from dataclasses import replace
from typing import Any

import pytest

from deployments.declaration import Schedule
from deployments.identity import Version
from deployments.live import LiveDeployment, LiveSchedule
from deployments.parameter_schemas import FlowSchema, SchemaFailure
from deployments.plan.actions import Action, Change, Plan
from deployments.plan.changes import HIDDEN
from deployments.plan.comparing import Learned, Questions, find_questions, make_plan
from deployments.plan.matching import match
from deployments.records import Record
from deployments.wanted import Wanted
from tests.unit.deployments.made_wanted import RELEASE, SCHEMA, make_record, make_wanted
from tests.unit.deployments.plan.made_live import (
    NEXT,
    make_desired,
    make_live,
    make_live_schedule,
    renamed,
)
from utilities.errors import ChangeRefused, DeclarationInvalid, FlowBroken

DAILY = Schedule("daily", {"cron": "0 6 * * *", "timezone": "UTC", "day_or": True})
NEW_SCHEMA = {**SCHEMA, "properties": {"limit": {"type": "integer"}}}


def plan(
    wanted: Wanted,
    *live: LiveDeployment,
    record: Record | None = None,
    schema: FlowSchema | SchemaFailure | None = None,
    **desired: Any,
) -> Plan:
    """Return the plan for one wanted deployment."""
    repository = make_desired([wanted], **desired)
    learned = Learned(
        {wanted.identity.live_name: record} if record else {},
        {wanted.configuration.entrypoint: schema} if schema else {},
    )
    return make_plan(repository, match(repository, live), learned)


def action(wanted: Wanted, *live: LiveDeployment, **known: Any) -> Action:
    """Return the first action of the plan."""
    return plan(wanted, *live, **known).actions[0]


def questions(wanted: Wanted, *live: LiveDeployment, **desired: Any) -> Questions:
    """Return what has to be asked."""
    repository = make_desired([wanted], **desired)
    return find_questions(repository, match(repository, live))


def test_nothing_to_do() -> None:
    """What is live as it was applied is unchanged, whatever commit is checked out, and nothing
    has to be asked."""
    wanted = make_wanted(schedules=(DAILY,), tags=("mine",), parameters={"limit": 1})
    live = make_live(wanted, number=7)
    assert questions(wanted, live) == Questions((), ())
    found = action(wanted, live)
    assert (found.kind, found.changes, found.release) == ("unchanged", (), RELEASE)


def test_a_new_one() -> None:
    """It gets the checked-out release, its image, version 1, and the schema that was asked for."""
    wanted = make_wanted(schedules=(DAILY,))
    assert questions(wanted) == Questions((), (wanted.configuration.entrypoint,))
    found = action(wanted, schema=FlowSchema("orders", NEW_SCHEMA))
    assert (found.kind, found.number, found.release) == ("create", 1, NEXT)
    assert found.image == wanted.image(NEXT.commit)
    assert found.fields == wanted.fields(NEXT, found.image, 1, NEW_SCHEMA)
    assert found.schedules == (DAILY,)


def test_new_code_moves_it_whole() -> None:
    """Image, tags, variables, version and schema move together."""
    before = make_wanted()
    wanted = replace(before, fingerprint="a" * 16)
    live = make_live(before, number=3)
    assert questions(wanted, live) == Questions((live,), (wanted.configuration.entrypoint,))
    found = action(
        wanted, live, record=make_record(before, 3), schema=FlowSchema("orders", NEW_SCHEMA)
    )
    assert found.kind == "update"
    assert found.fields == wanted.fields(NEXT, wanted.image(NEXT.commit), 4, NEW_SCHEMA)
    assert Change("job_variables.image", live.image, found.image) in found.changes
    limit = Change("parameter_openapi_schema.limit", None, {"type": "integer"})
    assert limit in found.changes
    assert not any(change.by_hand for change in found.changes)


def test_new_configuration_needs_no_import() -> None:
    """The schema of code that did not change is the one that was deployed, not what somebody has
    put in its place; the deployment moves whole all the same."""
    before = make_wanted(parameters={"limit": 1})
    wanted = make_wanted(parameters={"limit": 2})
    live = make_live(before, parameter_openapi_schema={"type": "object"})
    assert questions(wanted, live).entrypoints == ()
    found = action(wanted, live, record=make_record(before))
    assert found.kind == "update"
    assert found.fields == wanted.fields(NEXT, wanted.image(NEXT.commit), 2, SCHEMA)


def test_drift_keeps_the_release() -> None:
    """What was changed by hand is put back to the release and version that it had, also where
    release, image or version itself were changed."""
    wanted = make_wanted(variables={"SHOP": "x"})
    good = make_live(wanted, number=2)
    variables = {"env": {"SHOP": "x"}, "image": "other"}
    edits: list[dict[str, Any]] = [
        {"description": "Mine."},
        {"tags": ["mine"]},
        {"version": "mine"},
        {"job_variables": variables},
        {"tags": [], "version": None, "job_variables": {}},
    ]
    for by_hand in edits:
        live = make_live(wanted, number=2, **by_hand)
        assert questions(wanted, live).differing == (live,)
        found = action(wanted, live, record=make_record(wanted, 2))
        assert (found.kind, found.release, found.number) == ("drift", RELEASE, 2)
        assert found.fields == good.fields
        assert found.changes and all(change.by_hand for change in found.changes)


def test_an_image_of_another_repository_was_promoted() -> None:
    """The image that a deployment was given counts, not the one that this environment would
    build."""
    wanted = make_wanted()
    elsewhere = {"image": "elsewhere:tag", "env": make_live(wanted).fields["job_variables"]["env"]}
    live = make_live(wanted, job_variables=elsewhere)
    record = replace(make_record(wanted), fields=live.fields)
    assert questions(wanted, live).differing == (live,)
    found = action(wanted, live, record=record)
    assert (found.kind, found.image) == ("unchanged", "elsewhere:tag")


def test_without_records() -> None:
    """When nobody knows what was deployed, it is put back to the release that the tags tell; when
    they do not tell it either, it moves to the one that is checked out."""
    wanted = make_wanted()
    found = action(wanted, make_live(wanted, number=2, description="Mine."))
    assert (found.kind, found.release, found.number) == ("drift", RELEASE, 2)
    assert [change.by_hand for change in found.changes] == [False]
    found = action(wanted, make_live(wanted, number=2, tags=[]))
    assert (found.kind, found.release, found.number) == ("update", NEXT, 3)
    schema = FlowSchema("orders", SCHEMA)
    found = action(wanted, make_live(wanted, number=2, version="mine"), schema=schema)
    assert (found.kind, found.release, found.number) == ("update", NEXT, 1)


def test_values_that_may_be_secrets() -> None:
    """A variable that somebody has set by hand is named, its value is not shown."""
    wanted = make_wanted(variables={"SHOP": "x"})
    env = make_live(wanted).fields["job_variables"]["env"]
    variables = {"image": make_live(wanted).image, "env": {**env, "SHOP": "hush", "KEY": "hush"}}
    found = action(wanted, make_live(wanted, job_variables=variables), record=make_record(wanted))
    assert set(found.changes) == {
        Change("job_variables.env.SHOP", HIDDEN, "x", True),
        Change("job_variables.env.KEY", HIDDEN, None, True),
    }


@pytest.mark.parametrize("said", [None, False, True])
@pytest.mark.parametrize("recorded", [None, False, True])
@pytest.mark.parametrize("paused", [False, True])
def test_pauses(said: bool | None, recorded: bool | None, paused: bool) -> None:
    """What the file says counts; what it said and says no longer ends; else a pause stays."""
    before = make_wanted(paused=recorded, schedules=(replace(DAILY, active=_not(recorded)),))
    wanted = make_wanted(
        paused=said, schedules=(replace(DAILY, active=_not(said)),), parameters={"a": 1}
    )
    schedule = replace(make_live_schedule(DAILY), active=not paused)
    live = replace(make_live(before), paused=paused, schedules=(schedule,))
    record = replace(
        make_record(before),
        schedules=(
            {"slug": "daily", "timing": DAILY.timing, "active": _not(recorded), "parameters": {}},
        ),
    )
    found = action(wanted, live, record=record)
    expected = said if said is not None else (False if recorded is not None else None)
    assert found.kind == "update"
    assert (found.paused, found.schedules[0].active) == (expected, _not(expected))
    told = {change.field: change.wanted for change in found.changes}
    assert told.get("paused") == (expected if expected not in (None, paused) else None)
    assert told.get("schedules.daily.active") == (
        _not(expected) if expected not in (None, paused) else None
    )


def _not(value: bool | None) -> bool | None:
    return None if value is None else not value


def test_schedules() -> None:
    """Changed ones are told to the leaf; those without a slug, and those of others, go."""
    hourly = Schedule("hourly", {"interval": 3600.0, "timezone": "UTC"}, parameters={"a": 1})
    wanted = make_wanted(schedules=(DAILY, hourly))
    live = replace(
        make_live(wanted),
        schedules=(
            LiveSchedule("1", "daily", {**DAILY.timing, "cron": "1 6 * * *"}, True, {}),
            LiveSchedule("2", None, {"cron": "* * * * *"}, True, {}),
        ),
    )
    found = action(wanted, live, record=make_record(wanted))
    assert found.kind == "drift"
    told = {change.field: (change.live, change.wanted) for change in found.changes}
    assert told == {
        "schedules.daily.cron": ("1 6 * * *", "0 6 * * *"),
        "schedules.1 (no slug)": ({"cron": "* * * * *"}, None),
        "schedules.hourly.active": (None, True),
        "schedules.hourly.interval": (None, 3600.0),
        "schedules.hourly.timezone": (None, "UTC"),
        "schedules.hourly.parameters.a": (None, 1),
    }


def test_orphans() -> None:
    """Ours and not declared: another name, another flow, another branch of an environment with a
    fixed one. Not ours: other projects and environments, other branches where each has its own."""
    wanted = make_wanted()
    live = make_live(wanted)
    others = [
        renamed(live, name="gone"),
        renamed(live, branch="old"),
        renamed(live, environment="production"),
        renamed(live, project="other"),
        replace(live, live_name="by-hand", identity=None),
        replace(live, flow="before", id="another flow"),
    ]
    fixed = plan(wanted, live, *others)
    assert [each.kind for each in fixed.actions] == ["unchanged", *3 * ["orphaned"]]
    assert [each.live for each in fixed.of("orphaned")] == [others[0], others[1], others[5]]
    assert fixed.live_count == 4
    free = plan(wanted, live, *others, branch=None)
    assert [each.live for each in free.of("orphaned")] == [others[0], others[5]]


def test_a_name_that_is_taken() -> None:
    """A deployment of the same name that was not made here, or for another branch, breaks it."""
    wanted = make_wanted()
    for foreign in (
        replace(make_live(wanted), identity=None),
        replace(make_live(wanted), identity=replace(wanted.identity, branch="ma/in")),
    ):
        found = action(wanted, foreign)
        assert found.kind == "broken" and isinstance(found.failure, ChangeRefused)
        assert questions(wanted, foreign) == Questions((), ())


def test_flows_that_are_broken() -> None:
    """A file that is not Python, a module that does not import, a parameter that does not fit."""
    wanted = make_wanted(parameters={"limit": "x"})
    entrypoint = wanted.configuration.entrypoint
    assert questions(wanted, broken=[entrypoint]) == Questions((), ())
    found = action(wanted, broken=[entrypoint])
    assert isinstance(found.failure, FlowBroken)
    assert (str(found.failure), found.place) == (
        f"{entrypoint}: invalid syntax",
        "shelf/names.py:7",
    )
    found = action(wanted, schema=SchemaFailure("KeyError: 'x'", "flows/orders.py:3"))
    assert isinstance(found.failure, FlowBroken)
    assert (str(found.failure), found.place) == (
        f"{entrypoint}: KeyError: 'x'",
        "flows/orders.py:3",
    )
    found = action(wanted, schema=FlowSchema("orders", NEW_SCHEMA))
    assert isinstance(found.failure, DeclarationInvalid)
    assert str(found.failure) == (
        "prefect.yaml:1: orders: parameters: limit: 'x' is not of type 'integer'"
    )
    assert not found.is_write


def test_the_number_goes_on() -> None:
    """Also when somebody has overwritten the version: the record knows it."""
    before = make_wanted()
    wanted = replace(before, fingerprint="a" * 16)
    found = action(
        wanted,
        make_live(before, number=4, version="mine"),
        record=make_record(before, 4),
        schema=FlowSchema("orders", SCHEMA),
    )
    assert found.fields is not None
    assert Version.read(found.fields["version"]) == Version(5, "a" * 16, wanted.digest)
