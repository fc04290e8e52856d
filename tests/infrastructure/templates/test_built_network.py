"""The network that the template describes, built by calls to the API and asked how it routes."""

from typing import Any

import pytest

from tests.infrastructure.templates.built_network import MAKERS, build
from tests.infrastructure.templates.declared import ENVIRONMENTS, OPTIONS, parameters, variant
from tests.infrastructure.templates.made_stacks import Account
from tests.infrastructure.templates.proofs import NETWORK
from tests.infrastructure.templates.reader import changed, read_template
from tests.infrastructure.templates.resolver import resolve


def brought(ec2: Any) -> dict[str, str]:
    """Parameters for addresses that are there already."""
    first, second = (ec2.allocate_address(Domain="vpc") for _ in "AB")
    return {
        "NatGateways": "one-per-zone",
        "EgressAllocationIdA": first["AllocationId"],
        "EgressAddressA": first["PublicIp"],
        "EgressAllocationIdB": second["AllocationId"],
        "EgressAddressB": second["PublicIp"],
    }


def ways_out(ec2: Any, subnets: list[str]) -> dict[str, str]:
    """Address at which each subnet's traffic appears on the internet; '' for none by NAT."""
    found = {}
    for subnet in subnets:
        of_subnet = [{"Name": "association.subnet-id", "Values": [subnet]}]
        tables = ec2.describe_route_tables(Filters=of_subnet)["RouteTables"]
        routes = [route for table in tables for route in table["Routes"]]
        gateways = [
            route.get("NatGatewayId", "")
            for route in routes
            if route.get("DestinationCidrBlock") == "0.0.0.0/0"
        ]
        found[subnet] = _address(ec2, gateways[0]) if gateways and gateways[0] else ""
    return found


def _address(ec2: Any, gateway: str) -> str:
    (found,) = ec2.describe_nat_gateways(NatGatewayIds=[gateway])["NatGateways"]
    (address,) = found["NatGatewayAddresses"]
    return str(address["PublicIp"])


@pytest.mark.parametrize("name", [*ENVIRONMENTS, "one", "one per zone", "brought"])
def test_each_private_subnet_leaves_by_an_address_of_the_outputs(
    account: Account, name: str
) -> None:
    """By one address for all of them, or by one of its own for each zone."""
    ec2 = account.client("ec2")
    stack = variant(NETWORK, name)
    if name == "brought":
        values = parameters(NETWORK, "production", **brought(ec2))
        stack = resolve(read_template(NETWORK), values)
    built = build(stack, ec2)
    addresses = built.text(stack.outputs["EgressAddresses"]).split(",")
    subnets = built.text(stack.outputs["PrivateSubnetIds"]).split(",")
    ways = ways_out(ec2, subnets)
    assert set(ways.values()) == set(addresses)
    assert len(subnets) == 2
    assert len(addresses) == {"one": 1, "one-per-zone": 2}[stack.values["NatGateways"]]


def test_a_private_subnet_that_is_broken_is_noticed(account: Account) -> None:
    """A private subnet with the public route table leaves by no NAT gateway."""
    ec2 = account.client("ec2")
    path = ("Resources", "PrivateSubnetBRouting", "Properties", "RouteTableId")
    broken = changed(read_template(NETWORK), *path, to={"Ref": "PublicRouteTable"})
    stack = resolve(broken, parameters(NETWORK, "production"))
    built = build(stack, ec2)
    first, second = built.text(stack.outputs["PrivateSubnetIds"]).split(",")
    ways = ways_out(ec2, [first, second])
    assert ways[first] in built.text(stack.outputs["EgressAddresses"])
    assert ways[second] == ""


def test_nothing_gets_a_public_address_and_nothing_comes_in(account: Account) -> None:
    """Neither in public nor in private subnets; the group lets HTTPS and declared ports out."""
    ec2 = account.client("ec2")
    stack = resolve(read_template(NETWORK), parameters(NETWORK, "production", **OPTIONS["all"]))
    built = build(stack, ec2)
    vpc = [{"Name": "vpc-id", "Values": [built.ids["Vpc"]]}]
    subnets = ec2.describe_subnets(Filters=vpc)["Subnets"]
    assert [subnet["MapPublicIpOnLaunch"] for subnet in subnets] == [False] * 4
    assert {subnet["AvailabilityZone"] for subnet in subnets} == {"us-east-1a", "us-east-1b"}
    (group,) = ec2.describe_security_groups(GroupIds=[built.ids["TaskSecurityGroup"]])[
        "SecurityGroups"
    ]
    assert group["IpPermissions"] == []
    out = {
        (rule["FromPort"], rule["ToPort"], place["CidrIp"])
        for rule in group["IpPermissionsEgress"]
        for place in rule["IpRanges"]
    }
    assert out == {
        (443, 443, "0.0.0.0/0"),
        (5440, 5440, "10.0.0.0/16"),
        (22, 22, "198.51.100.0/24"),
    }


def test_s3_is_reached_from_both_private_subnets_without_nat(account: Account) -> None:
    """The endpoint is in the route table of each of them, and in no public one."""
    ec2 = account.client("ec2")
    stack = variant(NETWORK, "staging")
    built = build(stack, ec2)
    (endpoint,) = ec2.describe_vpc_endpoints(VpcEndpointIds=[built.ids["S3Endpoint"]])[
        "VpcEndpoints"
    ]
    private = {built.ids["PrivateRouteTableA"], built.ids["PrivateRouteTableB"]}
    assert set(endpoint["RouteTableIds"]) == private


def test_every_resource_of_the_network_is_built() -> None:
    """What the template gains has to be built here, too."""
    stack = variant(NETWORK, "all")
    kinds = {resource["Type"] for resource in stack.resources.values()}
    assert {kind for kind in kinds if kind.startswith("AWS::EC2::")} == set(MAKERS)
