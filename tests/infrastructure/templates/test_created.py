"""The stacks of all four environments, made in one account of a local AWS server and asked."""

import ast
import json
import re
from typing import Any

import pytest

from tests.infrastructure.templates.declared import ENVIRONMENTS, resolved, stack_name
from tests.infrastructure.templates.made_stacks import Account, Made, outputs_of, request
from tests.infrastructure.templates.proofs import NETWORK
from tests.infrastructure.templates.reader import NAMES
from tests.infrastructure.templates.resolver import ACCOUNT, REGION

Environments = dict[str, Made]


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_private_routes_lead_to_nat_gateways_with_the_addresses_of_the_outputs(
    account: Account, made: Environments, environment: str
) -> None:
    """As many gateways as declared, and no other default route but that of the public table."""
    ec2 = account.client("ec2")
    outputs = made[environment].outputs
    of_vpc = [{"Name": "vpc-id", "Values": [outputs["VpcId"]]}]
    gateways = {
        gateway["NatGatewayId"]: gateway["NatGatewayAddresses"][0]["PublicIp"]
        for gateway in ec2.describe_nat_gateways(Filters=of_vpc)["NatGateways"]
    }
    assert sorted(gateways.values()) == sorted(outputs["EgressAddresses"].split(","))
    routes = [
        route
        for table in ec2.describe_route_tables(Filters=of_vpc)["RouteTables"]
        for route in table["Routes"]
        if route.get("DestinationCidrBlock") == "0.0.0.0/0"
    ]
    by_nat = [route["NatGatewayId"] for route in routes if "NatGatewayId" in route]
    assert (len(by_nat), set(by_nat)) == (2, set(gateways))
    assert len([route for route in routes if "GatewayId" in route]) == 1


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_roles_are_as_the_template_resolved_has_them(
    account: Account, made: Environments, environment: str
) -> None:
    """What is asserted of the resolved template is what AWS is told."""
    iam = account.client("iam")
    for template in NAMES:
        stack = resolved(template, environment, **made[environment].given[template])
        for name, role in stack.of_type("AWS::IAM::Role").items():
            for policy in role["Policies"]:
                names = {"RoleName": role["RoleName"], "PolicyName": policy["PolicyName"]}
                told = iam.get_role_policy(**names)["PolicyDocument"]
                # The local server answers with Python's way to write a document.
                assert _agrees(ast.literal_eval(told), policy["PolicyDocument"]), name


def _agrees(told: Any, expected: Any) -> bool:
    """Whether two documents are equal but for what only AWS knows."""
    if isinstance(expected, dict):
        return told.keys() == expected.keys() and all(
            _agrees(told[key], value) for key, value in expected.items()
        )
    if isinstance(expected, list):
        # The local server leaves an empty place for AWS::NoValue.
        there = [item for item in told if item is not None]
        return len(there) == len(expected) and all(map(_agrees, there, expected))
    known = re.split(r"\$\{[A-Za-z0-9.]+\}", str(expected))
    return re.fullmatch("[^$]+".join(map(re.escape, known)), str(told)) is not None


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_task_events_reach_the_queue_of_their_environment(
    account: Account, made: Environments, environment: str
) -> None:
    """The rule listens to the cluster and tells the queue that the worker reads."""
    events, sqs = account.client("events"), account.client("sqs")
    outputs = made[environment].outputs
    name = f"prefect-flows-task-events-{environment}"
    pattern = json.loads(events.describe_rule(Name=name)["EventPattern"])
    assert pattern["detail"]["clusterArn"] == [outputs["ClusterArn"]]
    (target,) = events.list_targets_by_rule(Rule=name)["Targets"]
    queue = sqs.get_queue_url(QueueName=outputs["TaskEventsQueueName"])["QueueUrl"]
    told = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["All"])["Attributes"]
    assert told["QueueArn"] == target["Arn"]
    assert told["SqsManagedSseEnabled"] == "true"
    assert json.loads(told["RedrivePolicy"])["deadLetterTargetArn"].endswith(
        f":prefect-flows-task-events-failed-{environment}"
    )


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_the_worker_starts_from_the_image_with_its_key_by_reference(
    account: Account, made: Environments, environment: str
) -> None:
    """No value of a secret is in the task definition, and nothing of the container can be changed."""
    ecs = account.client("ecs")
    outputs = made[environment].outputs
    service = outputs["WorkerServiceName"]
    (found,) = ecs.describe_services(cluster=outputs["ClusterName"], services=[service])["services"]
    assert found["desiredCount"] == 1
    task = ecs.describe_task_definition(taskDefinition=found["taskDefinition"])["taskDefinition"]
    (container,) = task["containerDefinitions"]
    assert container["image"] == made[environment].given[NETWORK]["WorkerImage"]
    assert (container["readonlyRootFilesystem"], container["user"]) == (True, "10001")
    key = f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/PrefectFlows/{environment}/PREFECT_API_KEY"
    assert container["secrets"] == [{"name": "PREFECT_API_KEY", "valueFrom": key}]
    group = container["logConfiguration"]["options"]["awslogs-group"]
    assert group == outputs["WorkerLogGroupName"]


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_logs_are_kept_for_the_declared_days(
    account: Account, made: Environments, environment: str
) -> None:
    """Of runs and of the worker."""
    logs = account.client("logs")
    prefix = f"/prefect-flows/{environment}/"
    groups = logs.describe_log_groups(logGroupNamePrefix=prefix)["logGroups"]
    kept = {group["logGroupName"]: group["retentionInDays"] for group in groups}
    outputs = made[environment].outputs
    assert kept == {outputs["FlowLogGroupName"]: 30, outputs["WorkerLogGroupName"]: 30}


