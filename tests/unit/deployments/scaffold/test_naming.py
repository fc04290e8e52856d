"""Which names a flow can have, and what is suggested instead of the others."""

import ast
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deployments.scaffold import naming
from deployments.scaffold.naming import LONGEST, flow_name
from deployments.scaffold.rendering import render_flow
from utilities.errors import ParameterInvalid

SPELLINGS = ("volunteer_shifts", "volunteer-shifts", "Volunteer shifts", "VolunteerShifts")


@pytest.mark.parametrize("spelling", [*SPELLINGS, " volunteer  shifts ", "Volunteer/Shifts!"])
def test_any_spelling_becomes_snake_case(spelling: str) -> None:
    """Words, kebab-case, snake_case and CamelCase are the same name."""
    assert flow_name(spelling, {}) == "volunteer_shifts"


def test_letters_with_marks_lose_them() -> None:
    """A module's name has no letter that a keyboard may lack."""
    assert flow_name("Élections 2024", {}) == "elections_2024"
    assert flow_name("VANContacts", {}) == "van_contacts"


@pytest.mark.parametrize(
    ("name", "reason", "suggested"),
    [
        ("2024 results", "a module's name cannot begin with a digit", "results_2024"),
        ("2024", "a module's name cannot begin with a digit", "counts_2024"),
        ("import", "'import' is a word of Python's own", "import_summary"),
        ("Calendar", "Python has a module 'calendar'", "calendar_summary"),
        ("list", "Python has a function 'list'", "list_summary"),
        ("flow", "flows import something called 'flow'", "flow_summary"),
        ("utils", "'utils' does not say what it does", "utils_summary"),
        ("!?", "it has no letter from a to z", "daily_counts"),
        ("news-feeds", "there is a flow in flows/news_feeds.py", "news_feeds_3"),
        ("a" * 50, f"it has 50 characters, and {LONGEST} are allowed", "a" * 32),
    ],
)
def test_a_refusal_says_why_and_suggests_another(name: str, reason: str, suggested: str) -> None:
    """What was found, what was expected, and that nothing happened."""
    taken = {"news_feeds": "a flow in flows/news_feeds.py"}
    taken |= dict.fromkeys(("news_feeds_summary", "news_feeds_2"), "another")
    with pytest.raises(ParameterInvalid) as caught:
        flow_name(name, taken)
    assert str(caught.value) == (
        f"{name!r} cannot be the name of a flow: {reason}. Expected a name of your own such as "
        f"{suggested!r}. Nothing was written."
    )


@given(st.text(max_size=60), st.frozensets(st.sampled_from(("a", "a_summary", "b", "x1"))))
def test_every_name_is_taken_or_another_is_suggested(wanted: str, taken: frozenset[str]) -> None:
    """What is returned or suggested is a module's name that nothing has yet."""
    already = dict.fromkeys(taken, "another")
    try:
        name = flow_name(wanted, already)
    except ParameterInvalid as error:
        name = str(error).rpartition(" such as '")[2].partition("'")[0]
    assert name.isidentifier()
    assert name.isascii()
    assert len(name) <= LONGEST
    assert name not in taken | sys.stdlib_module_names
    assert flow_name(name, already) == name


def test_no_function_hides_what_its_module_imports() -> None:
    """Every name that the templates import is refused as a flow's."""
    imported = {
        alias.asname or alias.name
        for path, text in render_flow("name_of_the_flow", own_image=True).items()
        if path.suffix == ".py" and path.parts[0] == "flows"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    lower = {name for name in imported - {"name_of_the_flow"} if name.islower()}
    assert lower <= naming.IN_TEMPLATES
