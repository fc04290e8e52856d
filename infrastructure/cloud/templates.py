"""The templates in infrastructure/ as data: what they ask for, what they make, what they give."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from utilities.errors import DeclarationInvalid

LARGEST_BYTES = 51_200
"""https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html"""


# Of its own, because it learns the short forms of functions; the C one is 8 times faster.
_LOADER: Any = type("Loader", (getattr(yaml, "CBaseLoader", yaml.BaseLoader),), {})


@dataclass(frozen=True)
class Parameter:
    """What a template asks for.

    Attributes:
        name: in the template.
        default: None when it has to be given.
        rules: everything the template says of it: Type, AllowedValues, ...
    """

    name: str
    default: str | None
    rules: Mapping[str, Any]


@dataclass(frozen=True)
class Template:
    """A template.

    Attributes:
        file: from the root of the repository.
        body: as AWS gets it.
        content: the same as data; short forms such as `!Ref` are written out, and every scalar is
            a text, as it is to CloudFormation.
    """

    file: str
    body: str
    content: Mapping[str, Any]

    @property
    def parameters(self) -> dict[str, Parameter]:
        """What it asks for, by name."""
        return {
            name: Parameter(name, rules.get("Default"), rules)
            for name, rules in self.content.get("Parameters", {}).items()
        }

    @property
    def outputs(self) -> frozenset[str]:
        """Names of what it gives; some may depend on a condition."""
        return frozenset(self.content.get("Outputs", {}))


def read_template(root: Path, file: Path) -> Template:
    """Return a template of the repository.

    Raises:
        DeclarationInvalid: it is missing, is no template, or is one that CloudFormation refuses.
    """
    try:
        body = (root / file).read_text(encoding="utf-8")
    except OSError as error:
        raise DeclarationInvalid(
            f"{file}: the template cannot be read ({error.strerror}). Run this in the root of the "
            "repository."
        ) from None
    size = len(body.encode())
    if size > LARGEST_BYTES:
        raise DeclarationInvalid(
            f"{file}: the template has {size:,} bytes; CloudFormation takes {LARGEST_BYTES:,} in a "
            "request. Move a part of it into a template of its own."
        )
    return Template(str(file), body, parse(str(file), body))


def parse(name: str, body: str) -> Mapping[str, Any]:
    """Return a template as data.

    Raises:
        DeclarationInvalid: it is no template, or has an alias.
    """
    try:
        for event in yaml.parse(body, _LOADER):
            if isinstance(event, yaml.AliasEvent):
                # "Template error: YAML aliases are not allowed in CloudFormation templates":
                # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html
                raise DeclarationInvalid(
                    f"{name}:{_line(event)}: *{event.anchor} is an alias, which "
                    "CloudFormation does not take. Write out what it stands for."
                )
        content = yaml.load(body, _LOADER)
    except yaml.YAMLError as error:
        raise DeclarationInvalid(f"{name}: not YAML: {error}") from None
    if not isinstance(content, dict) or not isinstance(content.get("Resources"), dict):
        raise DeclarationInvalid(f"{name}: no template: it has no Resources.")
    return content


def _line(event: Any) -> int:
    line: int = event.start_mark.line + 1
    return line


def _function(loader: Any, suffix: str, node: Any) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
        if suffix == "GetAtt":
            value = value.split(".", 1)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


_LOADER.add_multi_constructor("!", _function)
