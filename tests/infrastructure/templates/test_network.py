"""Runs leave by the NAT gateways alone, and nothing reaches them."""

import pytest

from tests.infrastructure.templates.declared import VARIANTS, variant
from tests.infrastructure.templates.proofs import NETWORK, Broken, Rule
from tests.infrastructure.templates.rules import network

RULES = (
    network.public_addresses,
    network.private_routes,
    network.zones,
    network.security_groups,
    network.endpoint,
)
SERVICE = ("WorkerService", "Properties", "NetworkConfiguration", "AwsvpcConfiguration")
GROUP = ("TaskSecurityGroup", "Properties")
INTERNET = {
    "Type": "AWS::EC2::Route",
    "Properties": {
        "RouteTableId": {"Ref": "PrivateRouteTableA"},
        "DestinationCidrBlock": "0.0.0.0/0",
        "GatewayId": {"Ref": "InternetGateway"},
    },
}
EVERYTHING = {"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}

BROKEN = (
    Broken(
        network.public_addresses,
        ("PrivateSubnetA", "Properties", "MapPublicIpOnLaunch"),
        "PrivateSubnetA gives public addresses",
        to=True,
    ),
    Broken(
        network.public_addresses,
        ("PublicSubnetB", "Properties", "MapPublicIpOnLaunch"),
        "PublicSubnetB gives public addresses",
    ),
    Broken(
        network.public_addresses,
        (*SERVICE, "AssignPublicIp"),
        "WorkerService asks for a public address",
        to="ENABLED",
    ),
    Broken(
        network.public_addresses,
        ("WorkerService", "Properties", "NetworkConfiguration"),
        "WorkerService runs in no subnet",
    ),
    Broken(
        network.public_addresses,
        (*SERVICE, "Subnets"),
        "WorkerService runs in ['${PublicSubnetA}']",
        to=[{"Ref": "PublicSubnetA"}],
    ),
    Broken(
        network.public_addresses,
        ("WorkerTaskDefinition", "Properties", "NetworkMode"),
        "WorkerTaskDefinition uses the network of its host",
        to="host",
    ),
    Broken(
        network.public_addresses,
        ("Given",),
        "Given gives an address away",
        to={"Type": "AWS::EC2::EIPAssociation", "Properties": {}},
    ),
    Broken(
        network.public_addresses,
        ("EgressIpA", "Properties", "InstanceId"),
        "EgressIpA belongs to an instance",
        to="i-0123456789abcdef0",
    ),
    Broken(
        network.private_routes,
        ("PrivateDefaultRouteA",),
        "${PrivateSubnetA} leaves by {'RouteTableId'",
        to=INTERNET,
    ),
    Broken(
        network.private_routes,
        ("PrivateDefaultRouteB",),
        "${PrivateSubnetB} leaves by None",
    ),
    Broken(
        network.private_routes,
        ("PrivateSubnetBRouting", "Properties", "RouteTableId"),
        "${PrivateSubnetB} leaves by {'RouteTableId': '${PublicRouteTable}'",
        to={"Ref": "PublicRouteTable"},
    ),
    Broken(
        network.private_routes,
        ("NatGatewayB", "Properties", "SubnetId"),
        "NatGatewayB, which is not in a public subnet",
        to={"Ref": "PrivateSubnetB"},
    ),
    Broken(
        network.private_routes,
        ("NatGatewayA", "Properties", "AllocationId"),
        "NatGatewayA, whose address is no output",
        to="eipalloc-0123456789abcdef9",
    ),
    Broken(
        network.zones,
        ("PrivateSubnetB", "Properties", "AvailabilityZone"),
        "the private subnets are in one zone",
        to={"Fn::Select": [0, {"Fn::GetAZs": ""}]},
    ),
    Broken(
        network.zones,
        ("PrivateDefaultRouteB", "Properties", "NatGatewayId"),
        "${PrivateSubnetB} leaves through another zone",
        to={"Ref": "NatGatewayA"},
    ),
    Broken(
        network.security_groups,
        (*GROUP, "SecurityGroupIngress"),
        "TaskSecurityGroup lets in",
        to=[{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "10.0.0.0/8"}],
    ),
    Broken(
        network.security_groups,
        ("Inbound",),
        "Inbound lets in",
        to={"Type": "AWS::EC2::SecurityGroupIngress", "Properties": {}},
    ),
    Broken(
        network.security_groups,
        ("Outbound",),
        "TaskSecurityGroup lets out ('-1'",
        to={"Type": "AWS::EC2::SecurityGroupEgress", "Properties": EVERYTHING},
    ),
    Broken(
        network.security_groups,
        (*GROUP, "SecurityGroupEgress"),
        "TaskSecurityGroup lets out ('-1'",
        to=[EVERYTHING],
    ),
    Broken(
        network.security_groups,
        (*GROUP, "SecurityGroupEgress"),
        "TaskSecurityGroup lets out (None",
    ),
    Broken(
        network.security_groups,
        (*GROUP, "SecurityGroupEgress", 0, "ToPort"),
        "TaskSecurityGroup lets out ('tcp', 443, 8443",
        to=8443,
    ),
    Broken(
        network.endpoint,
        ("S3Endpoint", "Properties", "RouteTableIds"),
        "${PrivateSubnetB} does not reach S3",
        to=[{"Ref": "PrivateRouteTableA"}],
    ),
)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("name", VARIANTS)
def test_the_network_keeps_to_the_rule(name: str, rule: Rule) -> None:
    """In every environment and with every option, the rule finds nothing."""
    assert rule(variant(NETWORK, name)) == []


@pytest.mark.parametrize("broken", BROKEN, ids=str)
def test_the_rule_notices_a_network_that_is_broken(broken: Broken) -> None:
    """What would leak or bypass the NAT gateways is found."""
    assert any(broken.found in finding for finding in broken.findings())


def test_every_rule_was_tried() -> None:
    """No rule is trusted that never found anything."""
    assert {broken.rule for broken in BROKEN} == set(RULES)
