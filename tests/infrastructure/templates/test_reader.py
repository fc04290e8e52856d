"""The reader of templates does what CloudFormation does."""

from typing import Any

import pytest

from infrastructure.cloud import resolving
from tests.infrastructure.templates.declared import VARIANTS, variant
from tests.infrastructure.templates.reader import NAMES, changed, read_template, read_text
from tests.infrastructure.templates.resolver import Resolved, resolve
from tests.infrastructure.templates.values import ValueRefused

TEMPLATE = """
Parameters:
  Size: {Type: Number, Default: 3, MinValue: 1, MaxValue: 9, ConstraintDescription: 1 to 9}
  Kind: {Type: String, AllowedValues: [small, large]}
  Range: {Type: String, Default: 10.64.0.0/16, AllowedPattern: "[0-9./]+"}
Mappings:
  Zones: {large: {number: two}, small: {number: one}}
Rules:
  LargeIsBig:
    RuleCondition: !Equals [!Ref Kind, large]
    Assertions:
      - Assert: !Not [!Equals [!Ref Size, 1]]
        AssertDescription: Kind is large, so Size must be more than 1.
Conditions:
  IsLarge: !Equals [!Ref Kind, large]
  IsThree: !Equals [!Ref Size, "3"]
  Both: !And [Condition: IsLarge, Condition: IsThree]
  Either: !Or [Condition: IsLarge, Condition: IsThree]
  Small: !Not [Condition: IsLarge]
Resources:
  Always: {Type: A, DeletionPolicy: Retain, Properties: {Value: PLACEHOLDER}}
  Sometimes: {Type: A, Condition: IsLarge}
Outputs:
  Sum: {Value: !Join [",", [!Ref Always, !GetAtt Always.Arn]]}
  Extra: {Condition: IsLarge, Value: !GetAtt Sometimes.Nested.Arn}
"""
VALUE = ("Resources", "Always", "Properties", "Value")


def value(short_form: str, kind: str = "large") -> Any:
    """What a value of a property comes to."""
    text = TEMPLATE.replace("PLACEHOLDER", short_form)
    return resolve(read_text(text), {"Kind": kind}).of_type("A")["Always"].get("Value", "absent")


def made(kind: str = "large", **others: str) -> Resolved:
    """The template with parameters."""
    return resolve(read_text(TEMPLATE), {"Kind": kind, **others})


@pytest.mark.parametrize(
    ("short_form", "expected"),
    [
        ("!Ref Size", 3),
        ("!Ref Always", "${Always}"),
        ("!Ref AWS::Region", "us-east-1"),
        ("!GetAtt Always.Arn", "${Always.Arn}"),
        ("!GetAtt [Always, Arn]", "${Always.Arn}"),
        ('!Sub "${Kind}-${Always.Arn}-${AWS::AccountId}"', "large-${Always.Arn}-111122223333"),
        ('!Sub "${!Literal}"', "${Literal}"),
        ('!Sub ["${Own}/${Size}", {Own: !Ref Kind}]', "large/3"),
        ('!Select [1, !Split [".", !Ref Range]]', "64"),
        ('!Join [".", [!Select [0, !Split [".", !Ref Range]], "1.0/24"]]', "10.1.0/24"),
        ('!Select [1, !GetAZs ""]', "us-east-1b"),
        ("!FindInMap [Zones, !Ref Kind, number]", "two"),
        ("!If [IsLarge, !Ref Size, other]", 3),
        ("!If [Both, both, no]", "both"),
        ("!If [Either, either, no]", "either"),
        ("!If [Small, !Ref Sometimes, chosen]", "chosen"),
        ("[one, !If [Small, two, !Ref AWS::NoValue]]", ["one"]),
        ("!Ref AWS::NoValue", "absent"),
        ("!If [IsLarge, !Ref AWS::NoValue, here]", "absent"),
        ("{Deep: [{Er: !Ref Kind}]}", {"Deep": [{"Er": "large"}]}),
    ],
)
def test_functions_come_to_their_values(short_form: str, expected: object) -> None:
    """Short forms, nested ones too; what only AWS knows stays a symbol."""
    assert value(short_form) == expected


def test_what_has_a_condition_that_does_not_hold_is_not_made() -> None:
    """Resources and outputs."""
    large, small = made("large"), made("small")
    assert (set(large.resources), set(large.outputs)) == ({"Always", "Sometimes"}, {"Sum", "Extra"})
    assert (set(small.resources), set(small.outputs)) == ({"Always"}, {"Sum"})
    assert large.outputs["Sum"] == "${Always},${Always.Arn}"
    assert large.outputs["Extra"] == "${Sometimes.Nested.Arn}"
    assert small.resources["Always"]["DeletionPolicy"] == "Retain"


@pytest.mark.parametrize("short_form", ["!Ref Sometimes", "!Sub '${Sometimes.Arn}'"])
def test_a_reference_to_what_is_not_made_is_refused(short_form: str) -> None:
    """As CloudFormation refuses it."""
    with pytest.raises(KeyError, match="its condition does not hold"):
        value(short_form, "small")


@pytest.mark.parametrize("short_form", ["!Ref Nobody", "!Transform x"])
def test_what_is_unknown_is_refused(short_form: str) -> None:
    """A resource or a function that is not there is never taken for text."""
    with pytest.raises(KeyError):
        value(short_form)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({}, "Kind: no value"),
        ({"Kind": "huge"}, "Kind: found 'huge', expected"),
        ({"Kind": "small", "Size": "10"}, "Size: found '10', expected 1 to 9"),
        ({"Kind": "small", "Size": "0"}, "Size: found '0', expected 1 to 9"),
        ({"Kind": "small", "Size": "some"}, "Size: 'some' is not a number"),
        ({"Kind": "small", "Range": "wide"}, "Range: found 'wide'"),
        ({"Kind": "small", "Color": "red"}, "there are no parameters \\['Color'\\]"),
        ({"Kind": "large", "Size": "1"}, "so Size must be more than 1"),
    ],
)
def test_values_are_refused_as_cloudformation_refuses_them(
    values: dict[str, str], message: str
) -> None:
    """A value that is missing, unknown, against its constraints or against a rule."""
    with pytest.raises(ValueRefused, match=message):
        resolve(read_text(TEMPLATE), values)


def test_a_copy_is_changed() -> None:
    """The template that others read stays as it is."""
    template = read_text(TEMPLATE)
    assert (
        changed(template, *VALUE, to="new")["Resources"]["Always"]["Properties"]["Value"] == "new"
    )
    assert "Always" not in changed(template, "Resources", "Always")["Resources"]
    added = changed(template, "Resources", "New", "Properties", "Deep", to=1)
    assert added["Resources"]["New"] == {"Properties": {"Deep": 1}}
    assert template == read_text(TEMPLATE)


@pytest.mark.parametrize("name", VARIANTS)
@pytest.mark.parametrize("template", NAMES)
def test_plans_see_the_same_resources(template: str, name: str) -> None:
    """What `python -m infrastructure plan` reads without AWS is what this reader reads."""
    expected = variant(template, name)
    text = {key: str(value) for key, value in expected.values.items()}
    assert set(resolving.resolve(read_template(template), text)) == set(expected.resources)
