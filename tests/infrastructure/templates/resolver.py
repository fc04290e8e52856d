"""A template with its parameters in place: what CloudFormation would create.

What only AWS knows stays a symbol, written as `Fn::Sub` writes it: `${Vpc}`, `${Cluster.Arn}`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.infrastructure.templates.reader import Template
from tests.infrastructure.templates.values import check_rules, chosen_values

REGION = "us-east-1"
ACCOUNT = "111122223333"
PSEUDO = {
    "AWS::AccountId": ACCOUNT,
    "AWS::Partition": "aws",
    "AWS::Region": REGION,
    "AWS::URLSuffix": "amazonaws.com",
}
ZONES = [f"{REGION}{letter}" for letter in "abcdef"]
NOTHING = {"Ref": "AWS::NoValue"}

_VARIABLE = re.compile(r"\$\{(!?)([A-Za-z0-9:.]+)\}")


@dataclass(frozen=True)
class Resolved:
    """What a template makes of its parameters.

    Attributes:
        values: of all parameters.
        resources: those whose condition holds, by logical id; properties resolved.
        outputs: their values, by name.
    """

    values: Mapping[str, Any]
    resources: Mapping[str, Any]
    outputs: Mapping[str, Any]

    def of_type(self, kind: str) -> dict[str, Any]:
        """Properties of the resources of one type, by logical id."""
        return {
            name: resource.get("Properties", {})
            for name, resource in self.resources.items()
            if resource["Type"] == kind
        }


def resolve(template: Template, parameters: Mapping[str, Any]) -> Resolved:
    """Return what a template makes of parameters.

    Raises:
        ValueRefused: CloudFormation would refuse the parameters.
        KeyError: something is referred to that the template does not have.
    """
    values = chosen_values(template.get("Parameters", {}), parameters)
    resolver = _Resolver(template, values)
    check_rules(template.get("Rules", {}), resolver.is_true)
    resources = {
        name: resolver.value(resource)
        for name, resource in template["Resources"].items()
        if resolver.is_wanted(resource)
    }
    outputs = {
        name: resolver.value(output["Value"])
        for name, output in template.get("Outputs", {}).items()
        if resolver.is_wanted(output)
    }
    return Resolved(values, resources, outputs)


class _Resolver:
    """Puts values in the place of functions."""

    def __init__(self, template: Template, values: Mapping[str, Any]) -> None:
        self._template = template
        self._values = {**PSEUDO, **values}

    def is_wanted(self, part: Mapping[str, Any]) -> bool:
        """Whether the condition of a resource or an output holds."""
        return "Condition" not in part or self._holds(part["Condition"])

    def is_true(self, expression: Any) -> bool:
        """Return what a function of conditions and rules says."""
        ((function, arguments),) = expression.items()
        match function:
            case "Condition":
                return self._holds(arguments)
            case "Fn::Equals":
                left, right = (self.value(argument) for argument in arguments)
                return str(left) == str(right)
            case "Fn::Not":
                return not self.is_true(arguments[0])
            case "Fn::And":
                return all(self.is_true(argument) for argument in arguments)
            case "Fn::Or":
                return any(self.is_true(argument) for argument in arguments)
        raise KeyError(function)

    def value(self, part: Any) -> Any:
        """Return a part of the template without functions."""
        if isinstance(part, list):
            return [self.value(item) for item in part if not self._is_nothing(item)]
        if not isinstance(part, dict):
            return part
        if len(part) == 1:
            ((key, argument),) = part.items()
            if key == "Ref" or key.startswith("Fn::"):
                return self._called(key, argument)
        return {key: self.value(item) for key, item in part.items() if not self._is_nothing(item)}

    def _is_nothing(self, part: Any) -> bool:
        """Whether a part is `AWS::NoValue`, or chooses it."""
        if isinstance(part, dict) and list(part) == ["Fn::If"]:
            condition, yes, no = part["Fn::If"]
            return self._is_nothing(yes if self._holds(condition) else no)
        return bool(part == NOTHING)

    def _holds(self, condition: str) -> bool:
        return self.is_true(self._template["Conditions"][condition])

    def _called(self, function: str, argument: Any) -> Any:
        match function:
            case "Ref":
                return self._reference(argument)
            case "Fn::GetAtt":
                self._require(argument[0])
                return f"${{{'.'.join(argument)}}}"
            case "Fn::If":
                condition, yes, no = argument
                return self.value(yes if self._holds(condition) else no)
            case "Fn::Sub":
                return self._substituted(argument)
            case "Fn::Join":
                between, parts = argument
                return between.join(str(part) for part in self.value(parts))
            case "Fn::Split":
                between, text = argument
                return self.value(text).split(between)
            case "Fn::Select":
                index, items = argument
                return self.value(items)[int(index)]
            case "Fn::GetAZs":
                return ZONES
            case "Fn::FindInMap":
                first, *keys = (self.value(key) for key in argument)
                return self.value(self._template["Mappings"][first][keys[0]][keys[1]])
        raise KeyError(function)

    def _reference(self, name: str) -> Any:
        if name in self._values:
            return self._values[name]
        self._require(name)
        return f"${{{name}}}"

    def _substituted(self, argument: Any) -> str:
        text, own = argument if isinstance(argument, list) else (argument, {})
        return _VARIABLE.sub(lambda found: self._variable(found, own), text)

    def _variable(self, found: re.Match[str], own: Mapping[str, Any]) -> str:
        is_literal, name = found.groups()
        if is_literal:
            return f"${{{name}}}"
        if name in own:
            return str(self.value(own[name]))
        if "." in name:
            return str(self._called("Fn::GetAtt", name.split(".", 1)))
        return str(self._reference(name))

    def _require(self, resource: str) -> None:
        """CloudFormation refuses a reference to what is not made."""
        if not self.is_wanted(self._template["Resources"][resource]):
            raise KeyError(f"{resource} is referred to, but its condition does not hold")
