"""A run on ECS: real Prefect, real worker, an AWS server on this machine; what RunTask asks for."""

import json
import uuid
from typing import Any

import pytest

from tests.prefect.blocks.declared import client
from tests.prefect.execution.way import SECRETS, Way, until
from utilities.errors import PrefectRefused
from utilities.tasks.checking import EVENT

PARAMETERS = "arn:aws:ssm:us-east-1:123456789012:parameter/PrefectFlows/production/"


def private_network(way: Way) -> dict[str, Any]:
    """Return the one network that runs may be in."""
    return {
        "awsvpcConfiguration": {
            "subnets": way.ground.outputs["PrivateSubnetIds"].split(","),
            "securityGroups": [way.ground.outputs["TaskSecurityGroupId"]],
            "assignPublicIp": "DISABLED",
        }
    }


def container(definition: dict[str, Any]) -> dict[str, Any]:
    """Return the one container of a task definition."""
    (found,) = definition["containerDefinitions"]
    return dict(found)


def message(way: Way, part: str) -> dict[str, Any]:
    """Wait for the message with a text in its subject and return it."""

    def found() -> dict[str, Any] | None:
        for seen in way.webhook.seen:
            content: dict[str, Any] = json.loads(seen.body)
            if part in content["subject"]:
                return content
        return None

    return until(found, f"a message about {part}")


@pytest.fixture(scope="module")
def plain_run(way: Way) -> str:
    """A run of a deployment that asks for nothing but a size."""
    return way.trigger("orders")


@pytest.fixture(scope="module")
def greedy_run(way: Way) -> str:
    """A run of a deployment that asks for all that it may not choose."""
    deployment = way.deployment("people-of-today")
    network = {"subnets": [way.ground.public_subnet], "assignPublicIp": "ENABLED"}
    wishes = {
        "vpc_id": "vpc-1",
        "network_configuration": network,
        "task_run_request": {"networkConfiguration": {"awsvpcConfiguration": network}},
        "cluster": way.ground.other_cluster,
        "task_role_arn": way.ground.other_role,
        "execution_role_arn": way.ground.other_role,
        "task_definition_arn": "arn:aws:ecs:us-east-1:123456789012:task-definition/other:1",
        "capacity_provider_strategy": [{"capacityProvider": "EC2", "weight": 1, "base": 0}],
        "configure_cloudwatch_logs": False,
        "prefect_api_key_secret_arn": "arn:aws:ssm:us-east-1:123456789012:parameter/other",
        "family": "other",
        "env": {**deployment["job_variables"]["env"], "S3_TEMP_BUCKET": "mine"},
        "launch_type": "FARGATE_SPOT",
    }
    job_variables = {**deployment["job_variables"], **wishes}
    way.api.request("PATCH", f"/deployments/{deployment['id']}", {"job_variables": job_variables})
    return way.trigger("people-of-today", job_variables={"vpc_id": "vpc-2"})


def test_a_run_is_in_private_subnets_without_a_public_address(way: Way, plain_run: str) -> None:
    """The request names cluster, launch type and network, and all of them are the stacks'."""
    request = way.run_task(plain_run)
    assert request["cluster"] == way.ground.outputs["ClusterArn"]
    assert request["launchType"] == "FARGATE"
    assert request["networkConfiguration"] == private_network(way)
    tags = {tag["key"]: tag["value"] for tag in request["tags"]}
    assert (tags["Project"], tags["Environment"]) == (way.repository.project, "production")


def test_a_run_has_the_size_and_the_image_of_its_deployment(way: Way, plain_run: str) -> None:
    """prefect.yaml says 1024 and 2048; the image is the one that the deployment names."""
    definition = way.task_definition(way.run_task(plain_run))
    assert (definition["cpu"], definition["memory"]) == ("1024", "2048")
    assert container(definition)["memory"] == 2048
    assert container(definition)["image"] == way.deployment("orders")["job_variables"]["image"]
    assert definition["networkMode"] == "awsvpc"
    assert definition["requiresCompatibilities"] == ["FARGATE"]


