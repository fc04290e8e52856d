"""Nothing but the NAT gateways has a public address, and everything goes out through them."""

from collections.abc import Iterator
from typing import Any

from tests.infrastructure.templates.resolver import Resolved

EVERYWHERE = "0.0.0.0/0"


def public_addresses(stack: Resolved) -> list[str]:
    """No subnet gives public addresses, no service asks for one, no address is anybody else's."""
    private = set(private_subnets(stack))
    found = []
    for name, subnet in stack.of_type("AWS::EC2::Subnet").items():
        if subnet.get("MapPublicIpOnLaunch") is not False:
            found.append(f"{name} gives public addresses to what is launched in it")
    for kind in ("AWS::ECS::Service", "AWS::ECS::TaskSet"):
        for name, service in stack.of_type(kind).items():
            found += [f"{name} {fault}" for fault in _faults_of_service(service, private)]
    for name, task in stack.of_type("AWS::ECS::TaskDefinition").items():
        if task.get("NetworkMode") != "awsvpc":
            found.append(f"{name} uses the network of its host")
    for name, address in stack.of_type("AWS::EC2::EIP").items():
        if "InstanceId" in address:
            found.append(f"{name} belongs to an instance")
    found += [f"{name} gives an address away" for name in stack.of_type("AWS::EC2::EIPAssociation")]
    return found


def _faults_of_service(service: dict[str, Any], private: set[str]) -> Iterator[str]:
    network = service.get("NetworkConfiguration", {}).get("AwsvpcConfiguration", {})
    if network.get("AssignPublicIp") != "DISABLED":
        yield "asks for a public address"
    subnets = set(network.get("Subnets", []))
    if not subnets or subnets - private:
        yield f"runs in {sorted(subnets) or 'no subnet'}, which is not private"


def private_routes(stack: Resolved) -> list[str]:
    """Each private subnet leaves by a NAT gateway whose address is one of the outputs."""
    addresses = stack.outputs["EgressAddresses"].split(",")
    if not private_subnets(stack):
        return ["there is no private subnet"]
    found = []
    for subnet in private_subnets(stack):
        default = default_route(stack, subnet)
        gateway = _symbol(default.get("NatGatewayId", "")) if default else ""
        if default is None or gateway not in stack.of_type("AWS::EC2::NatGateway"):
            found.append(f"{subnet} leaves by {default}, not by a NAT gateway")
        elif address_of(stack, gateway) not in addresses:
            found.append(f"{subnet} leaves by {gateway}, whose address is no output")
        elif not _is_public(stack, gateway):
            found.append(f"{subnet} leaves by {gateway}, which is not in a public subnet")
    return found


def zones(stack: Resolved) -> list[str]:
    """The private subnets are in two zones; with a NAT gateway each, in their own one."""
    subnets = stack.of_type("AWS::EC2::Subnet")
    gateways = stack.of_type("AWS::EC2::NatGateway")
    zone = {f"${{{name}}}": subnet["AvailabilityZone"] for name, subnet in subnets.items()}
    private = private_subnets(stack)
    found = []
    if len({zone[name] for name in private}) < 2:
        found.append("the private subnets are in one zone")
    if stack.values["NatGateways"] == "one":
        return found
    for subnet in private:
        default = default_route(stack, subnet) or {}
        gateway = gateways[_symbol(default["NatGatewayId"])]
        if zone[gateway["SubnetId"]] != zone[subnet]:
            found.append(f"{subnet} leaves through another zone")
    return found


def security_groups(stack: Resolved) -> list[str]:
    """Nothing comes in; HTTPS and the declared ports go out, and nothing else."""
    found = [f"{name} lets in" for name in stack.of_type("AWS::EC2::SecurityGroupIngress")]
    values = stack.values
    allowed = {
        ("tcp", 443, 443, EVERYWHERE),
        ("tcp", values["RedshiftPort"], values["RedshiftPort"], values["RedshiftCidr"]),
    }
    if values["OtherPort"]:
        allowed.add(("tcp", values["OtherPort"], values["OtherPort"], values["OtherCidr"]))
    for name, group in stack.of_type("AWS::EC2::SecurityGroup").items():
        if group.get("SecurityGroupIngress"):
            found.append(f"{name} lets in {group['SecurityGroupIngress']}")
        # A group without egress rules lets everything out.
        outbound = group.get("SecurityGroupEgress") or [{}]
        more = stack.of_type("AWS::EC2::SecurityGroupEgress").values()
        goes = {_opening(rule) for rule in [*outbound, *more]}
        found += [f"{name} lets out {opening}" for opening in sorted(goes - allowed, key=str)]
    return found


def endpoint(stack: Resolved) -> list[str]:
    """Staged rows do not pay for NAT: S3 is reached from every private subnet by its endpoint."""
    gateways = [
        endpoint
        for endpoint in stack.of_type("AWS::EC2::VPCEndpoint").values()
        if endpoint["VpcEndpointType"] == "Gateway" and endpoint["ServiceName"].endswith(".s3")
    ]
    tables = {table for gateway in gateways for table in gateway.get("RouteTableIds", [])}
    return [
        f"{subnet} does not reach S3 by an endpoint"
        for subnet in private_subnets(stack)
        if route_table(stack, subnet) not in tables
    ]


def private_subnets(stack: Resolved) -> list[str]:
    """The subnets that work pools are told of."""
    return [name for name in stack.outputs["PrivateSubnetIds"].split(",") if name]


def route_table(stack: Resolved, subnet: str) -> str | None:
    """The route table of a subnet; None: the VPC's own one, which has no route out."""
    for pair in stack.of_type("AWS::EC2::SubnetRouteTableAssociation").values():
        if pair["SubnetId"] == subnet:
            return str(pair["RouteTableId"])
    return None


def default_route(stack: Resolved, subnet: str) -> dict[str, Any] | None:
    """Where a subnet sends what is for the internet."""
    table = route_table(stack, subnet)
    for route in stack.of_type("AWS::EC2::Route").values():
        if route["RouteTableId"] == table and route.get("DestinationCidrBlock") == EVERYWHERE:
            return dict(route)
    return None


def address_of(stack: Resolved, gateway: str) -> str:
    """Address of a NAT gateway: the symbol of one that is made, or one that was brought."""
    allocation = str(stack.of_type("AWS::EC2::NatGateway")[gateway]["AllocationId"])
    if allocation.endswith(".AllocationId}"):
        return allocation.replace(".AllocationId", "")
    for letter in "AB":
        if stack.values[f"EgressAllocationId{letter}"] == allocation:
            return str(stack.values[f"EgressAddress{letter}"])
    return ""


def _is_public(stack: Resolved, gateway: str) -> bool:
    subnet = stack.of_type("AWS::EC2::NatGateway")[gateway]["SubnetId"]
    default = default_route(stack, subnet) or {}
    return _symbol(default.get("GatewayId", "")) in stack.of_type("AWS::EC2::InternetGateway")


def _opening(rule: dict[str, Any]) -> tuple[Any, ...]:
    return (
        rule.get("IpProtocol"),
        rule.get("FromPort"),
        rule.get("ToPort"),
        rule.get("CidrIp", rule.get("CidrIpv6")),
    )


def _symbol(text: str) -> str:
    return text.removeprefix("${").removesuffix("}")
