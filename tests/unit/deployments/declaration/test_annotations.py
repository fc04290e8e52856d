"""Whether a value fits a parameter is judged as its JSON schema would judge it."""

import datetime
from typing import Annotated, Any, Literal, Optional, Union

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from pydantic import TypeAdapter

from deployments.declaration.annotations import choices, fits

NAMES: dict[str, Any] = {
    "Annotated": Annotated,
    "Literal": Literal,
    "Optional": Optional,
    "Union": Union,
    "datetime": datetime,
}

ANNOTATIONS = [
    "str",
    "int",
    "float",
    "bool",
    "None",
    "list",
    "dict",
    "tuple",
    "str | None",
    "Optional[int]",
    "Union[int, str]",
    "Literal['a', 1, True, None]",
    "Literal[1, 'b'] | list[int]",
    "list[str]",
    "tuple[int, ...]",
    "tuple[int, str]",
    "dict[str, int | None]",
    "dict[str, list[float]]",
    "Annotated[int, 'units']",
    "list[Literal['a', 'b']]",
    "Optional[dict[str, bool]]",
]
SCHEMAS = {
    text: Draft202012Validator(TypeAdapter(eval(text, dict(NAMES))).json_schema())
    for text in ANNOTATIONS
}

JSON = st.recursive(
    st.none() | st.booleans() | st.sampled_from([0, 1, 7, 1.0, 0.5, "a", "b", "1", ""]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.just("k"), inner, max_size=1),
    max_leaves=4,
)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(ANNOTATIONS), JSON)
def test_a_value_fits_when_the_schema_says_so(annotation: str, value: Any) -> None:
    """For any value and any annotation that is known here."""
    assert fits(annotation, value) == SCHEMAS[annotation].is_valid(value)


@pytest.mark.parametrize("annotation", ["set[int]", "frozenset[int]", "Sequence[int]", "List[int]"])
def test_other_collections_are_lists(annotation: str) -> None:
    """JSON has no others."""
    assert fits(annotation, [1, 2])
    assert not fits(annotation, ["a"])
    assert not fits(annotation, 1)


@pytest.mark.parametrize(
    ("annotation", "value", "is_fitting"),
    [
        ("date", "2026-11-20", True),
        ("datetime.date", "tomorrow", False),
        ("datetime", "2026-11-20T06:00:00Z", True),
        ("datetime.datetime", 5, False),
    ],
)
def test_a_date_is_a_text_of_iso_8601(annotation: str, value: Any, is_fitting: bool) -> None:
    """Which the schema calls a format, and so does not prove."""
    assert fits(annotation, value) == is_fitting


@pytest.mark.parametrize(
    "annotation",
    [
        "FileMode",
        "Annotated[ExportOptions, Parameter(name='*')]",
        "Literal[Mode.A]",
        "not python",
        "Path",
        "list[Path]",
        "typing.Any",
    ],
)
def test_what_is_not_known_fits(annotation: str) -> None:
    """Only the schema of the imported flow can tell."""
    assert fits(annotation, [] if "list" in annotation else "x")


def test_a_reference_fits_every_parameter() -> None:
    """Prefect looks its value up when the run begins."""
    reference = {"__prefect_kind": "workspace_variable", "variable_name": "limit"}
    assert fits("int", reference)


def test_the_choices_of_literals_are_found() -> None:
    """Wherever they stand, so that the nearest can be named."""
    assert choices("Optional[Literal['a', 'b']] | list[Literal['c', 1]]") == ("a", "b", "c")