def test_images_are_shared_and_immutable(account: Account, made: Environments) -> None:
    """One repository for all environments."""
    (repository,) = account.client("ecr").describe_repositories()["repositories"]
    assert repository["imageTagMutability"] == "IMMUTABLE"
    assert {each.outputs["RepositoryArn"] for each in made.values()} == {
        repository["repositoryArn"]
    }


def test_no_two_environments_share_anything_but_the_repository(made: Environments) -> None:
    """Each output is another one in each environment."""
    shared = {
        name
        for name in made["production"].outputs
        if len({each.outputs[name] for each in made.values()}) < len(ENVIRONMENTS)
    }
    assert shared == {"RepositoryArn", "RepositoryName", "RepositoryUri"}


@pytest.mark.parametrize("template", NAMES)
def test_a_second_time_nothing_is_changed(
    account: Account, made: Environments, template: str
) -> None:
    """A change set is empty, and an update leaves everything as it was."""
    cloudformation = account.client("cloudformation")
    name = stack_name(template, "production")
    again = request(template, made["production"].given[template])
    before = _seen(account, name)
    cloudformation.create_change_set(
        StackName=name, ChangeSetName="again", ChangeSetType="UPDATE", **again
    )
    found = cloudformation.describe_change_set(StackName=name, ChangeSetName="again")
    assert (found["Status"], found["Changes"]) == ("FAILED", [])
    assert "didn't contain changes" in found["StatusReason"]
    cloudformation.update_stack(StackName=name, **again)
    assert _seen(account, name) == before


def test_another_time_with_another_value_there_is_a_change(
    account: Account, made: Environments
) -> None:
    """The change set that is empty above is not always empty."""
    cloudformation = account.client("cloudformation")
    name = stack_name(NETWORK, "staging")
    given = {**made["staging"].given[NETWORK], "LogRetentionDays": "7"}
    cloudformation.create_change_set(
        StackName=name, ChangeSetName="shorter", ChangeSetType="UPDATE", **request(NETWORK, given)
    )
    found = cloudformation.describe_change_set(StackName=name, ChangeSetName="shorter")
    assert found["Status"] == "CREATE_COMPLETE"


def _seen(account: Account, stack: str) -> Any:
    """Ids of a stack's resources, its outputs, and the account's addresses and roles."""
    cloudformation, ec2 = account.client("cloudformation"), account.client("ec2")
    parts = cloudformation.list_stack_resources(StackName=stack)["StackResourceSummaries"]
    return (
        {part["LogicalResourceId"]: part.get("PhysicalResourceId") for part in parts},
        outputs_of(cloudformation, stack),
        ec2.describe_addresses()["Addresses"],
        ec2.describe_nat_gateways()["NatGateways"],
        sorted(role["Arn"] for role in account.client("iam").list_roles()["Roles"]),
    )
