"""The worker runs once, is looked after, and hears how its runs end."""

import pytest

from tests.infrastructure.templates.declared import VARIANTS, resolved, variant
from tests.infrastructure.templates.proofs import NETWORK, Broken, Rule
from tests.infrastructure.templates.rules import worker

RULES = (worker.single, worker.containers, worker.logs, worker.events)
SERVICE = ("WorkerService", "Properties")
DEPLOYMENT = (*SERVICE, "DeploymentConfiguration")
TASK = ("WorkerTaskDefinition", "Properties")
CONTAINER = (*TASK, "ContainerDefinitions", 0)
PATTERN = ("TaskEventsRule", "Properties", "EventPattern")

BROKEN = (
    Broken(worker.single, (*SERVICE, "DesiredCount"), "2 workers", to=2),
    Broken(worker.single, (*DEPLOYMENT, "MaximumPercent"), "may run two workers", to=200),
    Broken(worker.single, (*DEPLOYMENT, "MinimumHealthyPercent"), "may run two workers", to=100),
    Broken(worker.single, (*SERVICE, "AvailabilityZoneRebalancing"), "spreading over zones"),
    Broken(worker.single, (*DEPLOYMENT, "DeploymentCircuitBreaker", "Rollback"), "not rolled back"),
    Broken(worker.single, (*DEPLOYMENT, "DeploymentCircuitBreaker"), "not rolled back"),
    Broken(worker.single, (*SERVICE, "LaunchType"), "starts on EC2", to="EC2"),
    Broken(worker.containers, (*CONTAINER, "User"), "runs as root"),
    Broken(worker.containers, (*CONTAINER, "User"), "runs as root", to="0:10001"),
    Broken(worker.containers, (*CONTAINER, "ReadonlyRootFilesystem"), "may change its own files"),
    Broken(worker.containers, (*TASK, "Volumes"), "has no /tmp"),
    Broken(worker.containers, (*CONTAINER, "MountPoints", 0, "ReadOnly"), "has no /tmp", to=True),
    Broken(worker.containers, (*CONTAINER, "HealthCheck"), "is not asked how it is"),
    Broken(worker.containers, (*CONTAINER, "LogConfiguration"), "logs to a group that is not"),
    Broken(
        worker.containers,
        (*CONTAINER, "PortMappings"),
        "listens",
        to=[{"ContainerPort": 8080}],
    ),
    Broken(
        worker.containers,
        (*CONTAINER, "Environment", 0),
        "PREFECT_API_KEY is written into its definition",
        to={"Name": "PREFECT_API_KEY", "Value": "pnu_1"},
    ),
    Broken(
        worker.containers,
        (*CONTAINER, "Secrets", 0),
        "PREFECT_API_KEY comes from /PREFECT_API_KEY",
        to={"Name": "PREFECT_API_KEY", "ValueFrom": "/PREFECT_API_KEY"},
    ),
    Broken(worker.logs, ("FlowLogGroup", "Properties", "RetentionInDays"), "is kept for ever"),
    Broken(worker.events, (*PATTERN, "detail"), "tells of other clusters"),
    Broken(worker.events, (*PATTERN, "detail-type"), "tells of None"),
    Broken(
        worker.events,
        ("TaskEventsRule", "Properties", "Targets", 0, "Arn"),
        "does not tell the worker's queue",
        to={"Fn::GetAtt": ["TaskEventsFailed", "Arn"]},
    ),
    Broken(
        worker.events,
        ("TaskEventsPolicy", "Properties", "PolicyDocument", "Statement", 0, "Condition"),
        "lets others write",
    ),
    Broken(worker.events, ("TaskEventsPolicy",), "the worker hears of nothing"),
    Broken(
        worker.events,
        ("TaskEvents", "Properties", "SqsManagedSseEnabled"),
        "TaskEvents is not encrypted",
    ),
)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("name", VARIANTS)
def test_the_worker_keeps_to_the_rule(name: str, rule: Rule) -> None:
    """In every environment and with every option, the rule finds nothing."""
    assert rule(variant(NETWORK, name)) == []


@pytest.mark.parametrize("broken", BROKEN, ids=str)
def test_the_rule_notices_a_worker_that_is_broken(broken: Broken) -> None:
    """What would run twice, unwatched or with too much in its hands is found."""
    assert any(broken.found in finding for finding in broken.findings())


def test_every_rule_was_tried() -> None:
    """No rule is trusted that never found anything."""
    assert {broken.rule for broken in BROKEN} == set(RULES)


@pytest.mark.parametrize("option", ["no image yet", "push pool"])
def test_there_can_be_no_worker(option: str) -> None:
    """Without an image, or for a push pool, there is neither service nor task definition."""
    stack = variant(NETWORK, option)
    kinds = {resource["Type"] for resource in stack.resources.values()}
    assert not kinds & {"AWS::ECS::Service", "AWS::ECS::TaskDefinition"}
    assert "WorkerServiceName" not in stack.outputs


def test_the_worker_serves_its_pool_and_hears_from_its_queue() -> None:
    """Command and variables are those of the environment."""
    (task,) = variant(NETWORK, "production").of_type("AWS::ECS::TaskDefinition").values()
    (container,) = task["ContainerDefinitions"]
    command = "prefect worker start --pool ecs-production --type ecs --install-policy never"
    assert " ".join(container["Command"]) == f"{command} --with-healthcheck"
    variables = {each["Name"]: each["Value"] for each in container["Environment"]}
    queue = variables["PREFECT_INTEGRATIONS_AWS_ECS_OBSERVER_SQS_QUEUE_NAME"]
    assert queue == "${TaskEvents.QueueName}"
    # The observer's clients are made without a region, and botocore reads no other variable.
    assert variables["AWS_DEFAULT_REGION"] == "us-east-1"


@pytest.mark.parametrize("secret", ["PREFECT_API_KEY", "PREFECT_API_AUTH_STRING", ""])
def test_the_worker_signs_in_as_its_server_asks(secret: str) -> None:
    """With the key of Prefect Cloud, what a server of one's own asks for, or nothing."""
    stack = resolved(NETWORK, PrefectSecretName=secret)
    (task,) = stack.of_type("AWS::ECS::TaskDefinition").values()
    secrets = {
        each["Name"]: each["ValueFrom"] for each in task["ContainerDefinitions"][0]["Secrets"]
    }
    place = "arn:aws:ssm:us-east-1:111122223333:parameter/PrefectFlows/production/"
    assert secrets == ({secret: place + secret} if secret else {})
