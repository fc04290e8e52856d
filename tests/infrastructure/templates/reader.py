"""CloudFormation templates read as CloudFormation reads them: short forms become long ones."""

import copy
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parents[3] / "infrastructure"
NAMES = ("container_registry", "storage", "fixed_egress_ecs", "github_oidc")

Template = dict[str, Any]

DELETED = object()
"""What `changed` takes for a value that is not to be there."""


class _Loader(yaml.SafeLoader):
    """Knows `!Ref`, `!Sub` and the others."""


def _long_form(loader: _Loader, tag: str, node: yaml.Node) -> dict[str, Any]:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html"""
    if isinstance(node, yaml.SequenceNode):
        value: Any = loader.construct_sequence(node, deep=True)
    elif isinstance(node, yaml.MappingNode):
        value = loader.construct_mapping(node, deep=True)
    else:
        assert isinstance(node, yaml.ScalarNode)
        value = loader.construct_scalar(node)
    if tag == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {tag if tag in ("Ref", "Condition") else f"Fn::{tag}": value}


_Loader.add_multi_constructor("!", _long_form)


def read_text(text: str) -> Template:
    """Return a template."""
    template: Template = yaml.load(text, _Loader)
    return template


@cache
def read_template(name: str) -> Template:
    """Return one of the repository's templates, by the name of its file; not to be changed."""
    return read_text((FOLDER / f"{name}.yaml").read_text())


def changed(template: Template, *path: str | int, to: Any = DELETED) -> Template:
    """Return a copy of a template with another value at a path, or with none there.

    Keys that are missing on the way are made, so that a resource can be added whole.
    """
    result: Template = copy.deepcopy(template)
    place: Any = result
    for key in path[:-1]:
        place = place.setdefault(key, {}) if isinstance(place, dict) else place[key]
    if to is DELETED:
        del place[path[-1]]
    else:
        place[path[-1]] = to
    return result
