"""A template with its parameters put in."""

from textwrap import dedent
from typing import Any

import pytest

from infrastructure.cloud.resolving import Resource, broken_rules, resolve
from infrastructure.cloud.templates import parse
from utilities.errors import DeclarationInvalid


def resolved(text: str, **parameters: str) -> dict[str, Resource]:
    """Return the resources of a template."""
    return resolve(parse("made.yaml", dedent(text)), parameters)


def value(text: str, **parameters: str) -> Any:
    """Return what one property becomes."""
    content = {"Resources": {"R": {"Type": "T", "Properties": {"P": None}}}}
    content["Resources"]["R"]["Properties"] = parse("p", f"Resources: {{P: {text}}}")["Resources"]
    return resolve(content, parameters)["R"].properties.get("P", "left out")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("!Ref Name", "blue"),
        ("!Ref Other", {"Ref": "Other"}),
        ("!Sub '${Name}-x'", "blue-x"),
        ("!Sub '${Name}-${AWS::Region}'", {"Fn::Sub": "blue-${AWS::Region}"}),
        ("!GetAtt Role.Arn", {"Fn::GetAtt": ["Role", "Arn"]}),
        ("!GetAtt [Role, Arn]", {"Fn::GetAtt": ["Role", "Arn"]}),
        ("!Ref AWS::NoValue", "left out"),
        ("[1, !Ref AWS::NoValue, !Ref Name]", ["1", "blue"]),
        ("{A: yes, B: !Ref AWS::NoValue}", {"A": "yes"}),
        ("!Join ['-', [!Ref Name, b]]", {"Fn::Join": ["-", ["blue", "b"]]}),
        ("2012-10-17", "2012-10-17"),
    ],
)
def test_parameters_are_put_in_and_the_rest_stays(text: str, expected: Any) -> None:
    """What only AWS knows stays as the template writes it; scalars are texts."""
    assert value(text, Name="blue") == expected


CONDITIONAL = """
    Mappings: {Sizes: {big: {Cpu: 4096}}}
    Conditions:
      IsTwo: !Equals [!Ref Count, two]
      IsNamed: !Not [!Equals [!Ref Name, ""]]
      Both: !And [!Condition IsTwo, !Condition IsNamed]
      Either: !Or [!Condition IsTwo, !Condition IsNamed]
    Resources:
      Always: {Type: A, Properties: {P: !If [IsTwo, yes, !Ref AWS::NoValue]}}
      Two: {Type: A, Condition: IsTwo}
      Both: {Type: A, Condition: Both}
      Either: {Type: A, Condition: Either, Properties: {Cpu: !FindInMap [Sizes, big, Cpu]}}
"""


@pytest.mark.parametrize(
    ("count", "name", "there"),
    [
        ("two", "x", ["Always", "Two", "Both", "Either"]),
        ("two", "", ["Always", "Two", "Either"]),
        ("one", "x", ["Always", "Either"]),
        ("one", "", ["Always"]),
    ],
)
def test_conditions_decide_what_there_is(count: str, name: str, there: list[str]) -> None:
    """As CloudFormation reads them."""
    found = resolved(CONDITIONAL, Count=count, Name=name)
    assert list(found) == there
    assert ("P" in found["Always"].properties) == (count == "two")
    if "Either" in found:
        assert found["Either"].properties == {"Cpu": "4096"}


def test_rules_are_judged_where_they_apply() -> None:
    """In the template's words; a function that only AWS knows is left to it."""
    content = parse(
        "made.yaml",
        dedent("""
            Rules:
              Named:
                RuleCondition: !Equals [!Ref Count, two]
                Assertions:
                  - {Assert: !Not [!Equals [!Ref Name, ""]], AssertDescription: Name it.}
              Known:
                Assertions:
                  - {Assert: !Contains [[a, b], !Ref Name]}
            Resources: {}
            """),
    )
    assert broken_rules(content, {"Count": "two", "Name": ""}) == ["Name it."]
    assert broken_rules(content, {"Count": "one", "Name": ""}) == []
    assert broken_rules(content, {"Count": "two", "Name": "x"}) == []


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("a: [", "made.yaml: not YAML: "),
        ("- 1", "made.yaml: no template: it has no Resources."),
        ("Resources: {A: &x {Type: T}, B: *x}", "made.yaml:1: *x is an alias"),
    ],
)
def test_what_is_no_template_is_told(body: str, text: str) -> None:
    """With the file that has to be mended."""
    with pytest.raises(DeclarationInvalid) as caught:
        parse("made.yaml", body)
    assert str(caught.value).startswith(text)
