"""The addresses that are on other people's allow lists stay ours."""

from tests.infrastructure.templates.resolver import Resolved
from tests.infrastructure.templates.rules.network import address_of

KEPT = ("DeletionPolicy", "UpdateReplacePolicy")


def retention(stack: Resolved) -> list[str]:
    """Whoever deletes or replaces an address in the stack keeps it in the account."""
    return [
        f"{name}: {policy} is {resource.get(policy, 'Delete')}"
        for name, resource in stack.resources.items()
        for policy in KEPT
        if resource["Type"] == "AWS::EC2::EIP" and resource.get(policy) != "Retain"
    ]


def outputs(stack: Resolved) -> list[str]:
    """The output names the address of each NAT gateway, and no other."""
    named = stack.outputs["EgressAddresses"].split(",")
    used = [address_of(stack, name) for name in stack.of_type("AWS::EC2::NatGateway")]
    wrong = sorted(set(named) ^ set(used))
    return [f"{address or 'an empty one'} is used or named, not both" for address in wrong]


def number(stack: Resolved) -> list[str]:
    """One NAT gateway for `one`, two for `one-per-zone`, each with an address of its own."""
    gateways = stack.of_type("AWS::EC2::NatGateway")
    expected = {"one": 1, "one-per-zone": 2}[stack.values["NatGateways"]]
    addresses = {gateway["AllocationId"] for gateway in gateways.values()}
    if len(gateways) == len(addresses) == expected:
        return []
    return [f"{len(gateways)} NAT gateways with {len(addresses)} addresses, expected {expected}"]
