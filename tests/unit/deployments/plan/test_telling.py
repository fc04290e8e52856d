"""A plan as people, programs and pull requests get it."""

import json
from dataclasses import replace

from deployments.plan.actions import Action, Change, Plan
from deployments.plan.telling import content, markdown, told
from tests.unit.deployments.made_wanted import COMMIT, RELEASE, make_wanted
from tests.unit.deployments.plan.made_live import NEXT, make_desired, make_live, renamed
from utilities.errors import FlowBroken

WANTED = make_wanted()
LIVE = make_live(WANTED, number=3)
COMMIT_CHANGE = Change("tags.COMMIT_HASH", COMMIT, NEXT.commit)


def make_plan() -> Plan:
    """One action of each kind that has something to tell."""
    update = Action(
        "update",
        "orders",
        WANTED.identity.live_name,
        WANTED,
        LIVE,
        (
            COMMIT_CHANGE,
            Change("parameters.limit", 1, 2),
            Change("description", "Mine.", None, by_hand=True),
            Change("version", "mine", "v4", by_hand=True),
        ),
        NEXT,
        "image:tag",
        4,
        "v3-mine",
        LIVE.fields,
    )
    gone = renamed(LIVE, name="gone")
    return Plan(
        replace(make_desired([WANTED]), head=replace(make_desired([]).head, branch="x")),
        (
            Action("unchanged", "reports", "live reports"),
            update,
            Action("orphaned", "gone", gone.live_name, live=gone, release=RELEASE),
            Action(
                "broken",
                "people",
                "live people",
                WANTED,
                failure=FlowBroken("flows/people.py:people: KeyError: 'x'"),
                place="flows/people.py:3",
            ),
        ),
        pools=("folder",),
        live_count=3,
    )


def test_text_is_in_groups_and_the_worst_comes_first() -> None:
    """What follows from the release is told once; what is overwritten is marked."""
    assert told(make_plan()).plain == (
        "1 cannot be deployed\n"
        "  people\n"
        "      FlowBroken: flows/people.py:people: KeyError: 'x'\n"
        "      at flows/people.py:3\n"
        "1 to update\n"
        "  orders  v3 → v4, 0123456789ab → ffffffffffff\n"
        "      parameters.limit: 1 → 2\n"
        "      description: Mine. → – (live value was set by hand)\n"
        "      version: mine → v4 (live value was set by hand)\n"
        "1 no longer declared (removed with --prune)\n"
        "  gone (shop--main--gone--staging)  v3, 0123456789ab\n"
        "1 unchanged\n"
        "Work pool folder does not exist; apply creates it.\n"
        "apply refuses: staging is deployed from the branch main, and x is checked out. Merge it, "
        "or check main out."
    )


def test_json_holds_everything() -> None:
    """Every change, also those that the text leaves out, and what is needed to find it."""
    found = json.loads(json.dumps(content(make_plan())))
    assert (found["project"], found["environment"]) == ("shop", "staging")
    assert found["commit"] == NEXT.commit
    assert found["counts"]["update"] == 1
    assert found["pools"] == ["folder"]
    assert len(found["obstacles"]) == 1
    _, update, gone, broken = found["deployments"]
    assert update["changes"][0] == {
        "field": "tags.COMMIT_HASH",
        "live": COMMIT,
        "wanted": NEXT.commit,
        "by_hand": False,
    }
    assert (update["id"], update["live_version"]) == (LIVE.id, LIVE.fields["version"])
    assert gone["live_name"] == "shop--main--gone--staging"
    assert (broken["failure"], broken["place"]) == (
        "flows/people.py:people: KeyError: 'x'",
        "flows/people.py:3",
    )


def test_markdown_is_one_table() -> None:
    """A row for each deployment that a reviewer has to know of."""
    assert markdown(make_plan()).splitlines() == [
        "### Plan for staging",
        "",
        "1 cannot be deployed, 1 to update, 1 no longer declared (removed with --prune), 1 unchanged",
        "",
        "|  | Deployment | Release | Changes |",
        "| --- | --- | --- | --- |",
        "| broken | people |  | FlowBroken: flows/people.py:people: KeyError: 'x'<br>at "
        "flows/people.py:3 |",
        "| update | orders | v3 → v4, 0123456789ab → ffffffffffff | parameters.limit: 1 → 2<br>"
        "description: Mine. → – (live value was set by hand)<br>version: mine → v4 (live value was "
        "set by hand) |",
        "| orphaned | gone | v3, 0123456789ab |  |",
        "",
        "Work pool `folder` does not exist; apply creates it.",
        "",
        "**apply refuses:** staging is deployed from the branch main, and x is checked out. Merge "
        "it, or check main out.",
    ]
