"""Which values a parameter takes, as CloudFormation decides it."""

import pytest

from infrastructure.cloud.rules import find_problem
from infrastructure.cloud.templates import Parameter


@pytest.mark.parametrize(
    ("rules", "value", "problem"),
    [
        ({"AllowedValues": ["one", "two"]}, "one", None),
        (
            {"AllowedValues": ["one", "two"]},
            "tow",
            'found the text "tow", expected one of one, two. Did you mean "two"?',
        ),
        ({"AllowedPattern": "[a-z]+"}, "abc", None),
        (
            {"AllowedPattern": "[a-z]+"},
            "abc1",
            'found the text "abc1", expected what [a-z]+ matches.',
        ),
        (
            {"AllowedPattern": "[a-z]+", "ConstraintDescription": "small letters"},
            "A",
            'found the text "A", expected small letters.',
        ),
        ({"MinLength": "2"}, "a", 'found the text "a", expected at least 2 characters.'),
        ({"MaxLength": "2"}, "abc", "found 3 characters, expected at most 2."),
        ({"Type": "Number"}, "1.5", None),
        ({"Type": "Number"}, "many", 'found the text "many", expected a number.'),
        ({"Type": "Number"}, "NaN", "found NaN, expected a number."),
        ({"Type": "Number", "MinValue": "1"}, "0", "found 0, expected a number at least 1."),
        (
            {"Type": "Number", "MinValue": "1", "MaxValue": "3"},
            "9",
            "found 9, expected a number at least 1 at most 3.",
        ),
        ({}, "", None),
    ],
)
def test_a_value_is_judged_as_aws_would(
    rules: dict[str, str], value: str, problem: str | None
) -> None:
    """The problem says what was found and what is expected."""
    assert find_problem(Parameter("P", None, rules), value) == problem
