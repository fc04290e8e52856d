"""Parameters as CloudFormation takes or refuses them."""

import re
from collections.abc import Callable, Mapping
from typing import Any


class ValueRefused(Exception):
    """CloudFormation would refuse the parameters before it makes anything."""


def chosen_values(declared: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of all parameters.

    Args:
        declared: the section `Parameters` of a template.
        given: values by name.

    Raises:
        ValueRefused: a value is missing, unknown or against its parameter's constraints.
    """
    unknown = set(given) - set(declared)
    if unknown:
        raise ValueRefused(f"there are no parameters {sorted(unknown)}")
    values = {}
    for name, parameter in declared.items():
        if name not in given and "Default" not in parameter:
            raise ValueRefused(f"{name}: no value")
        values[name] = _checked(name, parameter, given.get(name, parameter.get("Default")))
    return values


def check_rules(rules: Mapping[str, Any], is_true: Callable[[Any], bool]) -> None:
    """Raise ValueRefused when values do not go together."""
    for rule in rules.values():
        if "RuleCondition" in rule and not is_true(rule["RuleCondition"]):
            continue
        for assertion in rule["Assertions"]:
            if not is_true(assertion["Assert"]):
                raise ValueRefused(assertion["AssertDescription"])


def _checked(name: str, parameter: Mapping[str, Any], value: Any) -> Any:
    if parameter["Type"] == "Number":
        try:
            value = int(value)
        except ValueError:
            raise ValueRefused(f"{name}: {value!r} is not a number") from None
    text = str(value)
    allowed = [str(choice) for choice in parameter.get("AllowedValues", [text])]
    is_fine = (
        text in allowed
        and re.fullmatch(parameter.get("AllowedPattern", ".*"), text, re.S) is not None
        and len(text) >= int(parameter.get("MinLength", 0))
        and len(text) <= int(parameter.get("MaxLength", len(text)))
        and ("MinValue" not in parameter or float(value) >= float(parameter["MinValue"]))
        and ("MaxValue" not in parameter or float(value) <= float(parameter["MaxValue"]))
    )
    if not is_fine:
        expected = parameter.get("ConstraintDescription", "a value that is allowed")
        raise ValueRefused(f"{name}: found {text!r}, expected {expected}")
    return value
