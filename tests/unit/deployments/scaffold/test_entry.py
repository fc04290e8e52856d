"""A deployment more in prefect.yaml, and not a byte of the rest touched."""

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from deployments.scaffold.entry import add_entry, usual_pool
from utilities.errors import DeclarationInvalid

ENTRY = "- name: shifts\n  work_pool:\n    name: ecs\n"

SPACED = """\
# The head.
name: shop   # our name

deployments:
    - name: a   # first
      parameters: {x: "# no comment"}

    # of b
    - name: b
      schedules: [{slug: daily, cron: "0 6 * * *"}]
      # still of b

# of pull
pull: []
"""


def test_it_goes_below_the_last_one() -> None:
    """In the file's own indentation, after the comments of the last one, spaced as the others."""
    added = add_entry(SPACED, ENTRY)
    new = "\n    - name: shifts\n      work_pool:\n        name: ecs\n"
    before, after = SPACED.split("      # still of b\n")
    assert added == f"{before}      # still of b\n{new}{after}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name: a\n", "name: a\n\ndeployments:\n  {}"),
        ("name: a", "name: a\n\ndeployments:\n  {}"),
        ("deployments: []  # none yet\nname: a\n", "deployments:  # none yet\n  {}name: a\n"),
        ("deployments:\nname: a\n", "deployments:\n  {}name: a\n"),
        ("deployments: null\n", "deployments:\n  {}"),
        ("deployments:\n- name: b\n- name: c", "deployments:\n- name: b\n- name: c\n{}"),
    ],
)
def test_lists_that_are_empty_or_tight(text: str, expected: str) -> None:
    """No list, an empty one, one without indentation, a file without an end of line."""
    margin = "" if expected.endswith("c\n{}") else "  "
    entry = ENTRY.replace("\n", f"\n{margin}").removesuffix(margin)
    assert add_entry(text, ENTRY) == expected.format(entry)


def test_a_file_of_windows_keeps_its_line_ends() -> None:
    """Each line of the result ends as the others do."""
    added = add_entry(SPACED.replace("\n", "\r\n"), ENTRY)
    assert added == add_entry(SPACED, ENTRY).replace("\n", "\r\n")


def test_a_list_in_one_line_is_left_to_a_person() -> None:
    """Rather an error with the lines to add than a file in two styles."""
    with pytest.raises(DeclarationInvalid) as caught:
        add_entry("deployments: [{name: a}]\n", ENTRY)
    assert str(caught.value).endswith(f"Nothing was written. Add it by hand:\n{ENTRY}")


NAMES = st.from_regex(r"[a-z]{1,8}", fullmatch=True)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)
COMMENTS = st.sampled_from(("", "\n", "# a comment\n", "\n    # deep\n\n# shallow\n"))


@given(
    st.lists(st.fixed_dictionaries({"name": NAMES, "more": VALUES}), max_size=3),
    st.dictionaries(NAMES.filter(lambda name: name != "deployments"), VALUES, max_size=2),
    COMMENTS,
    st.integers(2, 6),
)
def test_everything_else_stays(
    entries: list[dict[str, Any]], rest: dict[str, Any], comment: str, margin: int
) -> None:
    """Whatever the file holds: the new lines taken away, it is the file from before."""
    listed = yaml.safe_dump({"deployments": entries} if entries else {}, indent=margin)
    others = yaml.safe_dump(rest) if rest else ""
    text = f"{listed if entries else ''}{comment}{others}"
    added = add_entry(text, ENTRY)
    expected = dict(yaml.safe_load(text) or {})
    expected["deployments"] = [*entries, *yaml.safe_load(ENTRY)]
    assert yaml.safe_load(added) == expected
    start = next(place for place in range(len(text) + 1) if added[place:] != text[place:])
    assert any(
        added[:place] + added[place + len(added) - len(text) :] == text
        for place in range(start, len(text) + 1)
    )


def test_the_usual_pool() -> None:
    """The one that most deployments name; before there is one, that of containers."""
    entries = [{"name": name, "work_pool": {"name": pool}} for name, pool in zip("abc", "xyy")]
    assert usual_pool(yaml.safe_dump({"deployments": [{"name": "z"}, *entries]})) == "y"
    assert usual_pool("name: shop\n") == "ecs"
