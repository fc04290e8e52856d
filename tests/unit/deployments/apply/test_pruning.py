"""Many deployments are not removed by accident."""

import pytest

from deployments.apply.pruning import is_still_needed, require_meant
from deployments.plan.actions import Action, Plan
from tests.unit.deployments.made_wanted import make_wanted
from tests.unit.deployments.plan.made_live import make_desired, make_live, renamed
from utilities.errors import ChangeRefused


def make_plan(orphans: int, live_count: int) -> Plan:
    """A plan with some orphans among what is live."""
    wanted = make_wanted()
    live = make_live(wanted)
    lost = [renamed(live, name=f"gone-{number}") for number in range(orphans)]
    actions = tuple(Action("orphaned", "gone", each.live_name, live=each) for each in lost)
    return Plan(make_desired([wanted]), actions, live_count=live_count)


@pytest.mark.parametrize(("orphans", "live_count"), [(0, 0), (2, 2), (3, 9), (100, 300)])
def test_a_third_or_a_few_may_go(orphans: int, live_count: int) -> None:
    """Nothing has to be said of them."""
    assert len(require_meant(make_plan(orphans, live_count), None)) == orphans


@pytest.mark.parametrize(("orphans", "live_count"), [(3, 3), (3, 8), (101, 300)])
def test_of_more_the_number_has_to_be_said(orphans: int, live_count: int) -> None:
    """It is named in the message, and then they go; another number is refused."""
    plan = make_plan(orphans, live_count)
    with pytest.raises(ChangeRefused) as refused:
        require_meant(plan, None)
    assert str(refused.value) == (
        f"staging: {orphans} of {live_count} live deployments would be removed, more than a third. "
        "Nothing was written. Look at them with `plan`; if they are meant to go: --prune --remove "
        f"{orphans}."
    )
    assert len(require_meant(plan, orphans)) == orphans
    with pytest.raises(ChangeRefused, match=f"--remove names {orphans + 1}"):
        require_meant(plan, orphans + 1)


def test_what_has_no_successor_yet_stays() -> None:
    """The old name of a flow stays as long as its new one cannot be deployed."""
    wanted = make_wanted("orders")
    orphan = Action("orphaned", "old", "old", live=renamed(make_live(wanted), name="old"))
    broken = Action("broken", "orders", "orders", wanted)
    assert is_still_needed(orphan, [broken])
    assert is_still_needed(Action("orphaned", "orders", "x", live=orphan.live), [broken])
    assert not is_still_needed(orphan, [Action("broken", "x", "x", make_wanted("reports"))])
