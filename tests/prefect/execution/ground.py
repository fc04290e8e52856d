"""What runs on ECS stand on, built by calls of AWS's API: a network, a cluster, a queue, roles."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.prefect.blocks.declared import ACCOUNT, IMAGES, client

TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "ecs-tasks.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
)


@dataclass(frozen=True)
class Ground:
    """What was built.

    Attributes:
        outputs: as the stacks give them.
        public_subnet: one that hands out public addresses, and that no run may be in.
        queue: name of the queue of events about tasks.
        queue_url: its address.
        other_role, other_cluster: that exist, and that no run may get.
    """

    outputs: Mapping[str, str]
    public_subnet: str
    queue: str
    queue_url: str
    other_role: str
    other_cluster: str


def build(project: str, variables: Mapping[str, str]) -> Ground:
    """Build it at the local AWS server."""
    network = client("ec2", variables)
    vpc = network.create_vpc(CidrBlock="10.20.0.0/16")["Vpc"]["VpcId"]
    network.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
    private = [_subnet(network, vpc, f"10.20.{number}.0/24") for number in (1, 2)]
    public = _subnet(network, vpc, "10.20.101.0/24")
    network.modify_subnet_attribute(SubnetId=public, MapPublicIpOnLaunch={"Value": True})
    group = network.create_security_group(
        GroupName=f"{project}-tasks", Description="tasks", VpcId=vpc
    )["GroupId"]
    containers = client("ecs", variables)
    cluster, other_cluster = (
        containers.create_cluster(clusterName=f"{project}-{name}")["cluster"]["clusterArn"]
        for name in ("runs", "others")
    )
    client("logs", variables).create_log_group(logGroupName=f"/{project}/flows")
    queue = f"{project}-task-events"
    address = client("sqs", variables).create_queue(QueueName=queue)["QueueUrl"]
    roles = {name: _role(variables, f"{project}-{name}") for name in ("flow", "execution", "other")}
    return Ground(
        outputs={
            "RepositoryUri": IMAGES,
            "StagingBucketName": f"{project}-staging",
            "ResultsBucketName": f"{project}-results",
            "RedshiftRoleArn": f"arn:aws:iam::{ACCOUNT}:role/{project}-redshift",
            "EgressAddresses": "192.0.2.1,192.0.2.2",
            "PrivateSubnetIds": ",".join(private),
            "TaskSecurityGroupId": group,
            "ClusterArn": cluster,
            "FlowTaskRoleArn": roles["flow"],
            "ExecutionRoleArn": roles["execution"],
            "FlowLogGroupName": f"/{project}/flows",
        },
        public_subnet=public,
        queue=queue,
        queue_url=address,
        other_role=roles["other"],
        other_cluster=other_cluster,
    )


def _subnet(network: Any, vpc: str, cidr: str) -> str:
    found: str = network.create_subnet(VpcId=vpc, CidrBlock=cidr)["Subnet"]["SubnetId"]
    return found


def _role(variables: Mapping[str, str], name: str) -> str:
    answer = client("iam", variables).create_role(RoleName=name, AssumeRolePolicyDocument=TRUST)
    arn: str = answer["Role"]["Arn"]
    return arn
