"""What a person is told of differences: all of them, and no others."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deployments.plan.changes import find_changes
from deployments.plan.differences import find_differences, is_same
from deployments.plan.values import LONGEST, short, short_commit
from tests.unit.deployments.made_wanted import make_wanted
from tests.unit.deployments.plan.made_live import make_live

KEYS = st.text("abc", min_size=1, max_size=2)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(0, 2) | st.sampled_from(["", "x"]) | st.just(1.0),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(KEYS, inner, max_size=2),
    max_leaves=6,
)
FIELDS = st.fixed_dictionaries(
    {
        "description": st.none() | st.text("ab", max_size=2),
        "tags": st.lists(KEYS, unique=True, max_size=3).map(sorted),
        "parameters": st.dictionaries(KEYS, VALUES, max_size=3),
        "job_variables": st.dictionaries(KEYS, VALUES, max_size=3),
        "pull_steps": st.lists(st.dictionaries(KEYS, VALUES, min_size=1, max_size=2), max_size=2),
        "parameter_openapi_schema": st.fixed_dictionaries(
            {"type": st.just("object"), "properties": st.dictionaries(KEYS, VALUES, max_size=2)}
        ),
    }
)


@given(one=FIELDS, other=FIELDS)
def test_changes_are_told_when_there_are_any(one: dict[str, Any], other: dict[str, Any]) -> None:
    """Whatever makes an apply write is told, and what is told makes it write."""
    wanted = make_wanted()
    live = make_live(wanted, **one)
    fields = {**live.fields, **other}
    told = find_changes(live, fields, (), None, None)
    assert bool(told) == bool(find_differences(live, fields, (), None))
    assert {change.field.split(".")[0] for change in told} == set(
        find_differences(live, fields, (), None).fields
    )


@given(value=VALUES)
def test_a_value_is_the_same_as_itself(value: Any) -> None:
    """Also in tuples instead of lists; and nothing is the same as a list of it."""
    assert is_same(value, value)
    assert is_same([value], (value,))
    assert not is_same(value, [value])


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (1, 1.0, True),
        (1, True, False),
        (0, False, False),
        ({"a": 1}, {"a": True}, False),
        ("", None, False),
    ],
)
def test_numbers_are_no_truth_values(one: Any, other: Any, same: bool) -> None:
    """1 and 1.0 are one number in JSON, and true is none."""
    assert is_same(one, other) is same


def test_long_values_are_shortened() -> None:
    """Both ends stay, line breaks go, and nothing is longer than a line."""
    assert short(None) == "–"
    assert short("") == '""'
    assert short("a\n  b") == "a b"
    assert short({"a": [1, None]}) == '{"a": [1, null]}'
    long = short("begin" + "x" * 500 + "end")
    assert len(long) == LONGEST
    assert long.startswith("begin") and long.endswith("end")
    assert short_commit("0123456789abcdef" * 2 + "01234567-dirty") == "0123456789ab-dirty"