def test_a_run_has_the_roles_and_the_log_group_of_the_stacks(way: Way, plain_run: str) -> None:
    """The definition names both roles, and a group that is there before the run."""
    request = way.run_task(plain_run)
    definition = way.task_definition(request)
    assert definition["taskRoleArn"] == way.ground.outputs["FlowTaskRoleArn"]
    assert definition["executionRoleArn"] == way.ground.outputs["ExecutionRoleArn"]
    assert set(request["overrides"]) == {"containerOverrides"}
    logs = container(definition)["logConfiguration"]
    assert logs["logDriver"] == "awslogs"
    assert logs["options"]["awslogs-group"] == way.ground.outputs["FlowLogGroupName"]
    assert logs["options"]["awslogs-create-group"] == "false"


def test_a_run_finds_its_surroundings_in_its_environment(way: Way, plain_run: str) -> None:
    """What the stacks gave is in the definition; what the deployment says goes before it."""
    request = way.run_task(plain_run)
    fixed = _pairs(container(way.task_definition(request))["environment"])
    outputs = way.ground.outputs
    assert fixed["S3_TEMP_BUCKET"] == outputs["StagingBucketName"]
    assert fixed["REDSHIFT_IAM_ROLE"] == outputs["RedshiftRoleArn"]
    assert fixed["EGRESS_ADDRESSES"] == outputs["EgressAddresses"]
    (override,) = request["overrides"]["containerOverrides"]
    given = _pairs(override["environment"])
    assert given["SHOP"] == "production"
    assert given["DEPLOYMENT_NAME"] == way.deployment("orders")["name"]
    assert given["PREFECT__FLOW_RUN_ID"] == plain_run
    assert given["PREFECT_API_URL"] == way.variables["PREFECT_API_URL"]


def test_secrets_travel_by_reference_alone(way: Way, plain_run: str, greedy_run: str) -> None:
    """The definition names the parameters; no request of the worker holds a value, not the key."""
    definition = way.task_definition(way.run_task(plain_run))
    assert {each["name"]: each["valueFrom"] for each in container(definition)["secrets"]} == {
        name: PARAMETERS + name for name in SECRETS
    }
    way.run_task(greedy_run)
    assert len(way.aws.of("RunTask")) >= 2
    for request in way.aws.seen:
        for value in SECRETS.values():
            assert value.encode() not in request.body


def test_a_deployment_cannot_leave_the_private_subnets(way: Way, greedy_run: str) -> None:
    """Its wishes for a network, a cluster, a role and a definition are not heard; Spot is."""
    request = way.run_task(greedy_run)
    definition = way.task_definition(request)
    assert request["networkConfiguration"] == private_network(way)
    assert request["cluster"] == way.ground.outputs["ClusterArn"]
    assert request["capacityProviderStrategy"] == [
        {"capacityProvider": "FARGATE_SPOT", "weight": 1}
    ]
    assert set(request["overrides"]) == {"containerOverrides"}
    assert definition["taskRoleArn"] == way.ground.outputs["FlowTaskRoleArn"]
    assert definition["executionRoleArn"] == way.ground.outputs["ExecutionRoleArn"]
    assert definition["family"] != "other"
    assert {each["valueFrom"] for each in container(definition)["secrets"]} == {
        PARAMETERS + name for name in SECRETS
    }
    assert "logConfiguration" in container(definition)
    # One name of the environment may be another for one deployment.
    (override,) = request["overrides"]["containerOverrides"]
    assert _pairs(override["environment"])["S3_TEMP_BUCKET"] == "mine"


def test_what_runs_is_where_the_request_says(way: Way, plain_run: str, greedy_run: str) -> None:
    """The AWS server keeps the same network for every task that it was asked for."""
    containers = client("ecs", way.variables)
    cluster = way.ground.outputs["ClusterArn"]
    for run in (plain_run, greedy_run):
        way.run_task(run)
    tasks = until(lambda: _two(containers.list_tasks(cluster=cluster)["taskArns"]), "two tasks")
    for task in containers.describe_tasks(cluster=cluster, tasks=tasks)["tasks"]:
        details = {
            each["name"]: each["value"]
            for attachment in task["attachments"]
            for each in attachment["details"]
        }
        assert details["subnetId"] in way.ground.outputs["PrivateSubnetIds"].split(",")
    assert containers.list_tasks(cluster=way.ground.other_cluster)["taskArns"] == []


