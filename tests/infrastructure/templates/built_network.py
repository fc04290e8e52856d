"""The network of a template, built by calls to the API, which keeps what it is told.

The local AWS server's CloudFormation forgets associations of subnets and rules of groups; its API
does not.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from tests.infrastructure.templates.resolver import Resolved

_SYMBOL = re.compile(r"\$\{([A-Za-z0-9.]+)\}")


@dataclass
class Built:
    """What was built: ids in the place of symbols.

    Attributes:
        ids: by symbol, such as Vpc or EgressIpA.AllocationId.
    """

    ids: dict[str, str] = field(default_factory=dict)

    def text(self, value: Any) -> Any:
        """A value of the template with ids in the place of symbols."""
        if isinstance(value, dict):
            return {key: self.text(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.text(item) for item in value]
        if isinstance(value, str):
            return _SYMBOL.sub(lambda found: self.ids[found[1]], value)
        return value


def build(stack: Resolved, ec2: Any) -> Built:
    """Build the network of a template; resources of other types are left out."""
    built = Built()
    for kind, make in MAKERS.items():
        for name, properties in stack.of_type(kind).items():
            make(ec2, built, name, built.text(properties))
    return built


def _vpc(ec2: Any, built: Built, name: str, wanted: dict[str, Any]) -> None:
    made = ec2.create_vpc(CidrBlock=wanted["CidrBlock"])["Vpc"]
    built.ids[name] = made["VpcId"]


def _internet(ec2: Any, built: Built, name: str, wanted: dict[str, Any]) -> None:
    made = ec2.create_internet_gateway()["InternetGateway"]
    built.ids[name] = made["InternetGatewayId"]


def _attachment(ec2: Any, built: Built, name: str, wanted: dict[str, Any]) -> None:
    ec2.attach_internet_gateway(
        VpcId=wanted["VpcId"], InternetGatewayId=wanted["InternetGatewayId"]
    )


def _subnet(ec2: Any, built: Built, name: str, wanted: dict[str, Any]) -> None:
    made = ec2.create_subnet(
        VpcId=wanted["VpcId"],
        CidrBlock=wanted["CidrBlock"],
        AvailabilityZone=wanted["AvailabilityZone"],
    )
    built.ids[name] = made["Subnet"]["SubnetId"]
    gives = {"Value": wanted["MapPublicIpOnLaunch"]}
    ec2.modify_subnet_attribute(SubnetId=built.ids[name], MapPublicIpOnLaunch=gives)


def _address(ec2: Any, built: Built, name: str, wanted: dict[str, Any]) -> None:
    made = ec2.allocate_address(Domain=wanted["Domain"])
    built.ids[name] = made["PublicIp"]
    built.ids[f"{name}.AllocationId"] = made["AllocationId"]


def _nat(ec2: Any, built: Built, name: str, wanted: dict[str, Any]) -> None:
    made = ec2.create_nat_gateway(SubnetId=wanted["SubnetId"], AllocationId=wanted["AllocationId"])
    built.ids[name] = made["NatGateway"]["NatGatewayId"]


def _table(ec2: Any, built: Built, name: str, wanted: dict[str, Any]) -> None:
    made = ec2.create_route_table(VpcId=wanted["VpcId"])
    built.ids[name] = made["RouteTable"]["RouteTableId"]


def _route(ec2: Any, built: Built, name: str, wanted: dict[str, Any]) -> None:
    ec2.create_route(**wanted)


def _association(ec2: Any, built: Built, name: str, wanted: dict[str, Any]) -> None:
    ec2.associate_route_table(SubnetId=wanted["SubnetId"], RouteTableId=wanted["RouteTableId"])


def _endpoint(ec2: Any, built: Built, name: str, wanted: dict[str, Any]) -> None:
    made = ec2.create_vpc_endpoint(
        VpcId=wanted["VpcId"],
        VpcEndpointType=wanted["VpcEndpointType"],
        ServiceName=wanted["ServiceName"],
        RouteTableIds=wanted["RouteTableIds"],
        PolicyDocument=json.dumps(wanted["PolicyDocument"]),
    )
    built.ids[name] = made["VpcEndpoint"]["VpcEndpointId"]


def _group(ec2: Any, built: Built, name: str, wanted: dict[str, Any]) -> None:
    made = ec2.create_security_group(
        GroupName=name, Description=wanted["GroupDescription"], VpcId=wanted["VpcId"]
    )
    built.ids[name] = made["GroupId"]
    # As CloudFormation does where the template has rules of its own.
    everything = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    ec2.revoke_security_group_egress(GroupId=made["GroupId"], IpPermissions=[everything])
    for rule in wanted["SecurityGroupEgress"]:
        _egress(ec2, built, name, {**rule, "GroupId": made["GroupId"]})


def _egress(ec2: Any, built: Built, name: str, wanted: dict[str, Any]) -> None:
    opening = {
        "IpProtocol": wanted["IpProtocol"],
        "FromPort": int(wanted["FromPort"]),
        "ToPort": int(wanted["ToPort"]),
        "IpRanges": [{"CidrIp": wanted["CidrIp"]}],
    }
    ec2.authorize_security_group_egress(GroupId=wanted["GroupId"], IpPermissions=[opening])


MAKERS = {
    "AWS::EC2::VPC": _vpc,
    "AWS::EC2::InternetGateway": _internet,
    "AWS::EC2::VPCGatewayAttachment": _attachment,
    "AWS::EC2::Subnet": _subnet,
    "AWS::EC2::EIP": _address,
    "AWS::EC2::NatGateway": _nat,
    "AWS::EC2::RouteTable": _table,
    "AWS::EC2::Route": _route,
    "AWS::EC2::SubnetRouteTableAssociation": _association,
    "AWS::EC2::VPCEndpoint": _endpoint,
    "AWS::EC2::SecurityGroup": _group,
    "AWS::EC2::SecurityGroupEgress": _egress,
}
"""In the order in which one needs the other."""
