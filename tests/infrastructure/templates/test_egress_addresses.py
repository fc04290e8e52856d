"""The addresses on other people's allow lists are known, as many as declared, and stay."""

import pytest

from tests.infrastructure.templates.declared import OPTIONS, VARIANTS, resolved, variant
from tests.infrastructure.templates.proofs import NETWORK, Broken, Rule
from tests.infrastructure.templates.rules import addresses
from tests.infrastructure.templates.values import ValueRefused

RULES = (addresses.retention, addresses.outputs, addresses.number)

BROKEN = (
    Broken(
        addresses.retention,
        ("EgressIpA", "DeletionPolicy"),
        "EgressIpA: DeletionPolicy is Delete",
    ),
    Broken(
        addresses.retention,
        ("EgressIpB", "UpdateReplacePolicy"),
        "EgressIpB: UpdateReplacePolicy is Snapshot",
        to="Snapshot",
    ),
    Broken(
        addresses.outputs,
        ("NatGatewayB", "Properties", "AllocationId"),
        "${EgressIpB} is used or named, not both",
        to={"Fn::GetAtt": ["EgressIpA", "AllocationId"]},
    ),
    Broken(
        addresses.outputs,
        ("NatGatewayA", "Properties", "AllocationId"),
        "an empty one is used or named, not both",
        to="eipalloc-0123456789abcdef9",
    ),
    Broken(addresses.number, ("NatGatewayB", "Condition"), "2 NAT gateways", chosen=OPTIONS["one"]),
    Broken(
        addresses.number,
        ("NatGatewayB", "Properties", "AllocationId"),
        "2 NAT gateways with 1 addresses",
        to={"Fn::GetAtt": ["EgressIpA", "AllocationId"]},
    ),
)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("name", VARIANTS)
def test_the_addresses_keep_to_the_rule(name: str, rule: Rule) -> None:
    """In every environment and with every option, the rule finds nothing."""
    assert rule(variant(NETWORK, name)) == []


@pytest.mark.parametrize("broken", BROKEN, ids=str)
def test_the_rule_notices_an_address_that_could_be_lost(broken: Broken) -> None:
    """An address that goes with its stack, or that nobody is told of, is found."""
    assert any(broken.found in finding for finding in broken.findings())


def test_every_rule_was_tried() -> None:
    """No rule is trusted that never found anything."""
    assert {broken.rule for broken in BROKEN} == set(RULES)


@pytest.mark.parametrize(
    ("option", "expected"),
    [
        ("one", "${EgressIpA}"),
        ("one per zone", "${EgressIpA},${EgressIpB}"),
        ("brought", "192.0.2.1,192.0.2.2"),
        ("half brought", "192.0.2.1,${EgressIpB}"),
    ],
)
def test_addresses_are_made_or_brought(option: str, expected: str) -> None:
    """The output names them in the order of the zones, whoever made them."""
    assert variant(NETWORK, option).outputs["EgressAddresses"] == expected


@pytest.mark.parametrize("letter", "AB")
def test_a_brought_address_must_be_told(letter: str) -> None:
    """CloudFormation cannot look up which address an allocation id stands for."""
    brought = {f"EgressAllocationId{letter}": "eipalloc-0123456789abcdef0"}
    with pytest.raises(ValueRefused, match=f"so EgressAddress{letter} must be the address"):
        resolved(NETWORK, **brought)
