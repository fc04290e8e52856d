"""What editors complete is what is validated."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from deployments.declaration.editor_schemas import FOLDER, SHAPES, editor_schemas
from deployments.declaration.kinds import Kind
from deployments.declaration.shapes import AnyOf, ListOf, MapOf, Shape

REPOSITORY = Path(__file__).parents[4]
FILES = {"prefect.schema.json": "prefect.yaml", "environments.schema.json": "environments.yaml"}


def validator(file: str) -> Draft202012Validator:
    """Return what an editor would check the file with."""
    schema = json.loads((FOLDER / file).read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@pytest.mark.parametrize("file", FILES)
def test_the_schemas_are_those_that_validate(file: str) -> None:
    """After a change: python -m deployments.declaration.editor_schemas"""
    written = json.loads((FOLDER / file).read_text(encoding="utf-8"))
    assert written == editor_schemas()[file]


@pytest.mark.parametrize("file", FILES)
def test_this_repositorys_files_fit_their_schemas(file: str) -> None:
    """And their first line tells editors where the schema is."""
    text = (REPOSITORY / FILES[file]).read_text(encoding="utf-8")
    validator(file).validate(yaml.safe_load(text))
    first = text.splitlines()[0]
    assert first == f"# yaml-language-server: $schema=deployments/declaration/schemas/{file}"


def shapes(kind: Kind, schema: Any) -> Iterator[tuple[Shape, Any]]:
    """Yield every shape below a kind, with its part of the schema."""
    if isinstance(kind, AnyOf):
        for one, part in zip(kind.kinds, schema["anyOf"], strict=True):
            yield from shapes(one, part)
    elif isinstance(kind, Shape):
        yield kind, schema
        for name, key in kind.keys.items():
            part = schema["properties"][name]
            yield from shapes(key.kind, part["anyOf"][0] if key.may_be_empty else part)
    elif isinstance(kind, ListOf):
        yield from shapes(kind.kind, schema["items"])
    elif isinstance(kind, MapOf):
        yield from shapes(kind.kind, schema["additionalProperties"])


@pytest.mark.parametrize("file", FILES)
def test_every_key_is_in_both(file: str) -> None:
    """Known, described, required and refused in the same way at every level."""
    found = list(shapes(SHAPES[file], editor_schemas()[file]))
    assert len(found) >= 5
    for shape, part in found:
        known = {name for name, value in part["properties"].items() if value is not False}
        assert known == set(shape.keys)
        assert set(part["required"]) == {n for n, key in shape.keys.items() if key.required}
        assert all(part["properties"][name]["description"] for name in known)
        assert not known & set(shape.refused)


@pytest.mark.parametrize(
    "change",
    [
        {"deployments": [{"name": "a", "entrypoint": "b:c", "work_pool": {"nam": "ecs"}}]},
        {"deployments": {}},
        {"build": []},
        {"pulll": []},
        {"name": 5},
    ],
)
def test_editors_mark_what_is_wrong(change: dict[str, Any]) -> None:
    """An unknown key, a wrong type, a refused key."""
    right = {"name": "shop", "pull": [], "deployments": [], "x-own": 1}
    assert validator("prefect.schema.json").is_valid(right)
    assert not validator("prefect.schema.json").is_valid(right | change)
