"""What is written to Prefect is read back as the same values."""

import re
from typing import Any

import pytest

from deployments.identity import Identity, Version
from deployments.live import LiveDeployment
from deployments.live.api import PrefectApi
from deployments.live.reading import read_live, read_one
from deployments.live.writing import (
    create,
    delete,
    delete_schedule,
    patch,
)
from tests.prefect.deployments.live.odd import EMPTY, POOL, RELEASE, SCHEDULES, Odd, fields
from utilities.errors import PrefectRefused


def told(live: LiveDeployment) -> dict[str | None, tuple[Any, ...]]:
    """Return a deployment's schedules without their ids."""
    return {each.slug: (each.timing, each.active, each.parameters) for each in live.schedules}


def test_every_field_comes_back_as_it_was_sent(live_api: PrefectApi, identity: Identity) -> None:
    """A deployment that was just created differs in nothing from what is wanted, whichever way
    it is read, so that a second apply finds nothing to do."""
    sent = fields(identity)
    live = create(live_api, Odd(identity), sent, SCHEDULES)
    assert live.fields == sent
    assert live.identity == identity
    assert live.release == RELEASE
    assert live.version == Version(12, "0123456789abcdef", "0123456789ab")
    assert live.image == "registry.example.org/shop:0123"
    assert live.flow == Odd(identity).flow
    assert not live.paused
    assert told(live) == {
        each.slug: (each.timing, each.active is not False, each.parameters) for each in SCHEDULES
    }
    assert read_live(live_api, identity.project) == [live]
    assert read_one(live_api, live.id) == live


def test_every_field_can_be_emptied_and_filled(live_api: PrefectApi, identity: Identity) -> None:
    """A PATCH brings every field from any value to any other, and labels and schedules stay."""
    live = create(live_api, Odd(identity), fields(identity, **EMPTY), SCHEDULES, paused=True)
    assert live.paused
    for sent in (fields(identity), fields(identity, **EMPTY)):
        patch(live_api, live.id, sent)
        now = read_one(live_api, live.id, live.flow)
        assert now.fields == sent
        assert (now.identity, now.schedules, now.paused) == (identity, live.schedules, True)


def test_one_schedule_goes_without_the_others(live_api: PrefectApi, identity: Identity) -> None:
    """It can be deleted twice: the second time there is nothing to do."""
    live = create(live_api, Odd(identity), fields(identity), SCHEDULES)
    for _ in range(2):
        delete_schedule(live_api, live.id, live.schedules[1].id)
    left = (live.schedules[0], live.schedules[2])
    assert read_one(live_api, live.id).schedules == left


def test_what_is_deleted_is_gone(live_api: PrefectApi, identity: Identity) -> None:
    """A deployment can be deleted twice: the second time there is nothing to do."""
    live = create(live_api, Odd(identity), fields(identity), ())
    delete(live_api, live.id)
    delete(live_api, live.id)
    assert read_live(live_api, identity.project) == []
    with pytest.raises(PrefectRefused) as raised:
        read_one(live_api, live.id)
    assert raised.value.status == 404


def test_a_work_pool_that_does_not_exist_is_named(live_api: PrefectApi, identity: Identity) -> None:
    """The server breaks down over such a PATCH; the message says why, and nothing changed."""
    missing = '(404: Work pool "no pool? #2" not found)'
    live = create(live_api, Odd(identity), fields(identity), ())
    with pytest.raises(PrefectRefused, match=re.escape(missing)):
        patch(live_api, live.id, {"work_pool_name": "no pool? #2", "version": "x"})
    with pytest.raises(PrefectRefused, match=re.escape(missing)):
        create(live_api, Odd(identity), fields(identity, work_pool_name="no pool? #2"), ())
    assert read_one(live_api, live.id) == live


def test_what_others_made_is_read_too(live_api: PrefectApi, identity: Identity) -> None:
    """Deployments of the project's name come with all that is known of them, and those of names
    that only look alike to the server do not come."""
    flow = live_api.request("POST", "/flows/", {"name": "of others"})
    project = identity.project
    names = [f"{project}--main--x--labs", f"x{project}--y", f"{project.upper()}--y"]
    names += [f"{project.replace('_', '-')}--y", f"{project}-y"]
    for name in names:
        content = {"name": name, "flow_id": flow["id"], "description": "None"}
        content |= {"work_pool_name": POOL, "schedules": [{"schedule": {"interval": 60}}]}
        live_api.request("POST", "/deployments/", content)
    (found,) = read_live(live_api, project)
    assert found.live_name == names[0]
    assert (found.identity, found.version, found.release, found.image) == (None,) * 4
    assert (found.flow, found.fields["description"]) == ("of others", None)
    assert [each.slug for each in found.schedules] == [None]
