"""A template with its parameters put in: which resources there are, with which properties.

What only AWS knows (the address of an Elastic IP, the ARN of a role) stays as the template writes
it. Good enough to say which resources a template makes, and which differ between two templates.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

PLACEHOLDER = re.compile(r"\$\{([A-Za-z0-9:.]+)\}")
NOTHING = object()
"""What `AWS::NoValue` stands for."""


@dataclass(frozen=True)
class Resource:
    """One resource of a template.

    Attributes:
        type: AWS::EC2::EIP and so on.
        properties: by name; functions of AWS's own values stay written out.
        rest: everything else that the template says of it.
    """

    type: str
    properties: Mapping[str, Any]
    rest: Mapping[str, Any]


def resolve(content: Mapping[str, Any], parameters: Mapping[str, str]) -> dict[str, Resource]:
    """Return the resources of a template by logical id, those left out by a condition aside.

    Args:
        content: of the template, as `templates.parse` returns it.
        parameters: of all its parameters.
    """
    resolution = _Resolution(content, parameters)
    found = {}
    for name, resource in content["Resources"].items():
        if "Condition" in resource and not resolution.condition(resource["Condition"]):
            continue
        written = {key: resolution.value(value) for key, value in resource.items()}
        found[name] = Resource(
            type=written.pop("Type", ""),
            properties=written.pop("Properties", {}),
            rest=written,
        )
    return found


def broken_rules(content: Mapping[str, Any], parameters: Mapping[str, str]) -> list[str]:
    """Return what the rules of a template have against its parameters, in the template's words.

    Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/rules-section-structure.html
    """
    resolution = _Resolution(content, parameters)
    return [
        assertion.get("AssertDescription", f"the rule {name} does not hold")
        for name, rule in content.get("Rules", {}).items()
        if "RuleCondition" not in rule or resolution.holds(rule["RuleCondition"])
        for assertion in rule["Assertions"]
        if not resolution.holds(assertion["Assert"])
    ]


class _Resolution:
    def __init__(self, content: Mapping[str, Any], parameters: Mapping[str, str]) -> None:
        self._conditions = content.get("Conditions", {})
        self._parameters = parameters
        self._mappings = content.get("Mappings", {})

    def condition(self, name: str) -> bool:
        """Return whether a condition of the template holds."""
        return self.holds(self._conditions[name])

    def value(self, value: Any) -> Any:
        """Return a value with everything put in that the parameters decide."""
        if isinstance(value, list):
            items = [self.value(item) for item in value]
            return [item for item in items if item is not NOTHING]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            ((function, argument),) = value.items()
            if function == "Ref":
                return self._reference(argument)
            if function == "Fn::If":
                name, then, otherwise = argument
                return self.value(then if self.condition(name) else otherwise)
            if function == "Fn::Sub" and isinstance(argument, str):
                return self._substitute(argument)
            if function == "Fn::FindInMap":
                return self._find(*(self.value(part) for part in argument))
        written = {key: self.value(part) for key, part in value.items()}
        return {key: part for key, part in written.items() if part is not NOTHING}

    def holds(self, condition: Any) -> bool:
        """Return whether an expression of conditions is true."""
        ((function, argument),) = condition.items()
        if function == "Condition":
            return self.condition(argument)
        if function == "Fn::Not":
            return not self.holds(argument[0])
        if function == "Fn::And":
            return all(map(self.holds, argument))
        if function == "Fn::Or":
            return any(map(self.holds, argument))
        if function == "Fn::Equals":
            left, right = (self.value(side) for side in argument)
            return bool(left == right)
        return True  # a function of rules, which AWS judges

    def _reference(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return NOTHING
        return self._parameters.get(name, {"Ref": name})

    def _substitute(self, text: str) -> Any:
        done = PLACEHOLDER.sub(lambda found: self._parameters.get(found[1], found[0]), text)
        return {"Fn::Sub": done} if PLACEHOLDER.search(done) else done

    def _find(self, name: Any, first: Any, second: Any) -> Any:
        try:
            return self._mappings[name][first][second]
        except (KeyError, TypeError):
            return {"Fn::FindInMap": [name, first, second]}
