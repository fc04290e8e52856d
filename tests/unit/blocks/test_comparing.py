"""Live objects compared with wanted ones: by value, leaf by leaf, whatever form Prefect gives."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from blocks import marks, telling
from blocks.alarms import alarms_of
from blocks.kinds.automations import normal_trigger
from blocks.leaves import Change, find_changes
from blocks.objects import Hidden
from tests.unit.blocks.made_scope import made_scope

LEAVES = st.none() | st.booleans() | st.integers() | st.text()
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=12,
)


@given(fields=st.dictionaries(st.text(), VALUES, max_size=3))
def test_equal_fields_have_no_changes(fields: dict[str, Any]) -> None:
    """Whatever they hold."""
    assert find_changes(fields, fields) == ()


@given(fields=st.dictionaries(st.text(), VALUES, max_size=3), old=LEAVES, new=LEAVES)
def test_one_leaf_that_differs_is_one_change(fields: dict[str, Any], old: Any, new: Any) -> None:
    """It is named by its path, with both values, however much stands around it."""
    live, wanted = ({"spec": {**fields, "\0": [{"size": each}]}} for each in (old, new))
    changes = find_changes(live, wanted)
    is_same = old == new and isinstance(old, bool) == isinstance(new, bool)
    assert changes == (() if is_same else (Change("spec.\0.0.size", old, new),))


def test_only_what_is_declared_is_compared() -> None:
    """A field that Prefect has besides is left to people."""
    assert find_changes({"a": 1, "paused": True}, {"a": 1.0}) == ()
    assert find_changes({"a": {"b": [{"c": 1}]}}, {"a": {"b": [{"c": 2}]}}) == (
        Change("a.b.0.c", 1, 2),
    )
    assert find_changes({"a": 1}, {"a": True}) == (Change("a", 1, True),)


def test_a_trigger_is_the_same_in_every_form_that_prefect_gives() -> None:
    """Sets come back in any order, single values with or without a list, times as floats."""
    for alarm in alarms_of(made_scope()):
        once = normal_trigger(alarm.trigger)
        other = {**once, "id": "another", "within": int(once["within"])}
        for key in ("after", "expect", "for_each"):
            other[key] = list(reversed(once[key]))
        other["match"] = {
            label: values[0] if len(values) == 1 else list(reversed(values))
            for label, values in once["match"].items()
        }
        assert normal_trigger(other) == once


def test_a_mark_is_read_as_it_was_written() -> None:
    """Whatever else stands beside it; tags of others stay."""
    owner = "shop/production"
    assert marks.owner_by_description(f"Do not touch. {marks.description(owner)}") == owner
    assert marks.owner_by_description("Made by hand.") is None
    assert marks.owner_by_description(None) is None
    tags = marks.marked_tags(["team", "MADE_FOR=shop/staging"], owner)
    assert tags == ["team", "MADE_FOR=shop/production"]
    assert marks.owner_by_tags(tags) == owner
    assert marks.owner_by_tags(["team"]) is None


def test_a_secret_is_shown_nowhere() -> None:
    """Neither alone nor inside of something, neither as text nor for machines."""
    secret = Hidden("pass phrase")
    assert telling.shown({"a": [secret]}) == {"a": ["(not shown)"]}
    assert telling.change_line(Change("address", secret, secret)) == (
        "address: (not shown) → (not shown)"
    )
    assert "pass" not in telling.change_line(Change("all", None, {"a": secret}))