@pytest.mark.parametrize(
    "wish",
    [
        {"image": "docker.io/somebody/else:latest"},
        {"image": "123456789012.dkr.ecr.us-east-1.amazonaws.com/shop-of-others:1"},
        {"launch_type": "EC2"},
        {"cpu": 3000},
    ],
)
def test_prefect_refuses_what_the_pool_does_not_offer(way: Way, wish: dict[str, Any]) -> None:
    """An image of another repository, a machine of our own, a size that Fargate has not."""
    with pytest.raises(PrefectRefused) as refused:
        way.trigger("orders", job_variables=wish)
    assert refused.value.status == 422


def test_a_run_without_memory_crashes_and_somebody_is_told(way: Way, plain_run: str) -> None:
    """ECS tells of the task that it has killed; the run is Crashed and the webhook hears of it."""
    way.run_task(plain_run)
    cluster = way.ground.outputs["ClusterArn"]
    containers = client("ecs", way.variables)
    arns = until(lambda: containers.list_tasks(cluster=cluster)["taskArns"] or None, "the task")
    found = containers.describe_tasks(cluster=cluster, tasks=arns, include=["TAGS"])["tasks"]
    tag = {"key": "prefect.io/flow-run-id", "value": plain_run}
    (task,) = [each for each in found if tag in each["tags"]]
    client("sqs", way.variables).send_message(
        QueueUrl=way.ground.queue_url, MessageBody=json.dumps(_stopped(task))
    )

    def state() -> str | None:
        name = way.api.request("GET", f"/flow_runs/{plain_run}")["state_name"]
        return str(name) if name == "Crashed" else None

    until(state, "the run is Crashed")
    told = message(way, "crashed")
    assert told["subject"] == "orders crashed (production)"
    assert way.deployment("orders")["name"] in told["body"]
    assert "non-zero exit code" in told["body"]


def test_a_table_that_breaks_its_rules_is_told(way: Way, plain_run: str) -> None:
    """The event of check_table, sent by a run of this environment, becomes a message."""
    deployment = way.deployment("orders")
    related = [
        ("deployment", deployment["id"], deployment["name"]),
        ("work-pool", str(uuid.uuid4()), way.pool),
        ("flow-run", plain_run, "a-run"),
    ]
    event = {
        "id": str(uuid.uuid4()),
        "occurred": way.api.request("GET", f"/flow_runs/{plain_run}")["updated"],
        "event": EVENT,
        "resource": {
            "prefect.resource.id": "prefect_flows.table.shop.orders",
            "prefect.resource.name": "shop.orders",
            "prefect_flows.outcome": "warned",
        },
        "related": [
            {
                "prefect.resource.id": f"prefect.{role}.{number}",
                "prefect.resource.role": role,
                "prefect.resource.name": name,
            }
            for role, number, name in related
        ],
        "payload": {"rows": 1200, "rules": 3, "failed": 0, "warned": 1},
    }
    way.api.request("POST", "/events", [event])
    told = message(way, "shop.orders")
    assert told["subject"] == "shop.orders breaks its rules (production)"
    assert "0 failed, 1 warned, of 3 rules; 1200 rows" in told["body"]
    assert deployment["name"] in told["body"]


def _stopped(task: dict[str, Any]) -> dict[str, Any]:
    """Return the event of a task that was killed for its memory.

    Source: "Amazon ECS task state change events",
    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_task_events.html
    """
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "ECS Task State Change",
        "source": "aws.ecs",
        "time": "2026-11-21T12:00:00Z",
        "region": "us-east-1",
        "resources": [task["taskArn"]],
        "detail": {
            "clusterArn": task["clusterArn"],
            "taskArn": task["taskArn"],
            "taskDefinitionArn": task["taskDefinitionArn"],
            "lastStatus": "STOPPED",
            "desiredStatus": "STOPPED",
            "stopCode": "EssentialContainerExited",
            "stoppedReason": "Essential container in task exited",
            "containers": [
                {
                    "name": "prefect",
                    "lastStatus": "STOPPED",
                    "exitCode": 137,
                    "reason": "OutOfMemoryError: Container killed due to memory usage",
                }
            ],
        },
    }


def _pairs(environment: list[dict[str, str]]) -> dict[str, str]:
    return {each["name"]: each["value"] for each in environment}


def _two(arns: list[str]) -> list[str] | None:
    return arns if len(arns) >= 2 else None
