"""A stack that AWS has, and one change after the other of it, as AWS tells them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from infrastructure.cloud.aws import Aws
from infrastructure.cloud.declared import Declared
from infrastructure.cloud.planning import Planner
from infrastructure.cloud.stacks import Stack
from infrastructure.cloud.templates import Template, parse
from tests.infrastructure.cloud.made_platform import REGION, made_platform
from tests.infrastructure.cloud.scripted_aws import ACCOUNT, ScriptedAws, scripted_aws
from tests.manual_time import ManualTime

STACK = Stack("fixed_egress_ecs", "p-fixed-egress-staging")
ID = f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/{STACK.name}/1"
CHANGE_SET = f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:changeSet/plan/2"
BEGIN = datetime(2026, 11, 21, tzinfo=UTC)

BODY = """
Parameters:
  NatGateways: {Type: String, Default: one}
Resources:
  EgressIpA: {Type: AWS::EC2::EIP, DeletionPolicy: Retain}
  NatGatewayA: {Type: AWS::EC2::NatGateway, Properties: {Kind: !Ref NatGateways}}
"""
OLD_BODY = BODY.replace("Default: one", "Default: one, Description: Old")
RENAMED_BODY = BODY.replace("NatGatewayA: {Type", "NatGatewayOld: {Type")


def declared() -> Declared:
    """Return an environment with this stack alone."""
    template = Template("infrastructure/fixed_egress_ecs.yaml", BODY, parse("made", BODY))
    return Declared(
        platform=made_platform(project="p"),
        account=ACCOUNT,
        templates={STACK: template},
        fixed={"Project": "p", "Environment": "staging"},
    )


def stack(status: str = "CREATE_COMPLETE", **changed: Any) -> dict[str, Any]:
    """Return an answer of DescribeStacks."""
    return {
        "Stacks": [
            {
                "StackId": ID,
                "StackName": STACK.name,
                "CreationTime": BEGIN.isoformat(),
                "StackStatus": status,
                "Parameters": [{"ParameterKey": "NatGateways", "ParameterValue": "one"}],
                "EnableTerminationProtection": True,
                **changed,
            }
        ]
    }


def change_set(*changes: dict[str, Any], status: str = "CREATE_COMPLETE", **rest: Any) -> Any:
    """Return an answer of DescribeChangeSet."""
    listed = [{"Type": "Resource", "ResourceChange": each} for each in changes]
    return {"ChangeSetId": CHANGE_SET, "Status": status, "Changes": listed, **rest}


def change(name: str, type_name: str, action: str, **rest: Any) -> dict[str, Any]:
    """Return one change as a change set tells it."""
    return {"Action": action, "LogicalResourceId": name, "ResourceType": type_name, **rest}


def events(*told: tuple[str, str, str, str]) -> dict[str, Any]:
    """Return an answer of DescribeStackEvents: the newest first.

    Args:
        told: logical id, type, status and reason of each, the oldest first.
    """
    listed = []
    for number, (name, type_name, status, reason) in enumerate(told):
        is_stack = type_name == "AWS::CloudFormation::Stack"
        listed.append(
            {
                "StackId": ID,
                "EventId": f"event-{number}",
                "StackName": STACK.name,
                "LogicalResourceId": name,
                "PhysicalResourceId": ID if is_stack else f"physical-{name}",
                "ResourceType": type_name,
                "Timestamp": (BEGIN + timedelta(seconds=number)).isoformat(),
                "ResourceStatus": status,
                **({"ResourceStatusReason": reason} if reason else {}),
            }
        )
    return {"StackEvents": listed[::-1]}


class AwsWithStack(ScriptedAws):
    """A server that has this stack with an older template, and a client of it.

    Attributes:
        client: made once; that takes longer than all that it asks here.
    """

    client: Aws

    def reset(self) -> None:
        """Forget what was asked, and answer as in the beginning."""
        self.asked.clear()
        self.answers.clear()
        self.script(
            DescribeStacks=stack(),
            GetTemplate={"TemplateBody": OLD_BODY},
            CreateChangeSet={"Id": CHANGE_SET, "StackId": ID},
            DescribeChangeSet=change_set(),
            DescribeStackEvents=events(),
        )


@contextmanager
def aws_with_stack() -> Iterator[AwsWithStack]:
    """Run such a server until the block ends."""
    script = AwsWithStack()
    with scripted_aws(script):
        with pytest.MonkeyPatch.context() as variables:
            variables.setenv("AWS_ENDPOINT_URL", script.url)
            variables.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
            variables.setenv("AWS_SECRET_ACCESS_KEY", "example")
            variables.setenv("AWS_MAX_ATTEMPTS", "1")
            script.client = Aws(REGION)
            script.client.accepted("cloudformation", "DescribeStacks")
            script.client.accepted("ecs", "DescribeServices")
        yield script


def planner(aws: AwsWithStack, time: ManualTime, *, is_lenient: bool = False) -> Planner:
    """Return a planner whose clock never waits."""
    return Planner(aws.client, declared(), is_lenient=is_lenient, pause=time.sleep)
