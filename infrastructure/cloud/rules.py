"""Whether a value is one that a parameter of a template takes, before AWS is asked.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
"""

import re
from decimal import Decimal, InvalidOperation

from deployments.declaration.problems import nearest, shown
from infrastructure.cloud.templates import Parameter


def find_problem(parameter: Parameter, value: str) -> str | None:
    """Return what is wrong with a value, in words that end with what is expected; or None."""
    rules = parameter.rules
    allowed = rules.get("AllowedValues")
    if allowed is not None and value not in allowed:
        near = nearest(value, allowed)
        hint = f' Did you mean "{near}"?' if near else ""
        return f"found {shown(value)}, expected one of {', '.join(allowed)}.{hint}"
    if rules.get("Type") == "Number":
        return _number_problem(parameter, value)
    pattern = rules.get("AllowedPattern")
    if pattern is not None and re.fullmatch(pattern, value) is None:
        expected = rules.get("ConstraintDescription") or f"what {pattern} matches"
        return f"found {shown(value)}, expected {expected}."
    shortest, longest = int(rules.get("MinLength", 0)), rules.get("MaxLength")
    if len(value) < shortest:
        return f"found {shown(value)}, expected at least {shortest} characters."
    if longest is not None and len(value) > int(longest):
        return f"found {len(value)} characters, expected at most {longest}."
    return None


def _number_problem(parameter: Parameter, value: str) -> str | None:
    rules = parameter.rules
    try:
        number = Decimal(value)
    except InvalidOperation:
        return f"found {shown(value)}, expected a number."
    least, most = rules.get("MinValue"), rules.get("MaxValue")
    is_within = (least is None or number >= Decimal(least)) and (
        most is None or number <= Decimal(most)
    )
    if number.is_finite() and is_within:
        return None
    limits = " ".join(
        f"{word} {limit}"
        for word, limit in (("at least", least), ("at most", most))
        if limit is not None
    )
    expected = rules.get("ConstraintDescription") or f"a number {limits}".rstrip()
    return f"found {value}, expected {expected}."
