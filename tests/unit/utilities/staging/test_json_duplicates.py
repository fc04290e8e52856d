"""A key that stands twice in an object is never overlooked."""

import json

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from utilities.staging.json_duplicates import has_each_key_once, repeated_key

KEYS = st.text('ab"\\é:', max_size=2)
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(0, 1), st.text('a":', max_size=3)
)


def spelled(pairs: list[tuple[str, str]]) -> str:
    """Write an object from its members, which may repeat a key."""
    return "{" + ",".join(f"{json.dumps(key)}:{value}" for key, value in pairs) + "}"


VALUES = st.recursive(
    SCALARS.map(json.dumps),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: "[" + ",".join(items) + "]"),
        st.lists(st.tuples(KEYS, inner), max_size=3).map(spelled),
    ),
    max_leaves=6,
)


@given(st.lists(st.tuples(KEYS, VALUES), min_size=1, max_size=4).map(spelled))
def test_no_duplicate_passes(line: str) -> None:
    """What the quick look passes has no key twice, at any depth."""
    raw = msgspec.json.decode(line, type=dict[str, msgspec.Raw])
    columns = {key: [token] for key, token in raw.items()}
    if has_each_key_once(line.encode(), columns, 1):
        assert repeated_key(line.encode()) is None


def test_the_quick_look_is_enough_for_compact_lines() -> None:
    """Compact objects need no second reading."""
    line = b'{"a":1,"b":{"c":[1.5,"x"],"d":null},"e":"\xc3\xa9"}'
    raw = msgspec.json.decode(line, type=dict[str, msgspec.Raw])
    assert has_each_key_once(line, {key: [token] for key, token in raw.items()}, 1)


def test_the_key_is_named() -> None:
    """At any depth."""
    assert repeated_key(b'{"a":[{"b":1,"c":2,"b":3}]}') == "b"
    assert repeated_key(b'{"a":{"a":1}}') is None
